"""What an open review page is told: notes, decisions, who is here. Nothing of it touches the film or what is typed.

QuietPollMiddleware answers 204 while nothing has changed in the studio; here every right is checked.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio import access, changes
from studio.http import SignedInRequest, read_uuid
from studio.models import GenerationTask
from studio.notes import page as notes_page
from studio.people import presence
from studio.reviews import poll as review_poll
from studio.reviews.dock import decisions_about, dock_context
from studio.reviews.page import strip_context
from studio.reviews.poll import Look

# A press on the page says here what its next poll would have said.
LOOK_HEADER = "Studio-Look"


@require_safe
def poll_review(request: SignedInRequest) -> HttpResponse:
    """The parts of the page that are no longer so, and the next poll. With `whole` the list whatever was seen."""
    task_id = read_uuid(request.GET.get("task"))
    if task_id is None:
        return HttpResponse(status=400)
    task = access.task_for(request.user, task_id)
    return _answer(request, task, Look.read(request.GET), is_whole="whole" in request.GET)


def live_answer(request: SignedInRequest, task: GenerationTask, said: dict[str, Any]) -> HttpResponse:
    """The answer to a press: the list as it is now, and `said` as events of the page."""
    look = Look.read(QueryDict(request.headers.get(LOOK_HEADER, "")[:2000]))
    response = _answer(request, task, look, is_whole=True)
    response.headers["HX-Trigger"] = json.dumps(said)
    return response


def _answer(request: SignedInRequest, task: GenerationTask, look: Look, *, is_whole: bool) -> HttpResponse:
    presence.beat(task, request.user)
    looking = presence.others(task, request.user)
    seen = changes.latest_revision()
    decided, here = review_poll.decided_sign(task), review_poll.people_sign(looking)
    next_look = look.now(seen=seen, decided=decided, here=here)
    context: dict[str, Any] = {"task": task, "poll_query": next_look.query(task), "look": next_look}
    if is_whole or review_poll.has_new_notes(task, look):
        context |= notes_page.list_context(task, request.user, next_look) | {"shows_notes": True}
    if here != look.here:
        context |= {"here_now": looking, "shows_people": True}
    if decided != look.decided and (look.decided or look.seen != seen):
        rows = decisions_about(task)
        context |= dock_context(task, request.user, rows) | strip_context(task, rows)
    return render(request, "studio/polls/review.html", context)
