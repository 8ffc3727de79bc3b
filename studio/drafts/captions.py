"""Captions: the words of a scene set in Newsreader, names as chips with their picture, two lines at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from studio.drafts import letters, script
from studio.drafts.letters import Typeface
from studio.drafts.motion import Size
from studio.drafts.planes import Stamp
from studio.drafts.request import Source

INK = (250, 248, 244)
CHIP = (34, 68, 86)
LONGEST_NAME = 26
OPENING_NAME = "First frame"


@dataclass(frozen=True, kw_only=True)
class Word:
    """A piece of a line. `source` makes it a chip; `glued` means no space before it."""

    text: str
    width: float
    source: int | None = None
    glued: bool = False


class Captioner:
    """Sets captions for one film size."""

    def __init__(
        self,
        film: Size,
        *,
        sources: Sequence[Source],
        thumbs: Mapping[int, Image.Image],
        substitutes: Sequence[Path] = (),
    ) -> None:
        self._film = film
        self._sources = sources
        self._thumbs = thumbs
        unit = min(film) / 720
        self._serif = Typeface(letters.SERIF, 37 * unit, substitutes)
        self._sans = Typeface(letters.SANS, 31 * unit, substitutes)
        self._line = round(54 * unit)
        self._chip_height = round(42 * unit)
        self._gap = self._serif.width(" ")
        self._pad = round(7 * unit)
        self._glow = 9 * unit
        self._widest = film[0] * (0.78 if film[0] > film[1] else 0.86)
        self._lines_a_page = 2 if film[0] > film[1] else 3 if film[0] == film[1] else 4
        self._bottom = round(film[1] * (0.87 if film[0] > film[1] else 0.84))

    @property
    def missing(self) -> str:
        """Letters that no font here could draw."""
        return "".join(sorted(self._serif.missing | self._sans.missing))

    def pages(self, words: str, *, source: int | None, most: int) -> list[Stamp]:
        """The caption of a scene as stamps to show one after the other, at most `most` of them."""
        mentions = script.find_mentions(words, [source.label for source in self._sources])
        lines = self._broken(self._set(words))
        if not words or (source is not None and source not in {mention.source for mention in mentions}):
            lines = [[self._name(source)], *lines]
        per_page = max(self._lines_a_page, 2)
        pages = [lines[start : start + per_page] for start in range(0, len(lines), per_page)]
        if len(pages) > most:
            pages = pages[:most]
            pages[-1][-1].append(Word(text="…", width=self._serif.width("…"), glued=True))
        rtl = letters.reads_right_to_left(words)
        return [self._drawn([line[::-1] if rtl else line for line in page]) for page in pages]

    def _set(self, words: str) -> list[Word]:
        """The text as words and chips, measured."""
        pieces: list[Word] = []
        at = 0
        for mention in script.find_mentions(words, [source.label for source in self._sources]):
            pieces += self._plain(words[at : mention.start])
            glued = mention.start > 0 and not words[mention.start - 1].isspace()
            pieces.append(self._chip(self._name_of(mention.source), mention.source, glued=glued))
            at = mention.end
        return [*pieces, *self._plain(words[at:])]

    def _plain(self, text: str) -> list[Word]:
        words = []
        glued = bool(text) and not text[0].isspace()
        for part in text.split():
            for index, piece in enumerate(_breakable(part)):
                words.append(Word(text=piece, width=self._serif.width(piece), glued=glued or index > 0))
                glued = False
        return words

    def _name(self, source: int | None) -> Word:
        name = OPENING_NAME if source is None else self._name_of(source)
        return self._chip(name, -1 if source is None else source)

    def _name_of(self, source: int) -> str:
        name = self._sources[source].name or self._sources[source].label
        return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"

    def _chip(self, name: str, source: int, *, glued: bool = False) -> Word:
        picture = self._chip_height if source in self._thumbs else 0
        width = picture + self._sans.width(name) + 2 * self._pad
        return Word(text=name, width=width, source=source, glued=glued)

    def _broken(self, words: list[Word]) -> list[list[Word]]:
        """Lines of even length: as few as fit, then as narrow as that many allow."""
        lines = self._wrapped(words, self._widest)
        if len(lines) == 1 or len(lines) > self._lines_a_page:
            return lines
        width = self._widest
        while width > self._widest * 0.4:
            width *= 0.95
            narrower = self._wrapped(words, width)
            if len(narrower) > len(lines):
                break
            lines = narrower
        return lines

    def _wrapped(self, words: list[Word], widest: float) -> list[list[Word]]:
        lines: list[list[Word]] = []
        used = 0.0
        for word in words:
            step = word.width + (0 if word.glued else self._gap)
            if lines and (used + step <= widest or (word.glued and not breaks_before(word))):
                lines[-1].append(word)
                used += step
            else:
                lines.append([word])
                used = word.width
        return lines

    def _drawn(self, lines: list[list[Word]]) -> Stamp:
        margin = round(self._glow * 3)
        lengths = [self._length(line) for line in lines]
        width = min(round(max(lengths)) + 2 * margin, self._film[0])
        height = self._line * len(lines) + 2 * margin
        drawing = Image.new("RGBA", (width, height))
        on = ImageDraw.Draw(drawing)
        for row, (line, length) in enumerate(zip(lines, lengths, strict=True)):
            self._draw_line(
                drawing, on, line, x=(width - length) / 2, middle=margin + self._line * (row + 0.5)
            )
        left, top = (self._film[0] - width) // 2, self._bottom - height + margin
        return Stamp(_with_glow(drawing, self._glow), left=left, top=top)

    def _length(self, line: list[Word]) -> float:
        return sum(
            word.width + (self._gap if index and not word.glued else 0) for index, word in enumerate(line)
        )

    def _draw_line(
        self, drawing: Image.Image, on: ImageDraw.ImageDraw, line: list[Word], *, x: float, middle: float
    ) -> None:
        baseline = middle + (self._serif.ascent - self._serif.descent) * 0.36
        for index, word in enumerate(line):
            x += self._gap if index and not word.glued else 0
            if word.source is None:
                self._serif.draw(on, x, baseline, word.text, INK)
            else:
                self._draw_chip(drawing, on, word, left=round(x), baseline=round(baseline))
            x += word.width

    def _draw_chip(
        self, drawing: Image.Image, on: ImageDraw.ImageDraw, word: Word, *, left: int, baseline: int
    ) -> None:
        height, radius = self._chip_height, round(self._chip_height * 0.16)
        top = baseline - round(height * 0.76)
        box = (left, top, left + round(word.width), top + height)
        on.rounded_rectangle(box, radius, fill=CHIP)
        x = left + self._pad
        thumb = self._thumbs.get(word.source) if word.source is not None else None
        if thumb is not None:
            mask = Image.new("L", (height, height))
            ImageDraw.Draw(mask).rounded_rectangle((0, 0, height + radius, height - 1), radius, fill=255)
            drawing.paste(ImageOps.fit(thumb, (height, height)), (left, top), mask)
            x += height
        self._sans.draw(on, x, baseline, word.text, INK)


def breaks_before(word: Word) -> bool:
    """True where a line may end although no space stands before the word."""
    return word.source is None and letters.breaks_anywhere(word.text[:1])


def _breakable(part: str) -> list[str]:
    """A word, or the letters of a script without spaces, each with the punctuation that follows it."""
    pieces: list[str] = []
    for letter in part:
        if pieces and not letters.breaks_anywhere(letter) and not _stands_alone(pieces[-1], letter):
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def _stands_alone(piece: str, letter: str) -> bool:
    return letters.breaks_anywhere(piece[0]) and letter.isalnum()


def _with_glow(drawing: Image.Image, radius: float) -> Image.Image:
    """The drawing over a soft dark edge of itself, so that it reads on a bright picture too."""
    shape = drawing.getchannel("A")
    wide = shape.filter(ImageFilter.GaussianBlur(radius)).point([min(255, level * 3) for level in range(256)])
    tight = shape.filter(ImageFilter.GaussianBlur(radius / 4))
    dark = Image.new("RGBA", drawing.size, (0, 0, 0, 255))
    dark.putalpha(ImageChops.lighter(wide.point([round(level * 0.78) for level in range(256)]), tight))
    return Image.alpha_composite(dark, drawing)
