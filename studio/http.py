"""Small helpers that views share about requests."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from studio.models import Project, User


class SignedInRequest(HttpRequest):
    """A type hint: LoginRequiredMiddleware has made sure that someone is signed in.

    `projects_seen` is there once somebody asked (studio.access).
    """

    user: User
    projects_seen: list[Project]


def wants_partial(request: HttpRequest) -> bool:
    """HTMX asks for a fragment, not for a page (and not to restore one from history)."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"


def page_path(request: HttpRequest) -> str:
    """Where the person is, to come back to: for a part of a page the address that HTMX says the page has."""
    page = request.headers.get("HX-Current-URL", "") if wants_partial(request) else ""
    try:
        _, _, path, query, _ = urlsplit(page)
    except ValueError:
        return request.get_full_path()
    return same_site_path(urlunsplit(("", "", path, query, ""))) or request.get_full_path()


def read_uuid(text: str | None) -> UUID | None:
    """A UUID from text that a person or a page sent, or None."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def read_frame(text: str | None) -> int | None:
    """The number of a frame, from 0, that a person or a page sent, or None."""
    is_number = text is not None and text.isascii() and text.isdecimal() and len(text) <= 7
    return int(text) if text and is_number else None


def same_site_path(text: str | None) -> str:
    """A path of our own to go on to, or nothing: never another site, another scheme or a script (W-06)."""
    path = text or ""
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else ""
