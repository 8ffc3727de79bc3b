"""The two pictures of the sample draft, drawn by the product itself: a fox and a meadow at dawn."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass

from studio.media.child import MB, ChildLimits, run_child

PROMPT = "Image 1 wakes up, trots into the meadow of Image 2 and stretches in the first light."
DRAWING = ChildLimits(memory_bytes=1024 * MB, cpu_seconds=30, wall_seconds=60.0)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A sample picture: how people know it, its file name, and what is drawn."""

    name: str
    file_name: str
    picture: str

    def jpeg(self) -> bytes:
        """The picture as a JPEG file; the same bytes every time on one machine. Raises ChildFailed."""
        answer = run_child("studio.drafts.sample_pictures:run", {"picture": self.picture}, limits=DRAWING)
        return b64decode(answer["jpeg"])


SAMPLES = (
    Sample(name="Fox", file_name="fox.jpg", picture="fox"),
    Sample(name="Dawn meadow", file_name="dawn-meadow.jpg", picture="meadow"),
)
