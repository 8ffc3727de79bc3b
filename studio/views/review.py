"""A take to be judged: watched frame by frame, noted on, compared and decided about."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from studio import access
from studio.http import SignedInRequest, read_frame
from studio.notes.page import panel_context
from studio.reviews.dock import decisions_about, dock_context
from studio.reviews.page import review_context
from studio.takes.cards import cards


@require_safe
def review(request: SignedInRequest, task_id: UUID) -> HttpResponse:
    """The review page; a take that has no clip, or lies in the bin, is shown on its own page instead."""
    task = access.task_for(request.user, task_id)
    if task.clip is None or task.binned_at:
        return redirect("studio:clip", task_id)
    card = cards([task], timezone.now())[0]
    panel = panel_context(task, request.user, request.GET)
    start = panel["start"] or read_frame(request.GET.get("frame")) or 0
    decisions = decisions_about(task)
    context = review_context(card, decisions, start=start) | dock_context(task, request.user, decisions)
    return render(request, "studio/review.html", context | panel)
