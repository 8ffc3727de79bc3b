"""How large a repaired picture or frame becomes. Pure arithmetic, shared by the plan and by the work itself."""

from __future__ import annotations

import math
from dataclasses import dataclass

from studio.media.limits import Limits, Use

ENLARGE_UP_TO = 2.0  # beyond, a picture turns to mush: add space instead


@dataclass(frozen=True, kw_only=True)
class Layout:
    """`scaled` is what becomes of the picture itself, `canvas` what it lies on; equal unless space is added."""

    scaled: tuple[int, int]
    canvas: tuple[int, int]

    @property
    def pads(self) -> bool:
        return self.scaled != self.canvas


def lay_out(width: int, height: int, use: Use, limits: Limits) -> Layout:
    """The nearest size within the limits: shrunk if a side is too long, enlarged if the other stays legal and
    not by much, and padded to a legal shape. Clips get even sides, as their encoder needs them."""
    smallest, largest = limits.side_range(use)
    step = 2 if use is Use.CLIP else 1
    factor = min(largest / max(width, height), 1.0)
    short = min(width, height) * factor
    if short < smallest and _may_grow(width, height, smallest=smallest, largest=largest):
        factor = smallest / min(width, height)
    scaled = (_to_step(width * factor, step, largest), _to_step(height * factor, step, largest))
    least = max(smallest, math.ceil(max(scaled) / limits.ratio(use)))
    least += least % step
    canvas = (max(scaled[0], least), max(scaled[1], least))
    return Layout(scaled=scaled, canvas=canvas)


def _may_grow(width: int, height: int, *, smallest: int, largest: int) -> bool:
    factor = smallest / min(width, height)
    return factor <= ENLARGE_UP_TO and max(width, height) * factor <= largest


def _to_step(value: float, step: int, largest: int) -> int:
    """The nearest multiple of `step`, at least one, never above `largest`."""
    nearest = max(step, round(value / step) * step)
    return min(nearest, largest - largest % step)
