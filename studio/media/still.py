"""One exact frame of a finished clip as a lossless picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from studio.media.child import MB, ChildLimits, run_child

TAKING = ChildLimits(memory_bytes=1024 * MB, cpu_seconds=60, wall_seconds=60.0, file_bytes=64 * MB)


def still_at(clip: Path, seconds: float, out_dir: Path) -> Path:
    """The frame that is on screen at `seconds`, as a PNG in `out_dir`; past the end it is the last frame.

    Raises UnreadableMedia or ChildFailed.
    """
    payload = {
        "path": str(clip.resolve()),
        "seconds": max(0.0, seconds),
        "out": str(out_dir.resolve() / "frame.png"),
    }
    limits = replace(TAKING, read=(clip,), write=(out_dir,))
    return Path(run_child("studio.media.exact_frame:run", payload, limits=limits)["path"])
