"""The bin: takes put away for 30 days, to bring back or to delete for good."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from studio import access, deleting, housekeeping, lifecycle, undo
from studio.forms.filters import read_key
from studio.http import SignedInRequest
from studio.models import GenerationTask
from studio.takes.cards import Card
from studio.views.clip_acts import approved_among, back, chosen, count_words, stays_words

PAGE = 48


@require_safe
def bin_page(request: SignedInRequest) -> HttpResponse:
    """What lies in the bin, newest first, and when each leaves."""
    now = timezone.now()
    rows = GenerationTask.objects.in_bin().visible_to(request.user).for_cards()
    before = read_key(request.GET.get("before"))
    if before:
        rows = rows.filter(pk__lt=before)
    tasks = list(rows.newest_first()[: PAGE + 1])
    shown = [(Card(task, now), _days_left(task)) for task in tasks[:PAGE]]
    older = tasks[PAGE - 1].pk if len(tasks) > PAGE else None
    return render(request, "studio/bin.html", {"binned": shown, "older": older, "nav": "library"})


@require_POST
def bin_put(request: SignedInRequest) -> HttpResponse:
    """Put takes in the bin; those still being made stay where they are."""
    access.require_maker(request.user)
    tasks = chosen(request)
    moved = lifecycle.put_in_bin(tasks, request.user)
    stayed = len(tasks) - len(moved)
    if moved:
        text = f"Moved {count_words(moved)} to the bin. They stay there for 30 days."
        undo.offer(request, text, "studio:bin-restore", [task.task_id for task in moved])
    if kept := approved_among(tasks):
        messages.info(request, stays_words(kept))
    if stayed > len(kept):
        messages.info(
            request,
            f"{count_words(range(stayed - len(kept)))} can’t go to the bin now: cancel first, or wait.",
        )
    return back(request, "studio:library")


@require_POST
def bin_restore(request: SignedInRequest) -> HttpResponse:
    access.require_maker(request.user)
    moved = lifecycle.take_from_bin(chosen(request), request.user)
    messages.success(request, f"Brought back {count_words(moved)}.")
    return back(request, "studio:bin")


@require_POST
def bin_delete(request: SignedInRequest) -> HttpResponse:
    """Delete takes that lie in the bin, with their files. The page has asked once."""
    access.require_maker(request.user)
    tasks = [task for task in chosen(request) if task.binned_at and deleting.delete_for_good(task)]
    messages.success(request, f"Deleted {count_words(tasks)} for good.")
    return back(request, "studio:bin")


def _days_left(task: GenerationTask) -> int:
    binned = task.binned_at or timezone.now()
    left = binned + housekeeping.BIN_KEEPS - timezone.now()
    return max(0, -(-left // timedelta(days=1)))
