"""A real picture in the store, with its row."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image

from studio.models import MediaFile
from studio.storage import store


def stored_picture(width: int = 640, height: int = 360) -> MediaFile:
    """Draw a gradient, publish it as the product does, and return its row."""
    path = store.scratch_dir() / "picture.png"
    path.write_bytes(_gradient(width, height))
    digest, size = store.sha256_of(path), path.stat().st_size
    store.publish(path, store.file_path(digest, "png"))
    facts = {"kind": "image", "format": "png", "mime": "image/png", "size_bytes": size}
    return MediaFile.objects.create(
        sha256=digest,
        kind="image",
        mime="image/png",
        extension="png",
        size_bytes=size,
        facts=facts | {"width": width, "height": height},
    )


@cache
def _gradient(width: int, height: int) -> bytes:
    drawn = io.BytesIO()
    Image.radial_gradient("L").resize((width, height)).convert("RGB").save(drawn, "PNG")
    return drawn.getvalue()
