"""Fetching a finished clip from wherever a provider says it lies: without keys, within limits, from public places."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpcore
import httpx

from studio.providers.addresses import AddressRefused
from studio.providers.wire import FAILURES, Wire, checked_url, place, wall_clock

Reason = Literal["refused", "gone", "slow", "too_big", "broken", "unreachable", "not_a_film"]

MOST_REDIRECTS = 3
READ_SECONDS = 30.0  # of silence
_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {403, 404, 410}
_FILMS = ("video/", "application/octet-stream", "binary/octet-stream", "application/mp4")

_SENTENCES: dict[Reason, str] = {
    "refused": "The address of the clip is not one that we may open.",
    "gone": "The clip is no longer where it was.",
    "slow": "The clip came too slowly to be copied.",
    "too_big": "The file is far larger than a clip can be.",
    "broken": "The copy of the clip broke off.",
    "unreachable": "The place where the clip lies isn’t answering.",
    "not_a_film": "What lies at the clip’s address is not a film.",
}


@dataclass(frozen=True, kw_only=True)
class Downloaded:
    """A whole file on disk. `content_type` is what its host called it, which proves nothing."""

    size: int
    sha256: str
    content_type: str


class DownloadFailed(Exception):
    """No whole file. `sentence` is for people, `detail` for the log (no queries: they can be signatures)."""

    def __init__(self, reason: Reason, *, detail: str = "", status: int = 0) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason: Reason = reason
        self.sentence = _SENTENCES[reason]
        self.detail = detail
        self.status = status


def download(
    url: str,
    to: Path,
    *,
    max_bytes: int,
    seconds: float,
    allow_private: bool = False,
    on_bytes: Callable[[int], None] | None = None,
    on_total: Callable[[int], None] | None = None,
) -> Downloaded:
    """Fetch a file to `to`, synced to the disk. `on_bytes` hears how many have come so far, `on_total` once how many
    are promised.

    No key, cookie or proxy goes along. Every address is checked and connected to as checked; at most three
    redirects are followed, each checked again; `http` and private addresses only with `allow_private`.

    Raises DownloadFailed, after which nothing is left at `to`; OSError if our own disk does not take the file.
    """
    with wall_clock(seconds):
        ends_at = time.monotonic() + seconds
        try:
            with _opened(url, allow_private=allow_private) as response:
                _check(response, max_bytes)
                if on_total and response.promised:
                    on_total(response.promised)
                return _store(response, to, max_bytes=max_bytes, ends_at=ends_at, on_bytes=on_bytes)
        except AddressRefused as error:
            raise DownloadFailed("refused", detail=str(error)) from error
        except (httpcore.ReadTimeout, httpcore.WriteTimeout) as error:
            raise DownloadFailed("slow", detail=type(error).__name__) from error
        except (httpcore.ConnectError, httpcore.TimeoutException) as error:
            raise DownloadFailed("unreachable", detail=f"{type(error).__name__}: {error}") from error
        except FAILURES as error:
            raise DownloadFailed("broken", detail=f"{type(error).__name__}: {error}") from error


class _Answer:
    """The head of an answer, and its body as it comes."""

    def __init__(self, response: httpcore.Response) -> None:
        self.status = response.status
        self.parts = response.iter_stream
        self._headers = {name.lower(): value for name, value in response.headers}

    def header(self, name: str) -> str:
        return self._headers.get(name.encode(), b"").decode("latin-1").strip()

    @property
    def promised(self) -> int:
        """Bytes that the head of the answer speaks of, 0 if of none."""
        length = self.header("content-length")
        return int(length) if length.isascii() and length.isdigit() and len(length) < 16 else 0

    @property
    def content_type(self) -> str:
        return self.header("content-type").partition(";")[0].strip().lower()[:100]


@contextlib.contextmanager
def _opened(url: str, *, allow_private: bool) -> Iterator[_Answer]:
    """The answer at the end of the redirects. Each hop has a connection of its own and nothing else in common."""
    for _ in range(1 + MOST_REDIRECTS):
        target = checked_url(url, allow_private=allow_private)
        with contextlib.closing(Wire(allow_private=allow_private)) as wire:
            opened = wire.open(_request(target), silence=READ_SECONDS)
            with contextlib.closing(opened):
                answer = _Answer(opened)
                if answer.status not in _REDIRECTS:
                    yield answer
                    return
                url = _next(target, answer)
    raise DownloadFailed("refused", detail=f"more than {MOST_REDIRECTS} redirects")


def _request(target: httpx.URL) -> httpcore.Request:
    headers = {
        "Host": target.netloc.decode(),
        "Accept": "video/*, application/octet-stream;q=0.9",
        "Accept-Encoding": "identity",
        "User-Agent": "r2v-studio",
    }
    return httpcore.Request("GET", place(target), headers=list(headers.items()))


def _next(target: httpx.URL, response: _Answer) -> str:
    try:
        return str(target.join(response.header("location")))
    except httpx.InvalidURL as error:
        raise DownloadFailed("refused", detail="a redirect to nowhere") from error


def _check(response: _Answer, max_bytes: int) -> None:
    """Everything the head of the answer tells, before a byte is written."""
    status, kind = response.status, response.content_type
    if status != 200:
        reason: Reason = "gone" if status in _GONE else "unreachable" if status in (408, 429) else "broken"
        raise DownloadFailed(
            "unreachable" if status >= 500 else reason, detail=f"status {status}", status=status
        )
    if response.header("content-encoding").lower() not in ("", "identity"):
        raise DownloadFailed("broken", detail="a packed answer, which nobody asked for", status=status)
    if kind and not kind.startswith(_FILMS):
        raise DownloadFailed("not_a_film", detail=kind, status=status)
    if response.promised > max_bytes:
        raise DownloadFailed("too_big", detail=f"{response.promised} of {max_bytes} bytes", status=status)


def _store(
    response: _Answer,
    to: Path,
    *,
    max_bytes: int,
    ends_at: float,
    on_bytes: Callable[[int], None] | None,
) -> Downloaded:
    digest, size = hashlib.sha256(), 0
    try:
        with to.open("wb") as file:
            for part in response.parts():
                size += len(part)
                if size > max_bytes:
                    raise DownloadFailed("too_big", detail=f"more than {max_bytes} bytes", status=200)
                if time.monotonic() > ends_at:
                    raise DownloadFailed("slow", detail=f"{size} bytes in time", status=200)
                digest.update(part)
                file.write(part)
                if on_bytes:
                    on_bytes(size)
            if not size:
                raise DownloadFailed("broken", detail="an empty file", status=200)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        to.unlink(missing_ok=True)
        raise
    return Downloaded(size=size, sha256=digest.hexdigest(), content_type=response.content_type)
