"""The one way to talk to a provider: bound to its host, bounded in time and bytes, and a create leaves once."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterable, Mapping
from typing import IO, Any, cast
from urllib.parse import urlencode

import httpcore
import httpx

from studio.providers.addresses import AddressRefused
from studio.providers.answers import Answer, redacted
from studio.providers.base import Account, ErrorCategory, ProviderError
from studio.providers.sentences import problem
from studio.providers.wire import FAILURES, Wire, checked_url, place, wall_clock

CREATE_SECONDS = 60.0
LOOK_SECONDS = 30.0
UPLOAD_SECONDS = 300.0
MAX_ANSWER = 1_000_000  # bytes
CONNECTIONS = 10

File = tuple[str, IO[bytes], str]
_UNSENT = (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.UnsupportedProtocol, AddressRefused)
_COMMON = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "r2v-studio"}


class ProviderHttp:
    """Calls to one account. Its key goes to the host of `account.base_url` and nowhere else.

    There are no redirects, no cookies, no proxies and no repeats; a redirect is an answer like any other. Every
    method returns the answer whatever its status, and raises ProviderError where there is none: NOT_SENT or
    UNCERTAIN for a create, PROVIDER_BUSY for the rest.

    `wire` stands in for the network in tests.
    """

    def __init__(
        self, account: Account, *, headers: Mapping[str, str], label: str, wire: Wire | None = None
    ) -> None:
        self._account = account
        self._label = label
        base = self._checked(account.base_url)
        self._place, self._prefix = place(base), base.raw_path.rstrip(b"/")
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise problem(label, ErrorCategory.AUTH, detail="The key has characters that no key has.")
        self._headers = _raw({"Host": base.netloc.decode()} | _COMMON | dict(headers))
        self._given = wire
        self._wire = wire or Wire(allow_private=account.allow_private, connections=CONNECTIONS)

    def create(
        self, path: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send what may cost money, exactly once, over a connection of its own.

        Raises ProviderError: NOT_SENT if nothing was written, UNCERTAIN if no whole answer came back.
        """
        request = self._request("POST", path, json=body, headers=headers)
        fresh = self._fresh()
        try:
            return self._exchange(fresh, request, seconds=CREATE_SECONDS)
        except _UNSENT as error:
            raise self._problem(ErrorCategory.NOT_SENT, request, error) from error
        except (*FAILURES, _TooLong) as error:
            raise self._problem(ErrorCategory.UNCERTAIN, request, error) from error
        finally:
            fresh.close()

    def get(
        self, path: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        query = f"?{urlencode(params)}" if params else ""
        return self._ask(self._wire, self._request("GET", path + query, headers=headers), LOOK_SECONDS)

    def post(self, path: str, json: Mapping[str, Any] | None = None) -> Answer:
        """For what costs nothing, such as a cancellation."""
        return self._ask(self._wire, self._request("POST", path, json=json), LOOK_SECONDS)

    def upload(self, url_or_path: str, files: Mapping[str, File], data: Mapping[str, str]) -> Answer:
        """Send a form with files. A whole address is somebody else's place: the key does not go there."""
        is_ours = url_or_path.startswith("/")
        form = httpx.Request("POST", "http://form/" if is_ours else url_or_path, files=files, data=dict(data))
        described = {name: form.headers[name] for name in ("Content-Type", "Content-Length")}
        content = cast(httpx.SyncByteStream, form.stream)
        if is_ours:
            request = self._request("POST", url_or_path, headers=described, content=content)
        else:
            there = self._checked(url_or_path)
            headers = _raw({"Host": there.netloc.decode()} | _COMMON | described)
            request = httpcore.Request("POST", place(there), headers=headers, content=content)
        fresh = self._fresh()
        try:
            return self._ask(fresh, request, UPLOAD_SECONDS)
        finally:
            fresh.close()

    def _request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Mapping[str, Any] | None = None,
        content: bytes | Iterable[bytes] = b"",
    ) -> httpcore.Request:
        if not path.startswith("/") or path.startswith("//") or not path.isascii() or " " in path:
            raise ValueError(f"not a path of the provider's host: {path!r}")
        sent = [*self._headers, *_raw(headers or {})]
        if json is not None:
            content = jsonlib.dumps(json, allow_nan=False).encode()
            sent.append((b"Content-Type", b"application/json"))
        if isinstance(content, bytes) and method == "POST":
            sent.append((b"Content-Length", str(len(content)).encode()))
        here = self._place
        target = httpcore.URL(
            scheme=here.scheme, host=here.host, port=here.port, target=self._prefix + path.encode()
        )
        return httpcore.Request(method, target, headers=sent, content=content)

    def _fresh(self) -> Wire:
        return self._given or Wire(allow_private=self._account.allow_private)

    def _ask(self, wire: Wire, request: httpcore.Request, seconds: float) -> Answer:
        try:
            return self._exchange(wire, request, seconds=seconds)
        except (*FAILURES, AddressRefused, _TooLong) as error:
            raise self._problem(ErrorCategory.PROVIDER_BUSY, request, error) from error

    def _exchange(self, wire: Wire, request: httpcore.Request, *, seconds: float) -> Answer:
        with wall_clock(seconds):
            response = wire.open(request, silence=min(seconds, CREATE_SECONDS))
            try:
                body = _bounded(response)
            finally:
                response.close()
        return Answer(
            status=response.status,
            headers={name.decode().lower(): value.decode("latin-1") for name, value in response.headers},
            body=body,
            call=_call(request),
            secrets=(self._account.key,),
        )

    def _problem(self, category: ErrorCategory, request: httpcore.Request, error: Exception) -> ProviderError:
        why = redacted(f"{_call(request)}: {type(error).__name__}: {error}", (self._account.key,))
        return problem(self._label, category, detail=why)

    def _checked(self, url: str) -> httpx.URL:
        try:
            checked = checked_url(url, allow_private=self._account.allow_private)
        except AddressRefused as error:
            raise problem(self._label, ErrorCategory.NOT_SENT, detail=str(error)) from error
        if checked.query or checked.fragment:
            raise problem(self._label, ErrorCategory.NOT_SENT, detail="An address without a query is needed.")
        return checked


class _TooLong(Exception):
    """An answer that no provider gives."""


def _bounded(response: httpcore.Response) -> bytes:
    """The body as it came, never unpacked."""
    body = bytearray()
    for part in response.iter_stream():
        body += part
        if len(body) > MAX_ANSWER:
            raise _TooLong(f"more than {MAX_ANSWER} bytes")
    return bytes(body)


def _call(request: httpcore.Request) -> str:
    return f"{request.method.decode()} {request.url.target.decode().partition('?')[0]}"


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
