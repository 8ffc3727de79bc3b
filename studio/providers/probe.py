"""One look at an address of our own: does it answer, and what does it say?"""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from typing import Literal

import httpcore

from studio.providers.addresses import AddressRefused
from studio.providers.wire import FAILURES, Wire, checked_url, place, wall_clock

SECONDS = 10.0
MOST_BYTES = 1000


@dataclass(frozen=True, kw_only=True)
class Said:
    """The first bytes of an answer as text, whatever its status; and how long it took."""

    text: str
    seconds: float


class NoAnswer(Exception):
    """`reason`: "refused", an address that we do not open; or "silent"."""

    def __init__(self, reason: Literal["refused", "silent"], detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


def look(url: str, *, allow_private: bool) -> Said:
    """Fetch an address once, without keys, cookies, proxies or redirects. Raises NoAnswer."""
    began = time.monotonic()
    try:
        with wall_clock(SECONDS), closing(Wire(allow_private=allow_private)) as wire:
            target = checked_url(url, allow_private=allow_private)
            headers = {
                "Host": target.netloc.decode(),
                "Accept": "text/plain",
                "Accept-Encoding": "identity",
                "User-Agent": "r2v-studio",
            }
            request = httpcore.Request("GET", place(target), headers=list(headers.items()))
            with closing(wire.open(request, silence=SECONDS)) as answer:
                text = _beginning(answer)
    except AddressRefused as error:
        raise NoAnswer("refused", str(error)) from error
    except FAILURES as error:
        raise NoAnswer("silent", f"{type(error).__name__}: {error}") from error
    return Said(text=text, seconds=time.monotonic() - began)


def _beginning(answer: httpcore.Response) -> str:
    body = bytearray()
    for part in answer.iter_stream():
        body += part
        if len(body) >= MOST_BYTES:
            break
    return bytes(body[:MOST_BYTES]).decode("ascii", "replace").strip()
