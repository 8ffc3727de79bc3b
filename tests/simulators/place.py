"""A place on the net where references lie and webhooks arrive, for these tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Received:
    """One POST that came in; `headers` have lower-case names."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Place:
    """`files` are (content type, bytes) by path; everything else answers 404. POSTs are kept in `received`."""

    url: str = ""
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)

    def put(self, path: str, content_type: str, content: bytes) -> str:
        self.files[path] = (content_type, content)
        return self.url + path


@contextmanager
def place() -> Iterator[Place]:
    here = Place()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content_type, content = here.files.get(self.path, ("text/plain", b""))
            status = 200 if self.path in here.files else 404
            if status == 200 and self.headers.get("Range") == "bytes=0-15":
                status, content = 206, content[:16]
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_HEAD = do_GET  # noqa: N815 - named by the standard library

        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", "0")))
            here.received.append(Received(path=self.path, headers=headers, body=body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    here.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
