"""What every small act on takes shares: reading the chosen ones, and going back to where the press came from."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone

from studio import access
from studio.http import SignedInRequest, read_uuid, same_site_path, wants_partial
from studio.models import GenerationTask, Status
from studio.takes.cards import cards, take_title

CHOSEN_AT_MOST = 200
SHOWN = {
    "row": "studio/partials/task_row.html",
    "card": "studio/partials/task_card.html",
}


def chosen(request: SignedInRequest) -> list[GenerationTask]:
    """The takes whose boxes were ticked, newest first: all of them, or 404 (A-02). At most 200."""
    ids = [read_uuid(text) for text in request.POST.getlist("clip")[:CHOSEN_AT_MOST]]
    if not ids or None in ids:
        raise Http404
    found = access.tasks_for(request.user, [each for each in ids if each])
    return sorted(found, key=lambda task: -task.pk)


def back(request: SignedInRequest, otherwise: str) -> HttpResponse:
    """Back to the page of ours that the form names, else to `otherwise`."""
    return redirect(same_site_path(request.POST.get("next")) or otherwise)


def after_act(request: SignedInRequest, task: GenerationTask) -> HttpResponse:
    """The take as its page shows it (row, card or clip page), swapped in place; without scripts the page again."""
    shown = request.POST.get("shown", "")
    if not wants_partial(request):
        return back(request, "studio:works")
    if shown not in {*SHOWN, "clip"}:
        return HttpResponseBadRequest()
    if shown == "clip":
        response = HttpResponse(status=204)
        response.headers["HX-Refresh"] = "true"
        return response
    card = cards([task], timezone.now())[0]
    response = render(request, SHOWN[shown], {"card": card, "oob": "outerMorph"})
    # The page's poll has something to look after again, and everything later than what is shown here.
    events: dict[str, dict[str, str | int]] = {
        "works-changed": {"target": "#poll", "seen": card.task.revision, "pressed": f"task-{task.task_id}"}
    }
    for message in messages.get_messages(request):
        events["toast"] = {"text": str(message), "kind": "info"}
    response.headers["HX-Trigger"] = json.dumps(events)
    return response


def count_words(things: Iterable[object], one: str = "clip") -> str:
    """ "1 clip", "3 clips"."""
    count = len(list(things))
    return f"{count} {one}{'' if count == 1 else 's'}"


def approved_among(tasks: Iterable[GenerationTask]) -> list[GenerationTask]:
    """Ready takes of approved versions: those stay."""
    return [task for task in tasks if task.status == Status.SUCCEEDED and task.version.locked_at]


def stays_words(kept: list[GenerationTask]) -> str:
    """Why they stay, and what would let them go."""
    if len(kept) == 1:
        return f"{take_title(kept[0])} is approved, so it stays. An owner can open it again in Review."
    return f"{count_words(kept)} are approved, so they stay. An owner can open them again in Review."
