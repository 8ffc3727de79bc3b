"""A picture file becomes a canvas: upright, without transparency, in the film's shape, at its largest use."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageFilter, ImageOps

from studio.drafts.motion import CLOSEST, Size
from studio.media import canvas
from studio.media import pictures as stills
from studio.media.errors import UnreadableMedia
from studio.media.sniff import sniff

MUCH_IS_LOST = 0.4  # a crop that would show less than this of a picture shows it whole instead
BEHIND_TRANSPARENCY = "#e9e7e2"
LARGE = 16_000_000  # pixels

_one_large = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Canvas:
    """What the camera moves over. `centred`: the picture lies whole in the middle and must stay in view."""

    image: Image.Image
    centred: bool = False


def open_picture(path: Path, film: Size) -> Image.Image:
    """The picture upright in RGB, decoded no larger than a film of this size has use for."""
    found = sniff(path)
    if found.family != "still":
        raise UnreadableMedia("format", "It is a clip or a sound, not a picture.")
    with stills.opened(path, found) as file, _room_for(file.size):
        developed = canvas.develop(file, at_most=_of_use(file.size, film))
        return canvas.flattened(developed, BEHIND_TRANSPARENCY)


def fit(picture: Image.Image, film: Size) -> Canvas:
    """Cropped by the camera later on; a picture of very different shape lies whole on a soft ground."""
    scale = max(film[0] / picture.width, film[1] / picture.height) * CLOSEST
    width, height = _even(picture.width * scale), _even(picture.height * scale)
    if (film[0] * film[1] * CLOSEST**2) / (width * height) < MUCH_IS_LOST:
        return Canvas(image=_on_soft_ground(picture, film), centred=True)
    return Canvas(image=picture.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=2.0))


def _on_soft_ground(picture: Image.Image, film: Size) -> Image.Image:
    """The whole picture inside the closest view, over a blurred and darkened enlargement of itself."""
    size = (_even(film[0] * CLOSEST), _even(film[1] * CLOSEST))
    ground = soft_ground(picture, size)
    whole = ImageOps.contain(picture, film, Image.Resampling.BICUBIC)
    ground.paste(whole, ((size[0] - whole.width) // 2, (size[1] - whole.height) // 2))
    return ground


def soft_ground(picture: Image.Image, size: Size) -> Image.Image:
    """The picture as a backdrop of this size: out of focus and darker, so that the eye leaves it alone."""
    small = ImageOps.fit(picture, (max(2, size[0] // 16), max(2, size[1] // 16)), Image.Resampling.BOX)
    blurred = small.filter(ImageFilter.GaussianBlur(3)).resize(size, Image.Resampling.BICUBIC)
    return blurred.point([round(level * 0.55) for level in range(256)] * 3)


def _of_use(size: Size, film: Size) -> int | None:
    """The longer side beyond which pixels are wasted on this film; None for what is small enough anyway."""
    most = max(size) / min(size) * max(film) * CLOSEST
    return round(most) if max(size) > 2 * most else None


@contextmanager
def _room_for(size: Size) -> Iterator[None]:
    """Very large pictures are opened one after the other, so that they fit into a child's memory."""
    if size[0] * size[1] <= LARGE:
        yield
        return
    with _one_large:
        yield


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)
