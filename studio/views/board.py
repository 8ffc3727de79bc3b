"""The board of the project one works in, its poll, and moving a card, which is a decision."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from studio import access, changes, reviews
from studio.access import May
from studio.forms.filters import read_key
from studio.http import SignedInRequest, read_uuid, wants_partial
from studio.lifecycle.shot_status import current_version_id
from studio.models import GenerationTask, Project, ReviewStatus, Verdict
from studio.reviews.board import COLUMNS, board_of
from studio.reviews.dock import Dock, dock_context

TARGETS = {
    ReviewStatus.APPROVED.value: Verdict.APPROVED.value,
    ReviewStatus.NEEDS_CHANGES.value: Verdict.NEEDS_CHANGES.value,
    ReviewStatus.TO_REVIEW.value: "",
}


@require_safe
def board(request: SignedInRequest) -> HttpResponse:
    """All shots of the current project, where they stand; as a list if asked for."""
    return render(request, "studio/board.html", _context(request, access.current_project(request)))


@require_safe
def poll_board(request: SignedInRequest) -> HttpResponse:
    """The board again. QuietPollMiddleware answers 204 while nothing at all has changed."""
    project_id = read_uuid(request.GET.get("project"))
    if project_id is None:
        raise Http404
    project = access.project_for(request.user, project_id)
    return render(request, "studio/board_answer.html", _context(request, project))


@require_http_methods(["GET", "HEAD", "POST"])
def board_move(request: SignedInRequest) -> HttpResponse:
    """Ask what the button under the film asks (GET), then decide (POST). `clip` is the take that the card shows."""
    asked = request.POST if request.method == "POST" else request.GET
    clip, to = read_uuid(asked.get("clip")), asked.get("to", "")
    if clip is None or to not in TARGETS:
        raise Http404
    task = access.task_for(request.user, clip)
    access.require(request.user, May.DECIDE)
    if request.method != "POST":
        return _question(request, task, to)
    sentence = request.POST.get("sentence", "")
    try:
        _decide(request, task, to, sentence)
    except reviews.Refused as refused:
        return _question(request, task, to, refused=str(refused), typed=sentence)
    if not wants_partial(request):
        return redirect("studio:board")
    # The board asks for itself again, with as many cards as it shows.
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"board-moved": {"target": "#board"}})})


def _decide(request: SignedInRequest, task: GenerationTask, to: str, sentence: str) -> None:
    version = task.version
    if current_version_id(version.shot_id) != version.pk:
        raise reviews.Refused("A newer version has arrived meanwhile. Have a look at it first.")
    if TARGETS[to]:
        reviews.decide(version, user=request.user, verdict=TARGETS[to], sentence=sentence)
    elif not reviews.take_back(version, user=request.user):
        raise reviews.Refused("You have not decided about it, so there is nothing of yours to take back.")


def _question(
    request: SignedInRequest, task: GenerationTask, to: str, *, refused: str = "", typed: str = ""
) -> HttpResponse:
    dock: Dock = dock_context(task, request.user, refused=refused, typed=typed)["dock"]
    context = {"task": task, "to": to, "verdict": TARGETS[to], "dock": dock, "nav": "board"}
    template = "studio/board_question.html"
    name = f"{template}#question" if wants_partial(request) else template
    return render(request, name, context, status=422 if refused else 200)


def _context(request: SignedInRequest, project: Project) -> dict[str, Any]:
    seen = changes.latest_revision()
    shown = {str(key): size for key, *_ in COLUMNS if (size := read_key(request.GET.get(key)))}
    view = "list" if request.GET.get("view") == "list" else ""
    found = board_of(project, timezone.now(), shown)
    about = {**shown, **({"view": view} if view else {})}
    query = urlencode({"project": project.pk, "seen": seen, **about})
    return {
        "board": found,
        "view": view,
        "about": about,
        "nav": "board",
        "poll_url": f"{reverse('studio:poll-board')}?{query}",
        "columns": [(column, urlencode({**about, column.key: column.more})) for column in found.columns],
    }
