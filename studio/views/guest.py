"""The client's page: no account, a film after one press. Name, password, and asking for a new link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio import changes, throttle
from studio.forms.sharing import GuestNameForm, NewLinkForm
from studio.guests import news as guest_news
from studio.guests import page as guest_page
from studio.guests import requests as guest_requests
from studio.guests.answers import guest_context
from studio.guests.visit import Visit
from studio.http import read_uuid
from studio.models import ShareView
from studio.sharing import door as share_door
from studio.sharing import visits as share_views
from studio.sharing.clips import clips_of
from studio.views.guest_door import at_the_door, closed, guest_view

NEW_GUESTS = "30/h/ip"
ASKED_AGAIN = "3/h/ip,30/d/key"


@require_safe
@guest_view
def guest(request: HttpRequest, visit: Visit, token: str) -> HttpResponseBase:
    """The page on one of its clips."""
    if share_views.count(request, visit, ShareView.What.OPENED) and share_views.is_first(visit.share):
        guest_news.opened(visit)
    seen, wanted = changes.latest_revision(), read_uuid(request.GET.get("clip"))
    page = guest_page.page_of(visit, clips_of(visit.share), token=token, wanted=wanted)
    return render(request, "studio/guest/page.html", guest_context(page, seen))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
@at_the_door
def guest_password(request: HttpRequest, token: str) -> HttpResponseBase:
    """The only door that takes a password. It says nothing about what lies behind it."""
    is_wrong = False
    if request.method == "POST":
        visit = share_door.knock(request, token, request.POST.get("password", "")[:128])
        if visit:
            response = redirect("studio:guest", token)
            visit.write(response)
            return response
        is_wrong = True
    elif not share_door.wants_password(request, token):
        return redirect("studio:guest", token)
    context = {"token": token, "is_wrong": is_wrong}
    return render(request, "studio/guest/password.html", context, status=422 if is_wrong else 200)


@require_POST
@guest_view
def guest_name(request: HttpRequest, visit: Visit, token: str) -> HttpResponseBase:
    """Say who one is, or that it is somebody else who sits here now."""
    form = GuestNameForm(request.POST)
    if request.POST.get("forget"):
        visit.forget()
    elif form.is_valid() and visit.guest is None:
        throttle.count(request, "share-guest", NEW_GUESTS)
        visit.become(form.cleaned_data["name"])
    return redirect(f"{reverse('studio:guest', args=[token])}{_on_clip(request)}")


@require_POST
@at_the_door
def guest_again(request: HttpRequest, token: str) -> HttpResponseBase:
    """Somebody whose link is over asks for a new one. The answer is the same whatever the link was."""
    form = NewLinkForm(request.POST)
    if not form.is_valid():
        return closed(request, token, form)
    throttle.count(request, "share-again", ASKED_AGAIN, key="all")
    guest_requests.pass_on(token, form.cleaned_data["email"])
    return closed(request, token, was_asked=True)


def _on_clip(request: HttpRequest) -> str:
    clip = read_uuid(request.POST.get("clip"))
    return f"?clip={clip}" if clip else ""
