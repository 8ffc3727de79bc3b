"""Have a draft made by a locked child. What draws it is loaded there only: a web process or a worker that has films
drawn now and then would hold some 20 MB for it all the time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from studio.drafts import system_fonts
from studio.drafts.request import FPS, DraftRequest
from studio.media.child import MB, ChildLimits, run_child

_EXPLAINED = {
    "memory": "The draft needed more memory than it may use. Try smaller pictures or 720P.",
    "timeout": "The draft took longer than it may. Try a shorter length or 720P.",
    "cpu": "The draft took longer than it may. Try a shorter length or 720P.",
    "file_size": "The draft became larger than it may. Try a shorter length or 720P.",
    "no_space": "The disk is full, so the draft could not be written.",
}


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A finished draft. `missing_letters` are those of its captions that no font on this computer has."""

    width: int
    height: int
    frames: int
    scenes: int
    missing_letters: str = ""

    @property
    def seconds(self) -> float:
        return self.frames / FPS


def make(
    request: DraftRequest,
    out: Path,
    *,
    on_progress: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
) -> Rendered:
    """Render in a child process that may read the request's files and write `out`, and nothing else.

    Raises UnreadableMedia, ChildFailed, and ChildCancelled once `cancel` is set.
    """
    fonts = system_fonts.find()
    out.touch()
    answer = run_child(
        "studio.drafts.render:render_in_child",
        {"request": request.to_dict(), "out": str(out), "fonts": [str(font) for font in fonts]},
        limits=ChildLimits(
            memory_bytes=1024 * MB,
            cpu_seconds=60 + 24 * request.seconds,
            wall_seconds=120 + 40 * request.seconds,
            file_bytes=512 * MB,
            niceness=5,
            read=(*request.files, *fonts),
            write=(out,),
        ),
        on_progress=on_progress,
        cancel=cancel,
    )
    return Rendered(**answer)


def explain(reason: str) -> str:
    """A sentence for people about a ChildFailed of this reason."""
    return _EXPLAINED.get(
        reason, "The draft could not be drawn. Try again, or leave out the reference added last."
    )
