"""Use this frame: one frame of a clip becomes the start of a brief, a library file, or a picture to save."""

from __future__ import annotations

import json
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from studio import access
from studio.http import SignedInRequest, read_frame, wants_partial
from studio.models import GenerationTask
from studio.reviews.frames import (
    CannotTakeFrame,
    Moment,
    Use,
    at_frame,
    at_seconds,
    brief_with_frame,
    frame_of,
    keep,
)
from studio.storage.file_names import download_name
from studio.takes.cards import take_title
from studio.views.clip_acts import back

KEEP, DOWNLOAD = "library", "download"


@require_POST
def clip_frame(request: SignedInRequest, task_id: UUID) -> HttpResponse:
    """Take the frame of a number, or the one at some seconds. Whoever may watch may save it as a picture."""
    task = access.task_for(request.user, task_id)
    moment, wanted = _moment(task, request.POST), request.POST.get("use", "")
    if wanted != DOWNLOAD:
        access.require_maker(request.user)
    try:
        if wanted == DOWNLOAD:
            return _picture(task, moment)
        if wanted == KEEP:
            file = keep(task, moment, request.user)
            return _stay(request, task, f"“{file.name}” is in the library, at full size.", is_good=True)
        use = Use(wanted) if wanted in Use else Use.REFERENCE
        brief = brief_with_frame(task, moment, use, request.user)
    except CannotTakeFrame as error:
        return _stay(request, task, str(error), is_good=False)
    return redirect("studio:brief", brief.pk)


def _stay(request: SignedInRequest, task: GenerationTask, words: str, *, is_good: bool) -> HttpResponse:
    """Say it where the person is: without leaving the page where scripts run, so that the film keeps its place."""
    if wants_partial(request):
        toast = {"text": words, "kind": "good" if is_good else "fail"}
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"toast": toast})})
    messages.add_message(request, messages.SUCCESS if is_good else messages.WARNING, words)
    return back(request, reverse("studio:clip", args=[task.task_id]))


def _picture(task: GenerationTask, moment: Moment) -> HttpResponse:
    name = download_name(f"{take_title(task)} {moment.words}", "png")
    saved = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(frame_of(task, moment), content_type="image/png", headers=saved)


def _moment(task: GenerationTask, sent: QueryDict) -> Moment:
    """A frame's number, else seconds; nonsense means the beginning."""
    frame = read_frame(sent.get("frame"))
    return at_seconds(_seconds(sent.get("seconds"))) if frame is None else at_frame(task, frame)


def _seconds(text: str | None) -> float:
    try:
        seconds = float(text or 0)
    except ValueError:
        return 0.0
    return seconds if 0 <= seconds < 3600 else 0.0
