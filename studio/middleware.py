"""What happens before and after every view: the quiet poll, safe headers, how long a session lasts."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers

from studio import changes
from studio.http import same_site_path
from studio.models import User
from studio.people.accounts import SEEN_AT, SIGNED_IN_AT

type GetResponse = Callable[[HttpRequest], HttpResponseBase]

QUIET_PREFIX = "/poll/"
SEEN_EVERY_SECONDS = 600
HERE_TO = timedelta(minutes=1)
QUIET_HEADERS = {
    "Content-Type": "text/plain",
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class QuietPollMiddleware:
    """Answers a poll with 204 while nothing has changed, before session, user and template are paid for.

    It stands first, so it sets the headers of its answer itself. The signed capability says that the address
    came from one of our pages; a change is always answered by the view behind it, with all its checks.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(QUIET_PREFIX) and request.method == "GET":
            seen = _seen_by_our_page(request.META.get("QUERY_STRING", ""))
            if seen is not None and _is_latest(seen):
                return _nothing_new()
        return self._get_response(request)


class CompressedPagesMiddleware(GZipMiddleware):
    """Compresses pages: the first one is what a slow phone waits for.

    Films answer ranges of their bytes, files are compressed already, and a poll is small and comes often: they go
    as they are. Django pads what it compresses, so that its length gives no secret away.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = not response.streaming and response.get("Content-Type", "").startswith("text/html")
        if not is_page or _is_poll(request):
            return response
        return super().process_response(request, response)


class SafeHeadersMiddleware:
    """Private pages are never stored; nothing of ours is read by other sites."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        if response.get("Content-Type", "text/html").startswith("text/html"):
            patch_vary_headers(response, ["HX-Request"])
        return response


class SessionLimitsMiddleware:
    """Ends a session 12 hours after it was last used and 14 days after signing in, whatever its cookie says (A-07).

    Polls are no use of a session: a page left open does not keep itself signed in. The time of last use is written
    at most every ten minutes.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = int(time.time())
            too_long = self._too_long(request, now)
            if too_long:
                logout(request)
                messages.info(request, too_long)
            elif now - request.session[SEEN_AT] > SEEN_EVERY_SECONDS and not _is_poll(request):
                request.session[SEEN_AT] = now
        return self._get_response(request)

    @staticmethod
    def _too_long(request: HttpRequest, now: int) -> str:
        """What to say when the session is over; empty while it is not."""
        session = request.session
        session.setdefault(SIGNED_IN_AT, now)
        if now - session.setdefault(SEEN_AT, now) > settings.SESSION_IDLE_SECONDS:
            return f"You were signed out after {settings.SESSION_IDLE_SECONDS // 3600} hours without a visit."
        if now - session[SIGNED_IN_AT] > settings.SESSION_COOKIE_AGE:
            return f"You were signed out after {settings.SESSION_COOKIE_AGE // 86_400} days."
        return ""


class PresenceMiddleware:
    """Notes when somebody last opened a page, to the minute: "Here now". A page left open polls, and is not that."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if user.is_authenticated and not _is_poll(request):
            now = timezone.now()
            if user.seen_at is None or now - user.seen_at > HERE_TO:
                User.objects.filter(pk=user.pk).update(seen_at=now)
        return self._get_response(request)


class SignedOutMiddleware:
    """What someone meets who is no longer signed in.

    A fragment gets a 401, never a sign-in page inside a panel (W-04). A form that was sent gets the sign-in page,
    and from there leads back to the page with the form, not to the address that only takes what is sent.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        sign_in = resolve_url(settings.LOGIN_URL)
        if request.user.is_authenticated or not response.get("Location", "").startswith(f"{sign_in}?"):
            return response
        if request.headers.get("HX-Request") == "true":
            return HttpResponse("You were signed out.", status=401, content_type="text/plain; charset=utf-8")
        if request.method not in {"GET", "HEAD"}:
            response.headers["Location"] = f"{sign_in}?{urlencode({'next': _page_with_the_form(request)})}"
        return response


def _page_with_the_form(request: HttpRequest) -> str:
    parts = urlsplit(request.headers.get("Referer", ""))
    is_ours = parts.netloc == request.get_host()
    return (same_site_path(parts.path) if is_ours else "") or resolve_url(settings.LOGIN_REDIRECT_URL)


def _is_poll(request: HttpRequest) -> bool:
    return request.path_info.startswith(QUIET_PREFIX)


@lru_cache(maxsize=1024)
def _seen_by_our_page(query: str) -> str | None:
    """What the poll with this query has seen, None if its word is not ours.

    Remembered by the whole query, because a page asks with the same one until something changes.
    """
    asked = QueryDict(query)
    return asked.get("seen", "") if changes.is_capability(asked.get("cap", "")) else None


def _is_latest(seen: str) -> bool:
    """Whether this names the present number, plainly or as a guest's page knows it."""
    latest = changes.latest_revision()
    return seen == str(latest) or seen == changes.veiled(latest)


def _nothing_new() -> HttpResponse:
    response = HttpResponse(status=204, headers=QUIET_HEADERS)
    if settings.SECURE_HSTS_SECONDS:
        response.headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    del response.headers["Content-Type"]
    return response
