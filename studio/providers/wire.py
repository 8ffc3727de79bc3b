"""Connections that know their time and their place: a wall clock over every call, and checked addresses only.

Certificates are checked against the host's name although the address is pinned: the name is asked for once, and
whatever it answers later cannot lead anywhere else.
"""

from __future__ import annotations

import contextlib
import functools
import ssl
import time
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from studio.providers.addresses import AddressRefused, checked_addresses

CONNECT_SECONDS = 10.0

FAILURES = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)

_ends_at: ContextVar[float] = ContextVar("ends_at", default=float("inf"))


def checked_url(url: str, *, allow_private: bool) -> httpx.URL:
    """An address in the one spelling that every program reads alike: https, a host, no user. `http` only where
    private addresses are allowed. Raises AddressRefused.
    """
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise AddressRefused("an address with characters that no address has")
    schemes = ("https", "http") if allow_private else ("https",)
    try:
        target, authority = httpx.URL(url), urlsplit(url).netloc
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused("not an address") from error
    if target.scheme not in schemes or not target.host or "@" in authority:
        raise AddressRefused(f"not an address that we open: {target.scheme}://{target.host}")
    return target


@contextlib.contextmanager
def wall_clock(seconds: float) -> Iterator[None]:
    """Whatever this thread connects, sends and reads inside must be over in `seconds`, however it drips."""
    outer = _ends_at.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(outer)


@functools.cache
def tls_context() -> ssl.SSLContext:
    """Certificates are always checked; nothing in the environment changes that."""
    return httpx.create_ssl_context(trust_env=False)


class Wire:
    """A few connections to checked addresses. No proxies, no redirects, no cookies, no repeats: what is sent is what
    was written, once.

    This is httpx without its comforts, on the engine below it: that one lets us say who connects, and costs a third
    less per query.
    """

    def __init__(self, *, allow_private: bool, connections: int = 1) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls_context(),
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=60,
            network_backend=_CheckedNetwork(allow_private=allow_private),
        )

    def open(self, request: httpcore.Request, *, silence: float) -> httpcore.Response:
        """Send a request and return the head of its answer; the caller closes it. `silence` is the longest wait for
        the next bytes. Raises AddressRefused or one of FAILURES.
        """
        request.extensions["timeout"] = {
            "connect": CONNECT_SECONDS,
            "pool": CONNECT_SECONDS,
            "read": silence,
            "write": silence,
        }
        return self._pool.handle_request(request)

    def close(self) -> None:
        self._pool.close()


def place(url: httpx.URL) -> httpcore.URL:
    """The same address, as the engine takes it; without its fragment."""
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


class _CheckedNetwork(httpcore.NetworkBackend):
    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        ends_at = time.monotonic() + _left(timeout, httpcore.ConnectTimeout)
        try:
            addresses = checked_addresses(host, port, allow_private=self._allow_private)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        why: httpcore.ConnectError | httpcore.ConnectTimeout = httpcore.ConnectTimeout("no time left")
        for tried, address in enumerate(addresses):
            left = ends_at - time.monotonic()
            if left <= 0:
                break
            try:
                stream = self._plain.connect_tcp(address, port, timeout=left / (len(addresses) - tried))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                why = error
            else:
                return _TimedStream(stream)
        raise why


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None, over: type[httpcore.TimeoutException]) -> float:
    left = _ends_at.get() - time.monotonic()
    if left <= 0:
        raise over("no time left")
    return min(left, CONNECT_SECONDS if timeout is None else timeout)
