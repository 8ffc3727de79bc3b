"""An upload of 100 MB with its checksum, against nginx writing the same body to the same disk.

    python -m benchmarks.uploads

nginx is Debian's (with its WebDAV module), from the PATH or named by STUDIO_BENCH_NGINX. Without it
the scale is a bare socket that writes to disk, and the row says so.
"""

from __future__ import annotations

import http.client
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.memory import family, proportional_kb
from benchmarks.rows import Row, show
from benchmarks.studio_server import Running, free_port, manage, studio
from benchmarks.tus import create, finish, send

SIZE = 100 * 1000**2
PIECE = 1024 * 1024
PART = 8 * 1024 * 1024
ROUNDS = 5
NGINX = os.environ.get("STUDIO_BENCH_NGINX") or shutil.which("nginx") or ""


def main() -> None:
    ours, grown = _studio()
    theirs, what = _scale()
    show(Row(name="100 MB through the studio, parts of 8 MB, synced, with SHA-256", value=ours, unit="s"))
    show(Row(name=f"the same body written by {what}", value=theirs, unit="s"))
    share = round(theirs / ours, 2)
    show(Row(name="speed of the studio against it", value=share, unit="x", limit=0.25, at_least=True))
    show(Row(name="memory grown meanwhile", value=grown, unit="MB", limit=16))


def _studio() -> tuple[float, float]:
    """The median seconds for one upload, and how many MB the web processes grew at their highest."""
    with studio("web") as running:
        project = manage(running.environment, "shell", "--verbosity=0", "-c", INBOX).strip().splitlines()[-1]
        _round(running, project)
        # The serving processes; the locked child that looks at the file comes and goes, with limits of its own.
        servers = family(running.processes["web"].pid)
        before, highest, over = _megabytes(servers), [0.0], threading.Event()

        def watch() -> None:
            while not over.wait(0.05):
                highest[0] = max(highest[0], _megabytes(servers))

        watcher = threading.Thread(target=watch)
        watcher.start()
        seconds = sorted(_round(running, project) for _ in range(ROUNDS))
        over.set()
        watcher.join()
        return round(seconds[ROUNDS // 2], 2), round(max(highest[0], before) - before, 1)


def _megabytes(processes: list[int]) -> float:
    return sum(proportional_kb(pid) for pid in processes) / 1024


def _round(running: Running, project: str) -> float:
    """One file of noise: what is measured is the way in, so it is refused at the end after its checksum."""
    body = secrets.token_bytes(PIECE) * (SIZE // PIECE + 1)
    started = time.perf_counter()
    line, place = create(running, SIZE, project=project, name="noise.mp4")
    for offset in range(0, SIZE, PART):
        send(running, line, place, body[offset : min(offset + PART, SIZE)], offset)
    finish(running, line, place)
    return time.perf_counter() - started


def _scale() -> tuple[float, str]:
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        if NGINX:
            with _nginx(Path(folder)) as url:
                return _puts(url), "nginx"
        with _bare_socket(Path(folder)) as url:
            return _puts(url), "a bare socket (nginx is absent)"


def _puts(url: str) -> float:
    body = secrets.token_bytes(PIECE) * (SIZE // PIECE + 1)
    seconds = []
    for number in range(ROUNDS):
        address = urlsplit(url)
        line = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
        started = time.perf_counter()
        line.request("PUT", f"/body-{number}", body=body[:SIZE])
        line.getresponse().read()
        seconds.append(time.perf_counter() - started)
    return round(sorted(seconds)[ROUNDS // 2], 2)


@contextmanager
def _nginx(folder: Path) -> Iterator[str]:
    port = free_port()
    settings = folder / "nginx.conf"
    settings.write_text(CONFIG.format(folder=folder, port=port))
    process = subprocess.Popen([NGINX, "-c", str(settings), "-p", str(folder), "-e", str(folder / "log")])
    try:
        _wait_for_port(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for_port(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port}")


@contextmanager
def _bare_socket(folder: Path) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for number in range(ROUNDS):
            line, _ = listener.accept()
            with line, (folder / str(number)).open("wb") as file:
                left = SIZE
                _, _, first = line.recv(65536).partition(b"\r\n\r\n")
                left -= file.write(first)
                while left > 0 and (piece := line.recv(256 * 1024)):
                    left -= file.write(piece)
                line.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()


INBOX = "from studio.models import Project; print(Project.objects.get(is_inbox=True).pk)"
CONFIG = """
daemon off; pid {folder}/pid; worker_processes 1; user root;
events {{}}
http {{
  access_log off; client_max_body_size 200m; client_body_temp_path {folder}/temp; proxy_temp_path {folder}/t1;
  fastcgi_temp_path {folder}/t2; uwsgi_temp_path {folder}/t3; scgi_temp_path {folder}/t4;
  server {{ listen 127.0.0.1:{port}; root {folder}/put; location / {{ dav_methods PUT; create_full_put_path on; }} }}
}}
"""

if __name__ == "__main__":
    main()
