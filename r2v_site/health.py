"""Asking our own web server whether it answers."""

from __future__ import annotations

import http.client
import socket
import time

LOOK_EVERY_SECONDS = 0.05


def wait_until_healthy(host: str, port: int, *, within_seconds: float) -> bool:
    """True as soon as /healthz answers; False when the time is up."""
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline:
        if is_healthy(host, port):
            return True
        time.sleep(LOOK_EVERY_SECONDS)
    return False


def is_healthy(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(reachable(host), port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def is_port_free(host: str, port: int) -> bool:
    """Whether nobody listens there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def reachable(host: str) -> str:
    """An address to connect to for an address to listen on."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104
