"""One take's own page: the clip, the whole recipe, what happened; and what can be done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from studio import access, briefs, lifecycle, money, shots
from studio.briefs import blame, mending
from studio.connections.provider_accounts import capability_for
from studio.forms.projects import ShotTitleForm
from studio.http import SignedInRequest
from studio.models import Status
from studio.takes import estimates, live
from studio.takes.cards import cards
from studio.takes.page import clip_context
from studio.views.clip_acts import after_act, back


@require_safe
def clip(request: SignedInRequest, task_id: UUID) -> HttpResponse:
    """A take in any state, also while it is made or when it lies in the bin."""
    now, seen = timezone.now(), live.seen_now()
    task = access.task_for(request.user, task_id)
    card = cards([task], now)[0]
    works = live.works_of(request.user, now)
    context: dict[str, Any] = clip_context(card) | {
        "nav": "library",
        "works": works,
        "works_count": works.count,
        "poll": live.poll_for(
            "clip",
            [task],
            now,
            seen=seen,
            has_worker=works.has_worker,
            is_over=live.is_over(task),
            task=str(task_id),
        ),
    }
    return render(request, "studio/clip.html", context)


@require_POST
def clip_cancel(request: SignedInRequest, task_id: UUID) -> HttpResponse:
    """Stop a take; one already sent is asked to stop and may still finish."""
    access.require_maker(request.user)
    task = access.task_for(request.user, task_id)
    if not lifecycle.request_cancel(task, request.user):
        messages.info(request, "It was past stopping. The clip appears here if it is made.")
    return after_act(request, task)


@require_POST
def clip_again(request: SignedInRequest, task_id: UUID) -> HttpResponse:
    """A new attempt. Off while nobody knows how the last one ended (M-11)."""
    access.require_maker(request.user)
    task = access.task_for(request.user, task_id)
    if task.status not in {Status.FAILED, Status.CANCELED, Status.EXPIRED} or task.binned_at:
        messages.info(request, "This clip can’t be tried again as it stands.")
        return after_act(request, task)
    if task.version.locked_at:
        messages.info(request, "This version is approved and stays as it is. Remix it to make a new one.")
        return after_act(request, task)
    version, capability = task.version, capability_for(task.connection)
    expected = estimates.expected_seconds(
        capability, resolution=version.resolution, duration=version.duration
    )
    price = money.price_of_version(version, task.connection, capability)
    try:
        lifecycle.try_again(task, request.user, expected_seconds=expected, price=price)
    except money.NotSetAside as why:
        messages.warning(request, f"Nothing was sent. {why}")
    return after_act(request, task)


@require_POST
def clip_pick(request: SignedInRequest, task_id: UUID) -> HttpResponse:
    """Make a ready take the pick of its version, or take that back."""
    access.require_maker(request.user)
    task = access.task_for(request.user, task_id)
    wants = request.POST.get("pick") != "0"
    if not lifecycle.set_pick(task, is_pick=wants, actor=request.user):
        is_settled = task.version.locked_at and task.status == Status.SUCCEEDED
        messages.info(
            request,
            "It is approved with the pick it has. An owner can open it again in Review."
            if is_settled
            else "Only a ready clip can be the pick.",
        )
    return back(request, reverse("studio:clip", args=[task_id]))


@require_POST
def clip_remix(request: SignedInRequest, task_id: UUID) -> HttpResponse:
    """A new brief with everything of this take's version in place, opened at what stopped the take if anything.

    `without` leaves the input at fault out, `first` has its first seconds copied; both carry that input's key.
    """
    access.require_maker(request.user)
    task = access.task_for(request.user, task_id)
    brief = briefs.from_version(task.version, request.user)
    card = cards([task], timezone.now())[0]
    if card.fault is None:
        return redirect("studio:brief", brief.pk)
    if card.fault.is_spare and request.POST.get("without") == card.fault.key:
        mending.leave_out(brief, card.fault, request.user)
        at = "#prompt" if mending.is_still_named(brief, card.fault) else ""
        return redirect(reverse("studio:brief", args=[brief.pk]) + at)
    if card.fault.is_long and request.POST.get("first") == card.fault.key:
        job = mending.use_first_seconds(brief, card.fault, task, request.user)
        return redirect("studio:fix-job", job.pk)
    blame.remember(brief, key=card.fault.key, words=f"{card.story.lead} {card.story.rest}".strip())
    return redirect(f"{reverse('studio:brief', args=[brief.pk])}#{card.fault.place}")


@require_POST
def shot_rename(request: SignedInRequest, task_id: UUID) -> HttpResponse:
    """Rename the shot that this take belongs to."""
    access.require_maker(request.user)
    task = access.task_for(request.user, task_id)
    form = ShotTitleForm(request.POST)
    if form.is_valid():
        shots.rename(task.version.shot, form.cleaned_data["title"])
    else:
        messages.warning(request, "Give the shot a title of 120 letters at most.")
    return redirect("studio:clip", task_id)
