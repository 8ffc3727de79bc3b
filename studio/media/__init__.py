"""What an uploaded file really is: inspection, verdicts, repairs and previews, each in a locked child.

No Django and no models inside; nothing here knows the rest of the studio. Everything others need is named here.
"""

from studio.media.child import ChildLimits, run_child
from studio.media.clips import check_clip
from studio.media.errors import ChildCancelled, ChildFailed, UnreadableMedia
from studio.media.facts import Facts
from studio.media.findings import Finding, FixKind, Outcome, Verdict
from studio.media.fixing import FixedCopy, fix
from studio.media.inspection import inspect
from studio.media.limits import MODEL_LIMITS, Limits, Use
from studio.media.plans import FixChoices, FixPlan, FixStep, plan_fix
from studio.media.portrait import make_portrait
from studio.media.previews import Previews, make_previews
from studio.media.rules import judge, refusal

__all__ = [
    "MODEL_LIMITS",
    "ChildCancelled",
    "ChildFailed",
    "ChildLimits",
    "Facts",
    "Finding",
    "FixChoices",
    "FixKind",
    "FixPlan",
    "FixStep",
    "FixedCopy",
    "Limits",
    "Outcome",
    "Previews",
    "UnreadableMedia",
    "Use",
    "Verdict",
    "check_clip",
    "fix",
    "inspect",
    "judge",
    "make_portrait",
    "make_previews",
    "plan_fix",
    "refusal",
    "run_child",
]
