"""Putting an answer on the socket, rightly or as a fault wants it."""

from __future__ import annotations

import os
import select
import socket
import struct
import time
from http import HTTPStatus

from tests.simulators.faults import Fault
from tests.simulators.results import Stream
from tests.simulators.wire import Answer

DRIP_BYTES = 16
DRIP_PAUSE = 0.2


def reset(connection: socket.socket) -> None:
    """The other side gets a reset, whatever it is doing."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())


def stay_silent(connection: socket.socket, seconds: float) -> None:
    """Say nothing until the other side leaves or the time is over."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        readable, _, _ = select.select([connection], [], [], min(left, 0.2))
        if readable and not connection.recv(1, socket.MSG_PEEK):
            return


def send(connection: socket.socket, method: str, answer: Answer | Stream, fault: Fault | None) -> bool:
    """Whether the connection may be used again."""
    if isinstance(answer, Stream):
        return _pour(connection, method, answer)
    head = _head(answer)
    body = b"" if method == "HEAD" or answer.status in (204, 304) else answer.body
    what = fault.what if fault else ""
    if what == "cut":
        connection.sendall(head + body[: len(body) // 2])
        return False
    if what == "drip":
        connection.sendall(head)
        for start in range(0, len(body), DRIP_BYTES):
            connection.sendall(body[start : start + DRIP_BYTES])
            time.sleep(DRIP_PAUSE)
        return True
    connection.sendall(head + body)
    return True


def _head(answer: Answer) -> bytes:
    lines = [
        f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
        f"Content-Type: {answer.content_type}",
        f"Content-Length: {len(answer.body)}",
        *(f"{name}: {value}" for name, value in answer.headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _pour(connection: socket.socket, method: str, stream: Stream) -> bool:
    lines = ["HTTP/1.1 200 OK", f"Content-Type: {stream.content_type}", "Connection: close"]
    if stream.length is not None:
        lines.append(f"Content-Length: {stream.length}")
    lines += [f"{name}: {value}" for name, value in stream.headers.items()]
    connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
    if method != "HEAD":
        for chunk in stream.chunks:
            connection.sendall(chunk)
    return False
