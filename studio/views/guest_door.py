"""What every address of a share link has in common: nobody signs in, nothing is indexed, and one answer to the rest."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from studio.forms.sharing import NewLinkForm
from studio.guests.visit import Visit
from studio.sharing import door as share_door
from studio.sharing.door import Closed, WantsPassword
from studio.throttle import TooOften

UNINDEXED = "noindex, nofollow, noarchive"

type GuestView[**P] = Callable[Concatenate[HttpRequest, Visit, str, P], HttpResponseBase]
type View = Callable[..., HttpResponseBase]


def guest_view[**P](view: GuestView[P]) -> View:
    """The view behind an open link: called with the visit and the token. A closed link never gets there."""

    def behind_the_door(
        request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        visit = share_door.enter(request, token)
        response = view(request, visit, token, *args, **kwargs)
        visit.write(response)
        return response

    return at_the_door(wraps(view)(behind_the_door))


def at_the_door(view: View) -> View:
    """Turns every refusal into its quiet answer, and keeps search engines out of all of them."""

    @login_not_required
    @wraps(view)
    def answered(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, token, *args, **kwargs)
        except WantsPassword:
            response = _ask_for_password(request, token)
        except TooOften:
            response = render(request, "studio/guest/too_often.html", status=429)
        except (Closed, Http404):
            response = closed(request, token)
        response.headers["X-Robots-Tag"] = UNINDEXED
        return response

    return answered


def closed(
    request: HttpRequest, token: str, form: NewLinkForm | None = None, *, was_asked: bool = False
) -> HttpResponse:
    """This link no longer works: the same for one that ended, was replaced, mistyped, or never was."""
    context = {"token": token, "form": form or NewLinkForm(), "was_asked": was_asked}
    return render(request, "studio/guest/closed.html", context, status=404)


def _ask_for_password(request: HttpRequest, token: str) -> HttpResponseBase:
    """A page leads to the password; bytes and fragments are not there without it."""
    is_page = request.resolver_match is not None and request.resolver_match.url_name == "guest"
    if is_page and request.method in {"GET", "HEAD"}:
        return redirect("studio:guest-password", token)
    return closed(request, token)
