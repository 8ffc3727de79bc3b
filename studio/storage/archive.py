"""Several clips as one zip, written while it is sent: nothing is compressed twice, nothing is kept in memory."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

PIECE = 256 * 1024
EARLIEST_YEAR = 1980  # what a zip's date can say


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file of the zip: its name there, its place here, its date."""

    name: str
    path: Path
    at: datetime


class _Outbox:
    """A file that cannot seek: what the zip writer writes waits here to be sent."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing to do: every piece is taken as soon as it is written."""

    def take(self) -> Iterator[bytes]:
        pieces, self._pieces = self._pieces, []
        yield from pieces


def stream(entries: Sequence[Entry]) -> Iterator[bytes]:
    """The zip, a piece at a time. Names that occur twice get a number; a file that is gone is left out."""
    outbox = _Outbox()
    with zipfile.ZipFile(outbox, "w", compression=zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for name, entry in zip(_distinct([entry.name for entry in entries]), entries, strict=True):
            yield from _one(archive, outbox, name, entry)
    yield from outbox.take()


def _one(archive: zipfile.ZipFile, outbox: _Outbox, name: str, entry: Entry) -> Iterator[bytes]:
    try:
        source = entry.path.open("rb")
    except FileNotFoundError:
        return
    with source, archive.open(_info(name, entry), "w", force_zip64=True) as target:
        while piece := source.read(PIECE):
            target.write(piece)
            yield from outbox.take()
    yield from outbox.take()


def _info(name: str, entry: Entry) -> zipfile.ZipInfo:
    at = entry.at
    info = zipfile.ZipInfo(
        name, date_time=(max(at.year, EARLIEST_YEAR), at.month, at.day, at.hour, at.minute, at.second)
    )
    info.external_attr = 0o644 << 16
    return info


def _distinct(names: list[str]) -> list[str]:
    """ "a.mp4", "a.mp4" become "a.mp4", "a (2).mp4"."""
    taken: set[str] = set()
    distinct = []
    for name in names:
        stem, dot, ending = name.rpartition(".")
        candidate, number = name, 1
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{stem} ({number}){dot}{ending}"
        taken.add(candidate.casefold())
        distinct.append(candidate)
    return distinct
