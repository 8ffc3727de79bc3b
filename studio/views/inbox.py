"""The inbox: what waits for this person, what they did, and the news; ticking off what needs no answer."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from studio.forms.filters import read_key
from studio.http import SignedInRequest, wants_partial
from studio.news import inbox, notices
from studio.takes import live
from studio.views.clip_acts import back

NEWS_SHOWN = 12


@require_safe
def inbox_page(request: SignedInRequest) -> HttpResponse:
    """What waits, of all projects; or with ?show=done what this person decided lately."""
    shows_done = request.GET.get("show") == "done"
    context = {
        "nav": "inbox",
        # Before the list is read: what comes meanwhile then differs from what the page says it knows.
        "bell": inbox.bell(request.user),
        "bar_poll": live.poll_of_bar("inbox", request.user, timezone.now()),
        "shows_done": shows_done,
        "done": inbox.done_by(request.user) if shows_done else [],
        "waiting": None if shows_done else inbox.waiting_for(request.user),
        "news": notices.newest(request.user, at_most=NEWS_SHOWN),
    }
    return render(request, "studio/inbox.html", context)


@require_POST
def inbox_done(request: SignedInRequest) -> HttpResponse:
    """A mention that needs no answer leaves."""
    mention = read_key(request.POST.get("mention"))
    if mention:
        inbox.handle(request.user, mention, timezone.now())
    return back(request, reverse("studio:inbox"))


@require_POST
def notices_seen(request: SignedInRequest) -> HttpResponse:
    """The news was read: the dot in the bar goes out."""
    notices.mark_seen(request.user, timezone.now())
    if not wants_partial(request):
        return back(request, reverse("studio:inbox"))
    return render(request, "studio/partials/inbox_button.html", {"oob": "true", "nav": "inbox"})
