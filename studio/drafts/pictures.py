"""A picture file becomes a canvas: upright, without transparency, in the film's shape, at its largest use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageFilter, ImageOps

from studio.drafts.motion import CLOSEST, Size
from studio.media import pictures as stills
from studio.media.errors import UnreadableMedia
from studio.media.sniff import sniff

MUCH_IS_LOST = 0.4  # a crop that would show less than this of a picture shows it whole instead
BEHIND_TRANSPARENCY = "#e9e7e2"


@dataclass(frozen=True, kw_only=True)
class Canvas:
    """What the camera moves over. `centred`: the picture lies whole in the middle and must stay in view."""

    image: Image.Image
    centred: bool = False


def fit(picture: Image.Image, film: Size) -> Canvas:
    """Cropped by the camera later on; a picture of very different shape lies whole on a soft ground."""
    scale = max(film[0] / picture.width, film[1] / picture.height) * CLOSEST
    width, height = _even(picture.width * scale), _even(picture.height * scale)
    if (film[0] * film[1] * CLOSEST**2) / (width * height) < MUCH_IS_LOST:
        return Canvas(image=_on_soft_ground(picture, film), centred=True)
    return Canvas(image=picture.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=2.0))


def open_picture(path: Path, film: Size) -> Image.Image:
    """The picture upright in RGB, decoded no larger than a film of this size has use for."""
    found = sniff(path)
    if found.family != "still":
        raise UnreadableMedia("format", "It is a clip or a sound, not a picture.")
    with stills.opened(path, found) as file:
        file.draft("RGB", (film[0] * 3, film[1] * 3))
        return _flat(ImageOps.exif_transpose(file))


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


def _flat(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    ground = Image.new("RGBA", image.size, BEHIND_TRANSPARENCY)
    return Image.alpha_composite(ground, image.convert("RGBA")).convert("RGB")


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)
