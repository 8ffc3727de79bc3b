"""The one way to talk to a provider: bound to its host, bounded in time and bytes, and a create leaves once."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping
from typing import IO, Any, cast

import httpx

from studio.providers.addresses import AddressRefused
from studio.providers.answers import Answer, redacted
from studio.providers.base import Account, ErrorCategory, ProviderError
from studio.providers.sentences import problem
from studio.providers.wire import Transport, checked_url, timeouts, wall_clock

CREATE_SECONDS = 60.0
LOOK_SECONDS = 30.0
UPLOAD_SECONDS = 300.0
MAX_ANSWER = 1_000_000  # bytes
CONNECTIONS = 10

File = tuple[str, IO[bytes], str]
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, AddressRefused)


class ProviderHttp:
    """Calls to one account. Its key goes to the host of `account.base_url` and nowhere else.

    There are no redirects, no cookies, no proxies and no repeats: requests go straight to the transport, and a
    redirect is an answer like any other. Every method returns the answer whatever its status, and raises
    ProviderError where there is none: NOT_SENT or UNCERTAIN for a create, PROVIDER_BUSY for the rest.

    `transport` stands in for the network in tests.
    """

    def __init__(
        self,
        account: Account,
        *,
        headers: Mapping[str, str],
        label: str,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._account = account
        self._label = label
        self._base = _base(account, label)
        self._headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        self._own_headers = dict(headers)
        self._given = transport
        self._pool = transport or Transport(allow_private=account.allow_private, connections=CONNECTIONS)
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise problem(label, ErrorCategory.AUTH, detail="The key has characters that no key has.")

    def create(
        self, path: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send what may cost money, exactly once, over a connection of its own.

        Raises ProviderError: NOT_SENT if nothing was written, UNCERTAIN if no whole answer came back.
        """
        fresh = self._given or Transport(allow_private=self._account.allow_private)
        request = self._request("POST", path, json=body, headers=headers)
        try:
            return self._exchange(fresh, request, seconds=CREATE_SECONDS)
        except _UNSENT as error:
            raise self._problem(ErrorCategory.NOT_SENT, request, error) from error
        except (httpx.TransportError, _TooLong) as error:
            raise self._problem(ErrorCategory.UNCERTAIN, request, error) from error
        finally:
            if fresh is not self._given:
                fresh.close()

    def get(
        self, path: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        return self._ask(self._request("GET", path, params=params, headers=headers))

    def post(self, path: str, json: Mapping[str, Any] | None = None) -> Answer:
        """For what costs nothing, such as a cancellation."""
        return self._ask(self._request("POST", path, json=json))

    def upload(self, url_or_path: str, files: Mapping[str, File], data: Mapping[str, str]) -> Answer:
        """Send a form with files. A whole address is somebody else's place: the key does not go there."""
        if url_or_path.startswith("/"):
            return self._ask(self._request("POST", url_or_path, files=files, data=data), UPLOAD_SECONDS)
        _checked_url(url_or_path, self._account, self._label)
        request = httpx.Request(
            "POST",
            url_or_path,
            headers=self._headers,
            files=files,
            data=dict(data),
            extensions=timeouts(read=LOOK_SECONDS),
        )
        elsewhere = self._given or Transport(allow_private=self._account.allow_private)
        try:
            return self._ask(request, UPLOAD_SECONDS, transport=elsewhere)
        finally:
            if elsewhere is not self._given:
                elsewhere.close()

    def _request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
        files: Mapping[str, File] | None = None,
        data: Mapping[str, str] | None = None,
    ) -> httpx.Request:
        if not path.startswith("/") or path.startswith("//"):
            raise ValueError(f"not a path of the provider's host: {path!r}")
        kind = {} if json is None else {"Content-Type": "application/json"}
        return httpx.Request(
            method,
            self._base + path,
            headers=self._headers | kind | self._own_headers | dict(headers or {}),
            params=dict(params) if params else None,
            content=None if json is None else jsonlib.dumps(json, allow_nan=False).encode(),
            files=files,
            data=dict(data) if data else None,
            extensions=timeouts(read=CREATE_SECONDS if json is not None else LOOK_SECONDS),
        )

    def _ask(
        self,
        request: httpx.Request,
        seconds: float | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> Answer:
        try:
            return self._exchange(transport or self._pool, request, seconds=seconds or LOOK_SECONDS)
        except (httpx.TransportError, AddressRefused, _TooLong) as error:
            raise self._problem(ErrorCategory.PROVIDER_BUSY, request, error) from error

    def _exchange(self, transport: httpx.BaseTransport, request: httpx.Request, *, seconds: float) -> Answer:
        with wall_clock(seconds):
            response = transport.handle_request(request)
            try:
                body = _bounded(response)
            finally:
                response.close()
        return Answer(
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=body,
            call=_call(request),
            secrets=(self._account.key,),
        )

    def _problem(self, category: ErrorCategory, request: httpx.Request, error: Exception) -> ProviderError:
        why = redacted(f"{_call(request)}: {type(error).__name__}: {error}", (self._account.key,))
        return problem(self._label, category, detail=why)


class _TooLong(Exception):
    """An answer that no provider gives."""


def _bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    for part in cast(httpx.SyncByteStream, response.stream):  # as it came; nothing is unpacked
        body += part
        if len(body) > MAX_ANSWER:
            raise _TooLong(f"more than {MAX_ANSWER} bytes")
    return bytes(body)


def _call(request: httpx.Request) -> str:
    return f"{request.method} {request.url.path}"


def _base(account: Account, label: str) -> str:
    _checked_url(account.base_url, account, label)
    return account.base_url.rstrip("/")


def _checked_url(url: str, account: Account, label: str) -> None:
    try:
        parts = checked_url(url, allow_private=account.allow_private)
    except AddressRefused as error:
        raise problem(label, ErrorCategory.NOT_SENT, detail=str(error)) from error
    if parts.query or parts.fragment:
        raise problem(label, ErrorCategory.NOT_SENT, detail="The address must be https://host, without more.")
