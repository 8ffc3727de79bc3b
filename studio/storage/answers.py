"""Answering with a stored file: whole or one range, by a proxy or by us, never whole in memory.

WhiteNoise's responder and a bare FileResponse were tried first: the one refuses a range of a single byte, the other
knows no ranges at all (docs/decisions).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header, parse_etags

from studio.storage import store
from studio.storage.ranges import CannotBeGiven, Span, read_range

PIECE = 64 * 1024
ASK_AGAIN_SECONDS = 0.5
# Rights may change, so every use asks again; the answer is a 304 while the person may still see the file.
ASK_EVERY_TIME = "private, max-age=0, must-revalidate"
POLICY = "sandbox; default-src 'none'"


def respond(
    request: HttpRequest,
    relative: str,
    *,
    content_type: str,
    etag: str,
    save_as: str = "",
    may_go_on: Callable[[], bool] | None = None,
) -> HttpResponseBase:
    """The file at `relative` in the media folder. The caller has checked the right to see it.

    `etag` names the content and nothing else. With `save_as` the browser stores it under that name. `may_go_on` is
    asked now and then while the bytes leave; at the first no the line is cut. No proxy can do that, so none is asked.
    Raises Http404 if the file is gone.
    """
    tag = f'"{etag}"'
    if _has_it(request, tag):
        return _with_headers(HttpResponseNotModified(), tag, save_as)
    prefix = settings.ACCEL_PREFIX
    if prefix and may_go_on is None:
        response: HttpResponseBase = HttpResponse(content_type=content_type)
        response.headers["X-Accel-Redirect"] = f"{prefix.rstrip('/')}/{quote(relative)}"
        return _with_headers(response, tag, save_as)
    from_disk = _from_disk(request, store.media_path(relative), content_type, tag, may_go_on)
    return _with_headers(from_disk, tag, save_as)


def _from_disk(
    request: HttpRequest, path: Path, content_type: str, tag: str, may_go_on: Callable[[], bool] | None
) -> HttpResponseBase:
    try:
        size = path.stat().st_size
        span = read_range(request.headers["Range"], size) if _wants_range(request, tag) else None
        whole = span or Span(first=0, last=size - 1)
        response = _answer(request, path, whole, may_go_on)
    except FileNotFoundError as error:
        raise Http404 from error
    except CannotBeGiven:
        response = HttpResponse(status=416)
        response.headers["Content-Range"] = f"bytes */{size}"
        return response
    response.headers["Content-Type"] = content_type
    response.headers["Content-Length"] = str(whole.length)
    if span:
        response.status_code = 206
        response.headers["Content-Range"] = span.content_range(size)
    return response


def _answer(
    request: HttpRequest, path: Path, span: Span, may_go_on: Callable[[], bool] | None
) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse()
    return StreamingHttpResponse(Pieces(path, span, may_go_on))


class Pieces:
    """The bytes of a span, a piece at a time. Closed by the server, also when the reader goes away early."""

    def __init__(self, path: Path, span: Span, may_go_on: Callable[[], bool] | None = None) -> None:
        self._may_go_on = may_go_on
        self._asked_at = time.monotonic()
        self._file = path.open("rb")
        self._file.seek(span.first)
        self._left = span.length

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self._ask()
        piece = self._file.read(min(PIECE, self._left))
        if not piece:
            raise StopIteration
        self._left -= len(piece)
        return piece

    def _ask(self) -> None:
        """Raises ConnectionAbortedError once nobody may have the rest."""
        if self._may_go_on is None or time.monotonic() - self._asked_at < ASK_AGAIN_SECONDS:
            return
        if not self._may_go_on():
            raise ConnectionAbortedError
        self._asked_at = time.monotonic()

    def close(self) -> None:
        self._file.close()


def _has_it(request: HttpRequest, tag: str) -> bool:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return bool(known) and ("*" in known or tag in [each.removeprefix("W/") for each in known])


def _wants_range(request: HttpRequest, tag: str) -> bool:
    """A range counts only if what the reader already has is this very content."""
    if "Range" not in request.headers or request.method not in {"GET", "HEAD"}:
        return False
    return request.headers.get("If-Range", tag) == tag


def _with_headers(response: HttpResponseBase, tag: str, save_as: str) -> HttpResponseBase:
    headers = response.headers
    headers["ETag"] = tag
    headers["Accept-Ranges"] = "bytes"
    headers["Cache-Control"] = ASK_EVERY_TIME
    headers["Content-Security-Policy"] = POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    if save_as:
        headers["Content-Disposition"] = content_disposition_header(True, save_as)
    return response
