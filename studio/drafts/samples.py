"""Two pictures that the product draws itself, so that a first draft needs nobody's files: a lighthouse and a boat."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1600, 900
SCALE = 2
HORIZON = 560

type Colour = tuple[int, int, int]


def pictures() -> dict[str, bytes]:
    """Name → PNG, in the order of the sample sentence. The same bytes every time."""
    return {"lighthouse": _png(_lighthouse()), "harbour": _png(_harbour())}


def _lighthouse() -> Image.Image:
    """Before sunrise: a tower on a cliff, its light turning over the sea."""
    image = _sky(((24, 32, 58), (86, 84, 118), (226, 150, 118)))
    _sea(image, (38, 52, 78), (14, 20, 36))
    _glow(image, (1010, 330), 330, (255, 226, 170))
    draw = _pen(image)
    _hill(draw, base=900, top=600, phase=0.4, colour=(26, 28, 38), right=True)
    draw.polygon(_scaled([(968, 690), (984, 360), (1036, 360), (1052, 690)]), fill=(232, 224, 212))
    for top, bottom in ((430, 480), (540, 596)):
        draw.polygon(_scaled(_band(top, bottom)), fill=(186, 66, 52))
    draw.rectangle(_scaled([(976, 346), (1044, 362)]), fill=(46, 44, 50))
    draw.rectangle(_scaled([(990, 302), (1030, 346)]), fill=(255, 240, 200))
    draw.polygon(_scaled([(982, 302), (1010, 264), (1038, 302)]), fill=(120, 44, 40))
    return _finished(image)


def _harbour() -> Image.Image:
    """The sun is up: still water, far hills, one red boat."""
    image = _sky(((96, 146, 188), (190, 206, 204), (255, 222, 168)))
    _glow(image, (420, 500), 300, (255, 244, 206))
    draw = _pen(image)
    for top, phase, colour in ((470, 0.2, (138, 158, 168)), (505, 1.9, (96, 122, 132))):
        _hill(draw, base=HORIZON, top=top, phase=phase, colour=colour)
    _sea(image, (196, 196, 176), (58, 98, 116))
    draw = _pen(image)
    draw.polygon(_scaled([(860, 640), (1240, 640), (1180, 716), (920, 716)]), fill=(176, 58, 46))
    draw.polygon(_scaled([(852, 628), (1248, 628), (1240, 646), (860, 646)]), fill=(240, 232, 216))
    draw.rectangle(_scaled([(1042, 330), (1050, 630)]), fill=(72, 56, 48))
    draw.polygon(_scaled([(1058, 344), (1058, 606), (1206, 606)]), fill=(246, 238, 220))
    draw.polygon(_scaled([(1034, 372), (1034, 606), (912, 606)]), fill=(226, 214, 190))
    for index in range(26):
        left = 830 + (index * 97) % 430
        top = 726 + index * 6
        draw.rectangle(_scaled([(left, top), (left + 60 - index, top + 2)]), fill=(202, 128, 104))
    return _finished(image)


def _sky(colours: Sequence[Colour]) -> Image.Image:
    """A gradient through the colours, from the top of the picture to the horizon."""
    strip = Image.new("RGB", (1, HEIGHT))
    for row in range(HEIGHT):
        place = min(row / HORIZON, 1.0) * (len(colours) - 1)
        index = min(int(place), len(colours) - 2)
        strip.putpixel((0, row), _mixed(colours[index], colours[index + 1], place - index))
    return strip.resize((WIDTH * SCALE, HEIGHT * SCALE), Image.Resampling.BICUBIC)


def _sea(image: Image.Image, near_sky: Colour, deep: Colour) -> None:
    draw = _pen(image)
    for row in range(HORIZON, HEIGHT):
        share = (row - HORIZON) / (HEIGHT - HORIZON)
        shine = 0.06 * math.sin(row * 0.9) * (1 - share)
        draw.rectangle(
            _scaled([(0, row), (WIDTH, row + 1)]), fill=_mixed(near_sky, deep, min(1.0, share + shine))
        )


def _hill(
    draw: ImageDraw.ImageDraw, *, base: int, top: int, phase: float, colour: Colour, right: bool = False
) -> None:
    """A ridge: waves of two lengths; with `right` it rises towards the right edge, as a cliff."""
    points = [(0.0, float(base))]
    for x in range(0, WIDTH + 1, 8):
        wave = 0.6 * math.sin(x / 210 + phase) + 0.4 * math.sin(x / 83 + 2 * phase)
        rise = 1 / (1 + math.exp(-(x - 780) / 60)) if right else 0.75
        points.append((float(x), base - (base - top) * rise * (0.82 + 0.18 * wave)))
    draw.polygon(_scaled([*points, (WIDTH, base)]), fill=colour)


def _glow(image: Image.Image, centre: tuple[int, int], radius: int, colour: Colour) -> None:
    mask = Image.new("L", (WIDTH // 4, HEIGHT // 4))
    x, y, size = centre[0] / 4, centre[1] / 4, radius / 10
    ImageDraw.Draw(mask).ellipse((x - size, y - size, x + size, y + size), fill=235)
    mask = mask.filter(ImageFilter.GaussianBlur(radius / 14)).resize(image.size, Image.Resampling.BICUBIC)
    image.paste(Image.new("RGB", image.size, colour), mask=mask)


def _band(top: int, bottom: int) -> list[tuple[float, float]]:
    """A stripe around the tower, which grows wider towards the ground."""

    def half(y: int) -> float:
        return 26 + 16 * (y - 360) / 330

    return [
        (1010 - half(top), top),
        (1010 + half(top), top),
        (1010 + half(bottom), bottom),
        (1010 - half(bottom), bottom),
    ]


def _pen(image: Image.Image) -> ImageDraw.ImageDraw:
    return ImageDraw.Draw(image)


def _scaled(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(x * SCALE, y * SCALE) for x, y in points]


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _finished(image: Image.Image) -> Image.Image:
    """Drawn twice as large and brought down, so that edges are smooth."""
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
