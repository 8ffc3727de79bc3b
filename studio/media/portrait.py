"""A person's picture, from whatever they uploaded: square, small, our own bytes, without any metadata."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from studio.media.child import run_child
from studio.media.previews import PREVIEWING


def make_portrait(path: Path, out_dir: Path) -> Path:
    """Write the middle of a picture as WebP, 256 px a side, into `out_dir`. Raises ChildFailed or UnreadableMedia."""
    limits = replace(PREVIEWING, read=(path,), write=(out_dir,))
    payload = {"path": str(path.resolve()), "out_dir": str(out_dir.resolve())}
    return out_dir / str(run_child("studio.media.square_picture:run", payload, limits=limits)["name"])
