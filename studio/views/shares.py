"""Sharing, for those who share: make a link, see who opened it, change it, replace it, end it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio import access, sharing
from studio.access import May
from studio.forms.sharing import ShareForm
from studio.guests import page as guest_page
from studio.guests.answers import guest_context
from studio.http import SignedInRequest, read_uuid
from studio.models import Share
from studio.sharing import new_links
from studio.sharing import report as share_report
from studio.sharing.choice import Choice, read_choice
from studio.sharing.clips import clips_of

CHANGED = "Saved. It holds from now on, also for whoever is watching."


@require_safe
def shares(request: SignedInRequest) -> HttpResponse:
    """Every link of the projects that this person sees."""
    access.require(request.user, May.SHARE)
    lines = share_report.lines(request.user, read_uuid(request.GET.get("project")))
    return render(request, "studio/shares.html", {"nav": "team", "team_nav": "shares", "lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def share_new(request: SignedInRequest) -> HttpResponse:
    """A link to chosen clips, a shot or a project. A press of Share alone makes one with the usual terms."""
    access.require(request.user, May.SHARE)
    choice = read_choice(request.user, request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        return _form_page(request, choice, ShareForm(title=choice.title))
    if "title" not in request.POST:
        return _make(request, choice, sharing.default_terms(choice.title, timezone.now()))
    form = ShareForm(request.POST)
    if not form.is_valid():
        return _form_page(request, choice, form, status=422)
    return _make(request, choice, form.terms(), form)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def share(request: SignedInRequest, share_id: UUID) -> HttpResponse:
    """One link: its address while it is known, who opened it, and its terms, which a POST changes."""
    access.require(request.user, May.SHARE)
    found = access.share_for(request.user, share_id)
    form = ShareForm(request.POST if request.method == "POST" else None, share=found)
    if request.method == "POST" and found.revoked_at:
        messages.info(request, "This link has ended. Share the clips again to make another one.")
        return redirect("studio:share", share_id)
    if form.is_valid():
        sharing.change(found, form.terms(), by=request.user)
        messages.success(request, CHANGED)
        return redirect("studio:share", share_id)
    return _share_page(request, found, form, status=422 if form.errors else 200)


@require_safe
def share_preview(request: SignedInRequest, share_id: UUID) -> HttpResponse:
    """What somebody with the link sees. Nobody is counted, and nothing can be sent."""
    access.require(request.user, May.SHARE)
    found = access.share_for(request.user, share_id)
    page = guest_page.preview_of(found, clips_of(found), wanted=read_uuid(request.GET.get("clip")))
    return render(request, "studio/guest/page.html", guest_context(page, 0) | {"share": found})


@require_POST
def share_revoke(request: SignedInRequest, share_id: UUID) -> HttpResponse:
    """End it: its page, its films and its downloads are gone with the next request."""
    access.require(request.user, May.SHARE)
    found = access.share_for(request.user, share_id)
    if sharing.revoke(found, by=request.user):
        messages.success(request, f"“{found.title}” opens nothing any more. What guests wrote stays.")
    return redirect("studio:share", share_id)


@require_POST
def share_renew(request: SignedInRequest, share_id: UUID) -> HttpResponse:
    """Another word for the same link; the one that went out is over."""
    access.require(request.user, May.SHARE)
    found = access.share_for(request.user, share_id)
    if not found.is_open(timezone.now()):
        messages.info(request, "This link has ended. Share the clips again to make another one.")
        return redirect("studio:share", share_id)
    new_links.remember(request, sharing.renew(found, by=request.user))
    messages.success(request, "Here is a new link. The one that went out opens nothing any more.")
    return redirect("studio:share", share_id)


def _make(
    request: SignedInRequest, choice: Choice, terms: sharing.Terms, form: ShareForm | None = None
) -> HttpResponse:
    try:
        made = sharing.make(
            by=request.user, project=choice.project, terms=terms, tasks=choice.tasks, shots=choice.shots
        )
    except sharing.Refused as refused:
        form = form or ShareForm(title=choice.title)
        return _form_page(request, choice, form, refusal=str(refused), status=422)
    new_links.remember(request, made)
    return redirect("studio:share", made.share.pk)


def _form_page(
    request: SignedInRequest, choice: Choice, form: ShareForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {"nav": "library", "choice": choice, "form": form, "refusal": refusal}
    return render(request, "studio/share_new.html", context, status=status)


def _share_page(request: SignedInRequest, found: Share, form: ShareForm, *, status: int) -> HttpResponse:
    context = {
        "nav": "team",
        "share": found,
        "state": share_report.state_of(found, timezone.now()),
        "address": new_links.address_of(request, found),
        "form": form,
        "clips": clips_of(found),
        "visitors": share_report.visitors(found),
    }
    return render(request, "studio/share.html", context, status=status)
