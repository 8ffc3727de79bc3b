"""Looking at an uploaded file: the caller's side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from studio.media.child import MB, ChildLimits, run_child
from studio.media.errors import ChildFailed, UnreadableMedia
from studio.media.facts import Facts
from studio.media.sniff import sniff

LOOKING = ChildLimits(memory_bytes=1024 * MB, cpu_seconds=30, wall_seconds=45.0, file_bytes=0)

GAVE_UP = {
    "timeout": "It takes far too long to open, so it was put aside. Save it again, or choose another file.",
    "cpu": "It takes far too long to open, so it was put aside. Save it again, or choose another file.",
    "memory": "It needs far more memory than its size suggests, so it was put aside. Choose another file.",
    "file_size": "It unfolds to far more than its size, so it was put aside. Choose another file.",
}
BROKEN = "Its content can’t be read. Open it in another program and save it again, or choose another file."


def inspect(path: Path) -> Facts:
    """The facts of a file, read by a child. Whatever its bytes do, only UnreadableMedia comes out.

    Raises OSError if the file itself cannot be opened, ChildFailed if no child could be started at all.
    """
    sniff(path)  # strangers are turned away without the cost of a child
    return Facts.from_dict(read_in_child("studio.media.looking:run", {"path": str(path.resolve())}, path))


def read_in_child(function: str, payload: dict[str, Any], path: Path) -> dict[str, Any]:
    """Run a function that reads one foreign file; a child brought down by it means the file is unreadable."""
    try:
        return run_child(function, payload, limits=replace(LOOKING, read=(path,)))
    except ChildFailed as failure:
        raise as_unreadable(failure) from failure


def as_unreadable(failure: ChildFailed) -> Exception:
    """What a file that brought its child down is called. A child that never started is not the file's fault."""
    if failure.reason == "not_started":
        return failure
    code = "too_heavy" if failure.reason in GAVE_UP else "unreadable"
    return UnreadableMedia(code, GAVE_UP.get(failure.reason, BROKEN))
