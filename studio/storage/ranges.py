"""Reading a Range header (RFC 9110, section 14): one range of bytes, in linear time. No Django inside."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_HEADER = 64
LONGEST_NUMBER = 19


class CannotBeGiven(Exception):
    """The range lies outside of the file: answer 416 with the file's size."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """Bytes `first` to `last`, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    def content_range(self, size: int) -> str:
        return f"bytes {self.first}-{self.last}/{size}"


def read_range(header: str, size: int) -> Span | None:
    """The asked part of a file of `size` bytes, or None where the whole file is the right answer.

    More than one range, other units and what is not understood are answered with the whole file, which the
    standard allows; nobody can make the server cut a film into a thousand parts.

    Raises CannotBeGiven.
    """
    if len(header) > LONGEST_HEADER:
        return None
    unit, _, wanted = header.partition("=")
    first, dash, last = (part.strip() for part in wanted.partition("-"))
    if unit.strip().lower() != "bytes" or not dash or not _are_numbers(first, last):
        return None
    if not first:
        return _tail(int(last), size)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise CannotBeGiven
    return Span(first=int(first), last=min(int(last), size - 1) if last else size - 1)


def _are_numbers(first: str, last: str) -> bool:
    given = [text for text in (first, last) if text]
    return bool(given) and all(
        text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER for text in given
    )


def _tail(length: int, size: int) -> Span:
    if length == 0 or size == 0:
        raise CannotBeGiven
    return Span(first=max(0, size - length), last=size - 1)
