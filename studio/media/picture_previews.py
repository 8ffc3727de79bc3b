"""Previews of a still picture. Runs in the child."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from studio.media import bombs, canvas, pictures
from studio.media.previews import Previews
from studio.media.sniff import sniff

THUMB_SIDE = 480
DISPLAY_SIDE = 1600


def run(payload: dict[str, Any], report: Callable[[float], None]) -> dict[str, Any]:
    """Decode once at about the size that is shown, then make both sizes from it."""
    path, out_dir = Path(payload["path"]), Path(payload["out_dir"])
    sniffed = sniff(path)
    bombs.check_file(path, sniffed.format)
    with pictures.opened(path, sniffed) as picture:
        display = canvas.develop(picture, at_most=DISPLAY_SIDE)
    report(0.7)
    thumb = display.copy()
    thumb.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return Previews(
        thumb=write(thumb, out_dir, "thumb", quality=80),
        display=write(display, out_dir, "display", quality=86),
    ).to_dict()


def write(picture: Image.Image, out_dir: Path, name: str, *, quality: int) -> str:
    """Store as WebP if small or see-through, else as JPEG, which is several times quicker. The file's name."""
    if picture.mode == "RGBA" or max(picture.size) <= THUMB_SIDE:
        picture.save(out_dir / f"{name}.webp", quality=quality, method=2)
        return f"{name}.webp"
    picture.convert("RGB").save(out_dir / f"{name}.jpg", quality=quality)
    return f"{name}.jpg"
