"""Pages for when there is nothing to show: what happened, what is safe, what to do."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "404.html", 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "403.html", 403, reason=str(exception or ""))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "400.html", 400)


def our_fault(request: HttpRequest) -> HttpResponse:
    """Without the database and without context: it must also work when those are the fault."""
    return HttpResponse(render_to_string("500.html"), status=500)


@login_not_required
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request, "403.html", 403, reason="This page was open for too long. Go back and send it again."
    )


def _page(request: HttpRequest, template: str, status: int, **context: str) -> HttpResponse:
    return HttpResponse(render_to_string(template, context, request), status=status)
