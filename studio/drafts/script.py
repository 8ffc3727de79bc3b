"""Read a prompt as a script: shots with their times, the references they name, the words in between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_TIME = r"(?:(\d{1,2}):)?(\d{1,4}(?:[.,]\d{1,3})?)\s*(?:s|sec|secs|seconds?)?"
_TIMED = re.compile(
    rf"(?:\bshot\s*\d{{1,3}}\s*[:.,-]?\s*)?[\[(（【]\s*{_TIME}\s*(?:-|–|—|~|to)\s*{_TIME}\s*[\])）】]\s*[:：.,-]?\s*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\bshot\s*\d{1,3}\s*[:：.]\s*", re.IGNORECASE)
_MENTION = re.compile(r"(?<![^\W_])(Image|Video) ?([1-9]\d?)(?![^\W_])", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+|(?<=[。！？])")
_BREATHS = (  # where a sentence may be cut, the best place first
    re.compile(r"[.!?…][\"”’)]*\s+|[。！？]"),
    re.compile(r"[,;:—–]\s+|[，；：]"),
    re.compile(
        r"\s(?=(?:and|then|while|as|when|where|until|but|into|onto|in|on|to|towards?|over|under|through|past|"
        r"behind|beside|near|at|by|with|from|across|around|before|after)\s)",
        re.IGNORECASE,
    ),
)
_WHOLE = re.compile(r"[.!?…。！？][\"”’)]*$")


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One shot as written. Times are seconds; None where the prompt gives none."""

    text: str
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A reference named in a text: which one, and where its name stands."""

    source: int
    start: int
    end: int


def read_shots(prompt: str) -> list[Shot]:
    """The shots of a prompt in the order written. A prompt without marks is one shot without times."""
    marks = [mark for mark in _TIMED.finditer(prompt) if _span(mark)[1] > _span(mark)[0]]
    if marks:
        return _texts(prompt, marks, timed=True)
    marks = list(_NUMBERED.finditer(prompt))
    if len(marks) > 1:
        return _texts(prompt, marks, timed=False)
    return [Shot(text=tidy(prompt))]


def find_mentions(text: str, labels: Sequence[str]) -> list[Mention]:
    """The references that a text names, in order. `labels` are their names, such as "Image 1"."""
    known = {label.lower(): index for index, label in enumerate(labels)}
    found = []
    for match in _MENTION.finditer(text):
        source = known.get(f"{match[1]} {match[2]}".lower())
        if source is not None:
            found.append(Mention(source=source, start=match.start(), end=match.end()))
    return found


def split_at(text: str, mentions: Sequence[Mention]) -> list[str]:
    """The words that belong to each mention, cut where one would draw breath: before "into Image 2"."""
    gaps = pairwise(mentions)
    cuts = [0, *(_breath(text, left.end, right.start) for left, right in gaps), len(text)]
    return _dotted([text[start:end].strip() for start, end in pairwise(cuts)])


def sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE_END.split(text) if part and part.strip()]


def tidy(text: str) -> str:
    return " ".join(text.split())


def _texts(prompt: str, marks: list[re.Match[str]], *, timed: bool) -> list[Shot]:
    ends = [*(mark.start() for mark in marks[1:]), len(prompt)]
    shots = []
    for mark, end in zip(marks, ends, strict=True):
        begins, stops = _span(mark) if timed else (None, None)
        shots.append(Shot(text=tidy(prompt[mark.end() : end]), start=begins, end=stops))
    return shots


def _span(mark: re.Match[str]) -> tuple[float, float]:
    minutes_from, seconds_from, minutes_to, seconds_to = mark.groups()
    return _seconds(minutes_from, seconds_from), _seconds(minutes_to, seconds_to)


def _seconds(minutes: str | None, seconds: str) -> float:
    return 60 * int(minutes or 0) + float(seconds.replace(",", "."))


def _breath(text: str, start: int, end: int) -> int:
    """Where to cut between two names: after the last full stop, else comma, else before the last small word."""
    for pattern in _BREATHS:
        if places := [match.end() for match in pattern.finditer(text, start, end)]:
            return places[-1]
    return end


def _dotted(pieces: list[str]) -> list[str]:
    """Pieces of a text, with the dots that say where a sentence goes on."""
    dotted, goes_on = [], False
    for index, piece in enumerate(pieces):
        words = f"…{piece}" if goes_on else piece
        goes_on = index < len(pieces) - 1 and not _WHOLE.search(piece)
        dotted.append(words.rstrip(" ,;:—–，；：") + "…" if goes_on else words)
    return dotted
