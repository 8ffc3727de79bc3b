"""In a child: the middle of a picture, square and small."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from studio.media import bombs, canvas, pictures
from studio.media.errors import UnreadableMedia
from studio.media.sniff import sniff

SIDE = 256
DEVELOPED_SIDE = 1024


def run(payload: dict[str, Any], report: Callable[[float], None]) -> dict[str, Any]:
    path, out_dir = Path(payload["path"]), Path(payload["out_dir"])
    sniffed = sniff(path)
    if sniffed.family != "still":
        raise UnreadableMedia(code="not_a_picture", sentence="This is not a picture.")
    bombs.check_file(path, sniffed.format)
    with pictures.opened(path, sniffed) as picture:
        whole = canvas.develop(picture, at_most=DEVELOPED_SIDE)
    square = ImageOps.fit(whole, (SIDE, SIDE), Image.Resampling.LANCZOS)
    square.save(out_dir / "portrait.webp", quality=82, method=4)
    report(1.0)
    return {"name": "portrait.webp"}
