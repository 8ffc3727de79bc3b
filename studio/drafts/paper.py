"""Cut shapes out of coloured paper: the little drawing kit behind the sample pictures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Point = tuple[float, float]
Colour = tuple[int, int, int]

SHADE: Colour = (30, 20, 24)
_FINE = 2  # drawn larger, then reduced, for smooth edges


class Paper:
    """A picture to cut shapes onto, in coordinates of 0 to 1000 across its width."""

    def __init__(self, width: int, height: int, ground: Image.Image) -> None:
        self._size = (width, height)
        self._scale = width * _FINE / 1000
        self.image = ground.resize((width * _FINE, height * _FINE)).convert("RGB")
        self._on = ImageDraw.Draw(self.image)

    def cut(self, outline: Sequence[Point], colour: Colour, *, shadow: float = 0.0) -> None:
        """A closed smooth shape through `outline`, casting a soft shadow of `shadow` (0 to 1)."""
        self.cut_sharp(smooth(outline), colour, shadow=shadow)

    def cut_sharp(self, outline: Sequence[Point], colour: Colour, *, shadow: float = 0.0) -> None:
        """The same with straight edges."""
        scaled = [(x * self._scale, y * self._scale) for x, y in outline]
        if shadow:
            self._cast_shadow(scaled, shadow)
        self._on.polygon(scaled, fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour, *, flat: float = 1.0) -> None:
        box = [
            value * self._scale for value in (x - radius, y - radius * flat, x + radius, y + radius * flat)
        ]
        self._on.ellipse(box, fill=colour)

    def line(self, points: Sequence[Point], colour: Colour, *, width: float) -> None:
        scaled = [(x * self._scale, y * self._scale) for x, y in smooth(points, closed=False)]
        self._on.line(scaled, fill=colour, width=max(1, round(width * self._scale)), joint="curve")

    def glow(self, x: float, y: float, radius: float, colour: Colour, *, strength: float) -> None:
        """Light around a point, fading to nothing at `radius`."""
        side = round(2 * radius * self._scale)
        light = ImageChops.invert(Image.radial_gradient("L")).resize((side, side))
        falloff = [round(255 * strength * max(0.0, (level - 74) / 181) ** 2) for level in range(256)]
        at = (round((x - radius) * self._scale), round((y - radius) * self._scale))
        self.image.paste(Image.new("RGB", light.size, colour), at, light.point(falloff))

    def finished(self) -> Image.Image:
        return self.image.resize(self._size, Image.Resampling.BOX)

    def _cast_shadow(self, outline: Sequence[Point], strength: float) -> None:
        """Below the shape and a little lower; drawn small, because it is soft anyway."""
        small = Image.new("L", (self.image.width // 8, self.image.height // 8))
        ImageDraw.Draw(small).polygon([(x / 8, y / 8 + self._scale) for x, y in outline], fill=255)
        soft = small.filter(ImageFilter.GaussianBlur(1.6 * self._scale)).resize(self.image.size)
        self.image.paste(SHADE, mask=soft.point([round(level * strength) for level in range(256)]))


def smooth(points: Sequence[Point], *, closed: bool = True) -> list[Point]:
    """A curve through the points (Catmull-Rom)."""
    ends = ([points[-1]], [points[0], points[1]]) if closed else ([points[0]], [points[-1]])
    around = [*ends[0], *points, *ends[1]]
    curve: list[Point] = []
    for start in range(len(around) - 3):
        before, here, there, after = around[start : start + 4]
        curve += [_between(before, here, there, after, step / 16) for step in range(16)]
    return [*curve, points[0] if closed else points[-1]]


def _between(before: Point, here: Point, there: Point, after: Point, part: float) -> Point:
    def along(a: float, b: float, c: float, d: float) -> float:
        curve = (2 * a - 5 * b + 4 * c - d) * part**2 + (3 * b - a - 3 * c + d) * part**3
        return 0.5 * (2 * b + (c - a) * part + curve)

    return (along(before[0], here[0], there[0], after[0]), along(before[1], here[1], there[1], after[1]))


def sky(stops: Sequence[tuple[float, Colour]], height: int = 400) -> Image.Image:
    """A one pixel wide column that runs through the colours at the given heights (0 top, 1 bottom)."""
    column = Image.new("RGB", (1, height))
    for row in range(height):
        column.putpixel((0, row), _colour_at(stops, row / (height - 1)))
    return column


def _colour_at(stops: Sequence[tuple[float, Colour]], place: float) -> Colour:
    for (low, first), (high, second) in pairwise(stops):
        if place <= high:
            part = (place - low) / (high - low)
            red, green, blue = (round(a + (b - a) * part) for a, b in zip(first, second, strict=True))
            return (red, green, blue)
    return stops[-1][1]


def mirrored(points: Sequence[Point], *, about: float) -> list[Point]:
    return [(2 * about - x, y) for x, y in points]


def shade(colour: Colour, amount: float) -> Colour:
    """The colour darker (below 1) or lighter."""
    red, green, blue = (min(255, round(part * amount)) for part in colour)
    return (red, green, blue)
