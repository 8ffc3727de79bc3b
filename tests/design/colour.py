"""OKLCH to WCAG contrast, for the tokens as they are written in tokens.css."""

from __future__ import annotations

import math
import re
from pathlib import Path

TOKENS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"
_PAIR = re.compile(r"--(?P<name>[\w-]+): light-dark\(oklch\((?P<light>[^)]+)\), oklch\((?P<dark>[^)]+)\)\);")

type Lch = tuple[float, float, float]


def read_tokens(theme: str) -> dict[str, Lch]:
    """The opaque colours of a theme ("light" or "dark") by name."""
    found = {}
    for match in _PAIR.finditer(TOKENS.read_text(encoding="utf-8")):
        if "/" not in match[theme]:
            lightness, chroma, hue = (float(number) for number in match[theme].split())
            found[match["name"]] = (lightness, chroma, hue)
    return found


def contrast(one: Lch, other: Lch) -> float:
    """The WCAG 2 ratio of two colours, from 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Lch) -> float:
    red, green, blue = (_as_shown(channel) for channel in _linear_srgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear_srgb(colour: Lch) -> tuple[float, float, float]:
    """The matrices of https://bottosson.github.io/posts/oklab/."""
    lightness, chroma, hue = colour
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _as_shown(channel: float) -> float:
    """A screen shows what fits into sRGB, in 256 steps."""
    clipped = min(1.0, max(0.0, channel))
    encoded = 12.92 * clipped if clipped <= 0.0031308 else 1.055 * clipped ** (1 / 2.4) - 0.055
    step = round(encoded * 255) / 255
    return step / 12.92 if step <= 0.04045 else ((step + 0.055) / 1.055) ** 2.4
