"""The mark on every draft: what it is, at the top right of the picture."""

from __future__ import annotations

from PIL import Image, ImageDraw

from studio.drafts import letters
from studio.drafts.letters import Typeface
from studio.drafts.motion import Size
from studio.drafts.planes import Stamp

WORDS = "Free draft"
GROUND = (14, 14, 14, 205)
INK = (250, 248, 244, 255)
_FINE = 4  # drawn larger, then reduced, for smooth edges


def badge(film: Size) -> Stamp:
    """The "Free draft" badge for a film of this size."""
    unit = min(film) / 720
    height, margin = round(42 * unit), round(24 * unit)
    type_ = Typeface(letters.SANS, 19 * unit)
    icon, pad = round(21 * unit), round(14 * unit)
    width = pad + icon + round(7 * unit) + round(type_.width(WORDS)) + pad
    drawing = _plate(width, height, radius=round(7 * unit))
    drawing.alpha_composite(_layers(icon), (pad, (height - icon) // 2))
    baseline = height / 2 + (type_.ascent - type_.descent) * 0.46
    type_.draw(ImageDraw.Draw(drawing), pad + icon + round(7 * unit), baseline, WORDS, INK)
    return Stamp(drawing, left=film[0] - margin - width, top=margin)


def _plate(width: int, height: int, *, radius: int) -> Image.Image:
    fine = Image.new("RGBA", (width * _FINE, height * _FINE))
    box = (0, 0, fine.width - 1, fine.height - 1)
    ImageDraw.Draw(fine).rounded_rectangle(box, radius * _FINE, fill=GROUND)
    return fine.reduce(_FINE)


def _layers(size: int) -> Image.Image:
    """Three sheets on top of each other: the sign of a draft in the interface too."""
    side = size * _FINE
    fine = Image.new("RGBA", (side, side), (*INK[:3], 0))
    on = ImageDraw.Draw(fine)
    stroke = round(side / 12)
    top = [(0.5, 0.09), (0.92, 0.31), (0.5, 0.53), (0.08, 0.31)]
    on.line([(x * side, y * side) for x, y in (*top, top[0], top[1])], fill=INK, width=stroke, joint="curve")
    for drop in (0.2, 0.4):
        sheet = [(0.08, 0.31 + drop), (0.5, 0.53 + drop), (0.92, 0.31 + drop)]
        on.line([(x * side, y * side) for x, y in sheet], fill=INK, width=stroke, joint="curve")
    return fine.reduce(_FINE)
