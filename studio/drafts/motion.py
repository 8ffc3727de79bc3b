"""How the camera moves over a still picture: pure numbers, no pixels.

A canvas is a picture drawn a little larger than the film. The camera is a window of the film's shape on it:
its middle, and its zoom, where 1 is as close as it gets (one canvas pixel is one film pixel).
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from studio.drafts.planes import Box

Size = tuple[int, int]

CLOSEST = 1.16  # how much larger than the film a canvas is, at least
SOFTNESS = 0.7  # 0: even speed; 1: from standstill to standstill


@dataclass(frozen=True, kw_only=True)
class View:
    """A window's middle in canvas pixels, and its size as a multiple of the film's."""

    x: float
    y: float
    zoom: float


@dataclass(frozen=True, kw_only=True)
class Move:
    """One camera move: from where to where."""

    start: View
    end: View
    film: Size

    def box(self, progress: float) -> Box:
        """The window at `progress` (0 to 1), in canvas pixels with fractions."""
        part = ease(progress)
        zoom = self.start.zoom * (self.end.zoom / self.start.zoom) ** part
        x = self.start.x + (self.end.x - self.start.x) * part
        y = self.start.y + (self.end.y - self.start.y) * part
        half_width, half_height = self.film[0] * zoom / 2, self.film[1] * zoom / 2
        return (x - half_width, y - half_height, x + half_width, y + half_height)


def ease(progress: float) -> float:
    """Gentle start and end around an even middle."""
    return progress - SOFTNESS * math.sin(2 * math.pi * progress) / (2 * math.pi)


def choose(*, canvas: Size, film: Size, seconds: float, seed: int, scene: int, centred: bool = False) -> Move:
    """A move for one scene. The same seed and scene always give the same move; another seed another one.
    A `centred` canvas is only moved towards and away from, because what matters fills its middle.

    Canvases with much to spare (a tall picture in a wide film) are travelled along their long side, others
    get a slow push in or out, or a drift. Longer scenes travel further, so that the speed stays calm.
    """
    chance = random.Random(f"{seed}/{scene}")  # noqa: S311  variety, not secrecy
    widest = min(canvas[0] / film[0], canvas[1] / film[1])
    reach = min(1.0, 0.3 + seconds * 0.14)
    spare = (canvas[0] / film[0] / widest - 1, canvas[1] / film[1] / widest - 1)
    if centred:
        return _push(canvas, film, widest, reach=reach, chance=chance, centred=True)
    if max(spare) > 0.12:
        return _travel(
            canvas, film, widest, along=0 if spare[0] > spare[1] else 1, reach=reach, chance=chance
        )
    if chance.random() < 0.6:
        return _push(canvas, film, widest, reach=reach, chance=chance)
    return _drift(canvas, film, widest, reach=reach, chance=chance)


def _push(
    canvas: Size, film: Size, widest: float, *, reach: float, chance: random.Random, centred: bool = False
) -> Move:
    """Towards a point of interest (or the middle), or away from it."""
    across, down = (0.5, 0.5) if centred else (chance.uniform(0.2, 0.8), chance.uniform(0.25, 0.6))
    close = widest ** (1 - reach)
    far_view = _view(canvas, film, 0.5, 0.5, widest)
    near_view = _view(canvas, film, across, down, close)
    inwards = chance.random() < 0.65
    start, end = (far_view, near_view) if inwards else (near_view, far_view)
    return Move(start=start, end=end, film=film)


def _drift(canvas: Size, film: Size, widest: float, *, reach: float, chance: random.Random) -> Move:
    """Sideways at an almost steady distance."""
    zoom = 1 + (widest - 1) * 0.1
    half = 0.5 * reach * chance.choice((-1, 1))
    level = chance.uniform(0.3, 0.7)
    return Move(
        start=_view(canvas, film, 0.5 - half, level, zoom),
        end=_view(canvas, film, 0.5 + half, 1 - level, 1 + (widest - 1) * 0.3),
        film=film,
    )


def _travel(
    canvas: Size, film: Size, widest: float, *, along: int, reach: float, chance: random.Random
) -> Move:
    """Along the long side. Upright pictures are read upwards and rest high, where faces are."""
    zoom = widest**0.8
    if along == 1:
        low, high = min(0.95, 0.22 + 0.6 * reach), chance.uniform(0.1, 0.24)
        start, end = (low, high) if chance.random() < 0.7 else (high, low)
        return Move(
            start=_view(canvas, film, 0.5, start, widest), end=_view(canvas, film, 0.5, end, zoom), film=film
        )
    half = 0.45 * reach * chance.choice((-1, 1))
    return Move(
        start=_view(canvas, film, 0.5 - half, 0.5, widest),
        end=_view(canvas, film, 0.5 + half, 0.5, zoom),
        film=film,
    )


def _view(canvas: Size, film: Size, across: float, down: float, zoom: float) -> View:
    """A view by how far it is across and down its free room (0 to 1)."""
    width, height = film[0] * zoom, film[1] * zoom
    return View(
        x=width / 2 + max(0.0, canvas[0] - width) * across,
        y=height / 2 + max(0.0, canvas[1] - height) * down,
        zoom=zoom,
    )
