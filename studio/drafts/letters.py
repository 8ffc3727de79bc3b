"""Set words in the product's typefaces, with the computer's own fonts for letters that those lack.

A letter that no font here has is left out and remembered, instead of being drawn as an empty box.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_OURS = Path(__file__).with_name("fonts")
SERIF = _OURS / "Newsreader-Text.ttf"
SANS = _OURS / "HankenGrotesk-SemiBold.ttf"

_NOBODYS_LETTER = "\U0010ffff"
_RIGHT_TO_LEFT = ("R", "AL")


class Typeface:
    """One size of a typeface and its substitutes."""

    def __init__(self, path: Path, size: float, substitutes: Sequence[Path] = ()) -> None:
        self._fonts = [ImageFont.truetype(font, size) for font in (path, *substitutes)]
        self._paths = (path, *substitutes)
        self.missing: set[str] = set()
        self.ascent, self.descent = self._fonts[0].getmetrics()

    def width(self, text: str) -> float:
        return sum(font.getlength(part) for font, part in self._runs(text))

    def draw(
        self, on: ImageDraw.ImageDraw, x: float, baseline: float, text: str, fill: tuple[int, ...]
    ) -> None:
        """Draw from `x` on the line `baseline`."""
        for font, part in self._runs(text):
            on.text((x, baseline), part, fill=fill, font=font, anchor="ls")
            x += font.getlength(part)

    def _runs(self, text: str) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
        chosen: list[tuple[int, str]] = []
        for letter in text:
            index = self._font_for(letter, before=chosen[-1][0] if chosen else 0)
            if index is not None:
                chosen.append((index, letter))
        for index, group in groupby(chosen, key=lambda pair: pair[0]):
            yield self._fonts[index], "".join(letter for _, letter in group)

    def _font_for(self, letter: str, *, before: int) -> int | None:
        if letter.isspace() or unicodedata.combining(letter):
            return before
        if unicodedata.category(letter) in ("Cf", "Cc", "Cs", "Co", "Cn"):
            return None
        for index, path in enumerate(self._paths):
            if _has_letter(path, letter):
                return index
        self.missing.add(letter)
        return None


def reads_right_to_left(text: str) -> bool:
    """By the first letter that has a direction."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction == "L" or direction in _RIGHT_TO_LEFT:
            return direction != "L"
    return False


def breaks_anywhere(letter: str) -> bool:
    """True for scripts written without spaces, whose lines may end after any letter."""
    return unicodedata.east_asian_width(letter) in ("W", "F") and not unicodedata.category(letter).startswith(
        "P"
    )


@lru_cache(maxsize=4096)
def _has_letter(path: Path, letter: str) -> bool:
    return _drawn(path, letter) != _drawn(path, _NOBODYS_LETTER)


@lru_cache(maxsize=4096)
def _drawn(path: Path, letter: str) -> bytes:
    image = Image.new("L", (32, 32))
    ImageDraw.Draw(image).text((4, 24), letter, fill=255, font=_probe(path), anchor="ls")
    return image.tobytes()


@cache
def _probe(path: Path) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, 20)
