"""Another page while 50 readers of a film and 16 uploads stall: the 95th of 100 answers.

    python -m benchmarks.stalls

A stalled reader asked for the whole film and reads nothing; a stalled upload announced a part and sends no more.
"""

from __future__ import annotations

import http.client
import socket
import time
from urllib.parse import urlsplit

from benchmarks import tus
from benchmarks.memory import family, proportional_kb
from benchmarks.rows import Row, show
from benchmarks.studio_server import Running, manage, studio

READERS = 50
UPLOADS = 16
ASKED = 100
PAGE = "/works/"
PART = 8 * 1024 * 1024


def main() -> None:
    with studio("web") as running:
        project, film = manage(running.environment, "shell", "--verbosity=0", "-c", FILM).split()[-2:]
        alone = _ninety_fifth(running)
        calm = _megabytes(running)
        stalled: list[http.client.HTTPConnection | socket.socket] = [
            _reader(running, film) for _ in range(READERS)
        ]
        stalled += [_upload(running, project) for _ in range(UPLOADS)]
        time.sleep(1)
        beside = _ninety_fifth(running)
        grown = _megabytes(running) - calm
        for line in stalled:
            line.close()
    show(Row(name=f"p95 of {PAGE}, nothing else going on", value=alone, unit="ms"))
    show(Row(name=f"p95 beside {READERS} readers and {UPLOADS} uploads", value=beside, unit="ms", limit=200))
    show(Row(name="memory all of them hold", value=round(grown, 1), unit="MB"))


def _ninety_fifth(running: Running) -> float:
    """Milliseconds, each on a connection of its own as a person's browser would open it."""
    times = []
    for _ in range(ASKED):
        started = time.perf_counter()
        line = tus.connect(running)
        line.request("GET", PAGE, headers={"Cookie": f"sessionid={running.session}"})
        answer = line.getresponse()
        answer.read()
        line.close()
        if answer.status != 200:
            raise RuntimeError(f"{PAGE} answered {answer.status}")
        times.append((time.perf_counter() - started) * 1000)
    return round(sorted(times)[int(ASKED * 0.95) - 1], 1)


def _reader(running: Running, film: str) -> socket.socket:
    """The head of the film's answer has come; then nobody reads."""
    address = urlsplit(running.url)
    line = socket.create_connection((str(address.hostname), address.port or 80))
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    path = f"/media/files/{film}/play"
    line.sendall(
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={running.session}\r\n\r\n".encode()
    )
    head = line.recv(64)
    if b" 200 " not in head:
        raise RuntimeError(f"{path} answered {head!r}")
    return line


def _upload(running: Running, project: str) -> http.client.HTTPConnection:
    """A part of 8 MB of which 100 KB came."""
    line, place = tus.create(running, PART, project=project, name="slow.mp4")
    line.putrequest("PATCH", place)
    asked = tus.headers(running) | {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    for name, value in (asked | {"Content-Length": str(PART)}).items():
        line.putheader(name, value)
    line.endheaders()
    line.send(bytes(100_000))
    return line


def _megabytes(running: Running) -> float:
    return sum(proportional_kb(pid) for pid in family(running.processes["web"].pid)) / 1024


FILM = """
import hashlib
from studio.storage import contents
from studio.models import LibraryFile, MediaFile, Project, User
project = Project.objects.get(is_inbox=True)
size = 100_000_000
facts = {"kind": "video", "format": "mp4", "mime": "video/mp4", "size_bytes": size, "duration": 30.0,
         "video_codec": "h264", "pixel_format": "yuv420p", "width": 1280, "height": 720}
stored = MediaFile(sha256=hashlib.sha256(b"film").hexdigest(), kind="video", mime="video/mp4", extension="mp4",
                   size_bytes=size, facts=facts)
path = contents.path_of(stored)
path.parent.mkdir(parents=True, exist_ok=True)
with path.open("wb") as file:
    file.write(bytes(size))
stored.save(force_insert=True)
film = LibraryFile.objects.create(project=project, media=stored, name="Film", original_name="film.mp4",
                                  added_by=User.objects.get())
print(project.pk, film.pk)
"""

if __name__ == "__main__":
    main()
