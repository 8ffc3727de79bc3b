"""What an uploaded file really is: inspection, verdicts, repairs and previews, each in a locked child.

No Django and no models inside; nothing here knows the rest of the studio.
"""

from studio.media.child import ChildLimits, run_child
from studio.media.errors import ChildCancelled, ChildFailed, UnreadableMedia

__all__ = ["ChildCancelled", "ChildFailed", "ChildLimits", "UnreadableMedia", "run_child"]
