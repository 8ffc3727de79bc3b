"""Decide about the version of a take, or take that back, under the film or from anywhere that leads here."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from studio import access, reviews
from studio.access import May
from studio.http import SignedInRequest, wants_partial
from studio.models import GenerationTask
from studio.reviews.dock import dock_context
from studio.reviews.version_strip import strip
from studio.views.clip_acts import back


@require_POST
def decide(request: SignedInRequest, task_id: UUID) -> HttpResponse:
    """`verdict` is "approved" or "needs_changes", which needs a `sentence`."""
    task = _task(request, task_id)
    verdict, sentence = request.POST.get("verdict", ""), request.POST.get("sentence", "")
    try:
        reviews.decide(task.version, user=request.user, verdict=verdict, sentence=sentence)
    except reviews.Refused as refused:
        return _answer(request, task_id, refused=str(refused), typed=sentence)
    return _answer(request, task_id)


@require_POST
def undecide(request: SignedInRequest, task_id: UUID) -> HttpResponse:
    """Take back what one decided."""
    task = _task(request, task_id)
    try:
        reviews.take_back(task.version, user=request.user)
    except reviews.Refused as refused:
        return _answer(request, task_id, refused=str(refused))
    return _answer(request, task_id)


def _task(request: SignedInRequest, task_id: UUID) -> GenerationTask:
    task = access.task_for(request.user, task_id)
    access.require(request.user, May.DECIDE)
    return task


def _answer(request: SignedInRequest, task_id: UUID, *, refused: str = "", typed: str = "") -> HttpResponse:
    """The dock as it is now, with what else on the page follows; without scripts the page again."""
    if not wants_partial(request):
        if refused:
            messages.warning(request, refused)
        return back(request, reverse("studio:review", args=[task_id]))
    task = access.task_for(request.user, task_id)
    versions = strip(task)
    context = dock_context(task, request.user, refused=refused, typed=typed) | {
        "versions": versions,
        "here": next((row for row in versions if row.is_here), None),
    }
    return render(request, "studio/decided.html", context, status=422 if refused else 200)
