"""One bucket of S3 storage: put a file there, hand out a link to it, take it away again. Nothing here knows Django.

What is signed goes over our own wire: to the endpoint alone, once, without proxies or redirects, and within limits of
time and bytes.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

import httpcore
import httpx

from studio.providers.addresses import AddressRefused
from studio.providers.wire import FAILURES, Wire, checked_url, place, wall_clock

ASK_SECONDS = 20.0
PUT_SECONDS = 300.0
SILENCE_SECONDS = 20.0
MAX_ANSWER = 2_000_000  # bytes; a full list of a thousand names has about 400,000
PIECE = 256 * 1024

_CODE = re.compile(rb"<Code>(\w{1,60})</Code>")
_NAME = re.compile(rb"<Key>([^<&]+)</Key>")
_WRONG_KEYS = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken"}
_ELSEWHERE = {"PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed", "InvalidRegion"}
_PASSING = {"RequestTimeout", "SlowDown", "OperationAborted"}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the bucket is and the keys to it. The endpoint is an address without a path; if its host begins with the
    bucket's name, the name is not repeated in the path. `allow_http` also lets http endpoints be spoken to.
    """

    endpoint: str
    bucket: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)
    allow_http: bool = False


class Away(Exception):
    """The storage could not be reached, or is busy: the same may work later. The text is for the log."""


class Refused(Exception):
    """The storage said no, and will again until somebody changes something. `sentence` says what, for people."""

    def __init__(self, sentence: str, *, detail: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.detail = detail


@dataclass(frozen=True, kw_only=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def code(self) -> str:
        found = _CODE.search(self.body)
        return found[1].decode() if found else ""


class Bucket:
    """Every method but `link` asks the storage, and raises Away or Refused where it does not do as asked."""

    def __init__(self, there: Place) -> None:
        # Loaded here: a studio without a bucket need not wait a fifth of a second for it.
        from studio.delivery.s3_signatures import Signatures

        self._there = there
        self._signatures = Signatures(
            access_key=there.access_key, secret_key=there.secret_key, region=there.region
        )

    def link(self, name: str, *, seconds: int) -> str:
        """An address that opens the file to anybody for so long (seven days at most).

        A signature holds for one method: this one for GET, with or without Range, and any number of times. HEAD is
        answered 403. Providers fetch references by GET; the contract promises none of them HEAD.
        """
        return self._signatures.link("GET", self._url(name), seconds=seconds)

    def holds(self, name: str, size_bytes: int) -> bool:
        """Whether the whole file is there. Where the keys may not tell, it counts as absent."""
        answer = self._ask("HEAD", name)
        self._raise_if_away(answer)
        return answer.status == 200 and answer.headers.get("content-length") == str(size_bytes)

    def put(self, name: str, path: Path, *, mime: str) -> None:
        """Store a file under a name, its bytes signed. It is as private as the bucket is."""
        with path.open("rb") as file:
            headers = {"Content-Type": mime, "Content-Length": str(path.stat().st_size)}
            self._check(self._ask("PUT", name, headers=headers, file=file, seconds=PUT_SECONDS))

    def names(self, prefix: str) -> list[str]:
        """The first thousand names that begin so, in their order."""
        query = urlencode({"list-type": "2", "prefix": prefix})
        answer = self._ask("GET", "", query=query)
        self._check(answer)
        return [name.decode() for name in _NAME.findall(answer.body) if name.startswith(prefix.encode())]

    def drop(self, name: str) -> None:
        """Remove a file. That it was not there is no failure."""
        answer = self._ask("DELETE", name)
        if answer.status != 404 or answer.code == "NoSuchBucket":
            self._check(answer)

    def _url(self, name: str, query: str = "") -> str:
        endpoint, bucket = self._there.endpoint.rstrip("/"), self._there.bucket
        in_host = httpx.URL(endpoint).host.startswith(f"{bucket}.")
        path = f"/{name}" if in_host else f"/{bucket}/{name}".rstrip("/")
        return f"{endpoint}{path}{'?' if query else ''}{query}"

    def _ask(
        self,
        method: str,
        name: str,
        *,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        file: IO[bytes] | None = None,
        seconds: float = ASK_SECONDS,
    ) -> _Answer:
        url = self._url(name, query)
        signed = self._signatures.headers(method, url, headers or {}, file)
        try:
            return self._exchange(url, method, signed, _pieces(file) if file else b"", seconds)
        except (*FAILURES, AddressRefused, _TooLong) as error:
            raise Away(f"{method} {name}: {type(error).__name__}: {error}") from error

    def _exchange(
        self,
        url: str,
        method: str,
        headers: Mapping[str, str],
        content: bytes | Iterable[bytes],
        seconds: float,
    ) -> _Answer:
        target = checked_url(url, allow_private=self._there.allow_http)
        sent = {"Host": target.netloc.decode(), "Accept-Encoding": "identity", **headers}
        request = httpcore.Request(method, place(target), headers=list(sent.items()), content=content)
        # The endpoint is the operator's own word, and may well be inside the network; never a metadata address.
        with wall_clock(seconds), contextlib.closing(Wire(allow_private=True)) as wire:
            response = wire.open(request, silence=SILENCE_SECONDS)
            with contextlib.closing(response):
                body = _bounded(response)
        found = {key.decode().lower(): value.decode("latin-1") for key, value in response.headers}
        return _Answer(status=response.status, headers=found, body=body)

    def _check(self, answer: _Answer) -> None:
        self._raise_if_away(answer)
        if not 200 <= answer.status < 300:
            raise Refused(self._why(answer), detail=f"status {answer.status} {answer.code}".strip())

    def _raise_if_away(self, answer: _Answer) -> None:
        if answer.status >= 500 or answer.status == 429 or answer.code in _PASSING:
            raise Away(f"status {answer.status} {answer.code}".strip())

    def _why(self, answer: _Answer) -> str:
        bucket, code = self._there.bucket, answer.code
        if code == "NoSuchBucket" or (answer.status == 404 and not code):
            return f"The storage has no bucket “{bucket}”. An owner puts STUDIO_S3_BUCKET right."
        if code in _ELSEWHERE or 300 <= answer.status < 400:
            return (
                f"The bucket “{bucket}” belongs to another address or region. An owner puts STUDIO_S3_ENDPOINT "
                "and STUDIO_S3_REGION right."
            )
        if code in _WRONG_KEYS:
            return (
                "The storage didn’t accept the studio’s keys. An owner puts STUDIO_S3_ACCESS_KEY and "
                "STUDIO_S3_SECRET_KEY right."
            )
        if code == "RequestTimeTooSkewed":
            return (
                "The storage refused the studio because this server’s clock is wrong. An owner sets it right."
            )
        if answer.status in {401, 403}:
            return (
                f"The studio’s keys don’t open the bucket “{bucket}”. An owner allows them to write there, or puts "
                "STUDIO_S3_BUCKET right."
            )
        return f"The storage would not take a file into the bucket “{bucket}”."


class _TooLong(Exception):
    """An answer that no storage gives."""


def _bounded(response: httpcore.Response) -> bytes:
    body = bytearray()
    for part in response.iter_stream():
        body += part
        if len(body) > MAX_ANSWER:
            raise _TooLong(f"more than {MAX_ANSWER} bytes")
    return bytes(body)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
