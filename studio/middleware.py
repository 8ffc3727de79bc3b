"""What happens before and after every view: the quiet poll, safe headers, fragments for the signed out."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

from studio import changes

type GetResponse = Callable[[HttpRequest], HttpResponseBase]


class QuietPollMiddleware:
    """Answers a poll with 204 while nothing has changed, before session, user and template are paid for.

    It stands first, so it sets the headers of every answer itself. The signed capability says that the address
    came from one of our pages; a change is always answered by the view behind it, with all its checks.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith("/poll/") and request.method == "GET" and _has_seen_all(request):
            return _nothing_new()
        return self._get_response(request)


class SafeHeadersMiddleware:
    """Private pages are never stored; nothing of ours is read by other sites."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        patch_vary_headers(response, ["HX-Request"])
        return response


class SignedOutFragmentMiddleware:
    """A fragment asked for after the session ended gets a 401, never a sign-in page inside a panel (W-04)."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        is_fragment = request.headers.get("HX-Request") == "true"
        if is_fragment and response.status_code == 302 and not request.user.is_authenticated:
            return HttpResponse("You were signed out.", status=401, content_type="text/plain; charset=utf-8")
        return response


def _has_seen_all(request: HttpRequest) -> bool:
    seen = request.GET.get("seen", "")
    if not (seen.isascii() and seen.isdecimal() and changes.is_capability(request.GET.get("cap", ""))):
        return False
    return changes.latest_revision() == int(seen)


def _nothing_new() -> HttpResponse:
    response = HttpResponse(status=204)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    del response.headers["Content-Type"]
    return response
