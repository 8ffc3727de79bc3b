"""One look at an address of our own: does it answer, and what does it say?"""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from typing import Literal

import httpx

from studio.providers.addresses import AddressRefused
from studio.providers.wire import Transport, checked_url, timeouts, wall_clock

SECONDS = 10.0
MOST_BYTES = 1000


@dataclass(frozen=True, kw_only=True)
class Said:
    """The first bytes of an answer as text, whatever its status; how long it took."""

    text: str
    seconds: float


class NoAnswer(Exception):
    """`reason`: "refused", an address that we do not open; or "silent"."""

    def __init__(self, reason: Literal["refused", "silent"], detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


def look(url: str, *, allow_private: bool, transport: httpx.BaseTransport | None = None) -> Said:
    """Fetch an address once, without keys, cookies, proxies or redirects. Raises NoAnswer.

    `transport` stands in for the network in tests.
    """
    began = time.monotonic()
    try:
        with wall_clock(SECONDS):
            request = httpx.Request(
                "GET",
                checked_url(url, allow_private=allow_private),
                headers={"Accept": "text/plain", "Accept-Encoding": "identity"},
                extensions=timeouts(read=SECONDS),
            )
            with closing(transport or Transport(allow_private=allow_private)) as used:
                text = _beginning(used.handle_request(request))
    except AddressRefused as error:
        raise NoAnswer("refused", str(error)) from error
    except httpx.TransportError as error:
        raise NoAnswer("silent", f"{type(error).__name__}: {error}") from error
    return Said(text=text, seconds=time.monotonic() - began)


def _beginning(response: httpx.Response) -> str:
    body = bytearray()
    with closing(response):
        for part in response.iter_raw():
            body += part
            if len(body) >= MOST_BYTES:
                break
    return bytes(body[:MOST_BYTES]).decode("ascii", "replace").strip()
