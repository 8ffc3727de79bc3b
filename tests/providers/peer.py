"""A peer on a real socket that says exactly what a test wants, and remembers every connection and request."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Say = Callable[[socket.socket, "Peer"], None]


@dataclass
class Peer:
    """`requests` are heads and bodies as they came. `let_go` ends every answer that holds on."""

    port: int
    say: Say
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    let_go: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def peer(say: Say, *, tls: ssl.SSLContext | None = None) -> Iterator[Peer]:
    """Answers every request on every connection with `say`, until it closes the connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        state = Peer(port=listener.getsockname()[1], say=say)
        done = threading.Event()
        threads: list[threading.Thread] = []
        open_ones: list[socket.socket] = []

        def serve() -> None:
            while not done.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, _ = listener.accept()
                    state.connections += 1
                    open_ones.append(connection)
                    threads.append(threading.Thread(target=_talk, args=(connection, state, tls)))
                    threads[-1].start()

        server = threading.Thread(target=serve)
        server.start()
        try:
            yield state
        finally:
            done.set()
            state.let_go.set()
            for connection in open_ones:  # a pool may still hold on to its own end
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            for thread in [server, *threads]:
                thread.join(10)


def _talk(connection: socket.socket, state: Peer, tls: ssl.SSLContext | None) -> None:
    connection.settimeout(3)
    with contextlib.suppress(OSError), contextlib.closing(connection):
        talking = tls.wrap_socket(connection, server_side=True) if tls else connection
        with contextlib.closing(talking):
            while request := _request(talking):
                state.requests.append(request)
                state.say(talking, state)


def _request(connection: socket.socket) -> bytes:
    """One whole request, or nothing if the client is gone. The body is read too, so that a close is no reset."""
    head = bytearray()
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte or not (head or byte.isalpha()):  # gone, or a handshake where none is spoken
            return b""
        head += byte
    length = 0
    for line in bytes(head).split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    body = b""
    while len(body) < length and (part := connection.recv(length - len(body))):
        body += part
    return bytes(head) + body


def answer(status: str, body: bytes = b"", **headers: str) -> Say:
    """A plain, honest answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join(lines).encode() + b"\r\n\r\n"
    return lambda connection, _: connection.sendall(head + body)


def raw(said: bytes) -> Say:
    """These bytes, then the end of the connection."""

    def say(connection: socket.socket, _: Peer) -> None:
        connection.sendall(said)
        connection.shutdown(socket.SHUT_RDWR)

    return say


def reset(connection: socket.socket, _: Peer) -> None:
    """The connection breaks after the whole request was received."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def silence(connection: socket.socket, state: Peer) -> None:
    state.let_go.wait(20)
    connection.close()


def endless(start: bytes, part: bytes, *, pause: float = 0) -> Say:
    """`start`, then the same part again and again."""

    def say(connection: socket.socket, state: Peer) -> None:
        connection.sendall(start)
        while not state.let_go.wait(pause):
            connection.sendall(part)
        connection.close()

    return say
