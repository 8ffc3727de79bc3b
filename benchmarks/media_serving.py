"""A film of 100 MB out of the house: our range responder, WhiteNoise's, and Django's FileResponse.

    python -m benchmarks.media_serving

In one process, without a server: what each costs in processor time, and what it answers to ranges players ask for.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "r2v_site.settings")
os.environ.setdefault("STUDIO_DATA_DIR", tempfile.mkdtemp(prefix="studio-bench-"))

import django
from django.http import FileResponse
from whitenoise.responders import StaticFile

from benchmarks.rows import Row, show
from studio.storage.answers import PIECE, Pieces
from studio.storage.ranges import Span, read_range

SIZE = 100 * 1000**2
ROUNDS = 5


def main() -> None:
    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "film.mp4"
        film.write_bytes(bytes(SIZE))
        for name, way in WAYS.items():
            show(Row(name=f"100 MB by {name}", value=_fastest(way, film), unit="ms"))
        show(
            Row(
                name="a range of one byte, ours", value=_ours_one_byte(), unit="bytes", limit=1, at_least=True
            )
        )
        show(Row(name="a range of one byte, WhiteNoise", value=_whitenoise_one_byte(film), unit="bytes"))


def _fastest(way: Callable[[Path], Iterable[bytes]], film: Path) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for _piece in way(film):
            pass
        times.append((time.process_time() - started) * 1000)
    return round(min(times), 1)


def _whitenoise(film: Path) -> Iterable[bytes]:
    response = _static(film).get_response("GET", {"HTTP_RANGE": "bytes=0-"})
    while piece := response.file.read(PIECE):
        yield piece


def _static(film: Path) -> StaticFile:
    return StaticFile(str(film), [("Content-Type", "video/mp4")])


def _whitenoise_one_byte(film: Path) -> float:
    response = _static(film).get_response("GET", {"HTTP_RANGE": "bytes=0-0"})
    return float(len(response.file.read())) if response.status == 206 else 0.0


def _ours_one_byte() -> float:
    span = read_range("bytes=0-0", SIZE)
    return float(span.length) if span else 0.0


WAYS: dict[str, Callable[[Path], Iterable[bytes]]] = {
    "our responder": lambda film: Pieces(film, Span(first=0, last=SIZE - 1)),
    "WhiteNoise's responder": _whitenoise,
    "Django's FileResponse": lambda film: FileResponse(film.open("rb")),
}

if __name__ == "__main__":
    main()
