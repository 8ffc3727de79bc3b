"""What a guest says: a comment on a moment, a decision. And the poll that brings what others said."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from studio import changes, drawings, notes, reviews, throttle
from studio.forms.sharing import GuestDecisionForm, GuestNameForm, GuestNoteForm
from studio.guests import news as guest_news
from studio.guests import page as guest_page
from studio.guests.answers import Typed, guest_context, question
from studio.guests.visit import Visit
from studio.http import read_uuid, wants_partial
from studio.models import GenerationTask, Guest, Note
from studio.people import presence
from studio.sharing.clips import clip_of, clips_of
from studio.throttle import TooOften
from studio.timecodes import frame_count
from studio.views.guest_door import guest_view

NEW_GUESTS = "30/h/ip"
NOTES, DECISIONS = "10/m/key,100/h/key,300/h/ip", "20/m/key,100/h/ip"
TOO_OFTEN = "That was a lot in a short time. Wait a minute, then send it again."
NOT_NOW = "The studio has settled this one. Write a comment instead."


@require_POST
@guest_view
def guest_note(request: HttpRequest, visit: Visit, token: str) -> HttpResponseBase:
    """A comment on a moment or the whole clip, with a drawing if they like."""
    task = _task(request, visit, is_allowed=visit.share.may_comment)
    clip = task.clip
    fps = clip.fps if clip else 1.0
    form = GuestNoteForm(request.POST, fps=fps, frames=frame_count(clip.duration, fps) if clip else 1)
    if not form.is_valid():
        return _refused(request, visit, token, task, _first_problem(form))
    guest, why = _who(request, visit)
    if guest is None:
        return _ask_name(request, visit, token, task, "studio:guest-note", why)
    try:
        throttle.count(request, "share-note", NOTES, key=str(guest.pk))
        guest_news.wrote(visit, _write(task, guest, form.cleaned_data))
    except TooOften:
        return _refused(request, visit, token, task, TOO_OFTEN)
    except (notes.Refused, drawings.NotADrawing) as refused:
        return _refused(request, visit, token, task, str(refused))
    return _said(request, visit, token, task, was_sent=True)


@require_POST
@guest_view
def guest_decide(request: HttpRequest, visit: Visit, token: str) -> HttpResponseBase:
    """Looks good, or ask for a change. One standing word for each guest; another one replaces it."""
    task = _task(request, visit, is_allowed=visit.share.may_decide)
    form = GuestDecisionForm(request.POST)
    if not form.is_valid():
        return _refused(request, visit, token, task, _first_problem(form), of_decision=True)
    guest, why = _who(request, visit)
    if guest is None:
        return _ask_name(request, visit, token, task, "studio:guest-decide", why)
    try:
        throttle.count(request, "share-decide", DECISIONS, key=str(guest.pk))
        reviews.decide(task.version, guest=guest, **form.cleaned_data)
    except TooOften:
        return _refused(request, visit, token, task, TOO_OFTEN, of_decision=True)
    except reviews.Refused:
        return _refused(request, visit, token, task, NOT_NOW, of_decision=True)
    return _said(request, visit, token, task)


@require_safe
@guest_view
def poll_share(request: HttpRequest, visit: Visit, token: str) -> HttpResponseBase:
    """204 while the page shows what there is. Other terms make the page ask for itself anew."""
    seen = changes.latest_revision()
    tasks, wanted = clips_of(visit.share), read_uuid(request.GET.get("clip"))
    page = guest_page.page_of(visit, tasks, token=token, wanted=wanted)
    if visit.guest and page.film:
        presence.beat(next(task for task in tasks if str(task.task_id) == page.film.key), visit.guest)
    if request.GET.get("terms") != page.terms:
        return HttpResponse(headers={"HX-Refresh": "true"})
    is_same = request.GET.get("shown") == page.revision
    if is_same and request.GET.get("seen") == changes.veiled(seen):
        return HttpResponse(status=204)
    return render(request, "studio/guest/poll.html", guest_context(page, seen) | {"is_same": is_same})


def _task(request: HttpRequest, visit: Visit, *, is_allowed: bool) -> GenerationTask:
    task_id = read_uuid(request.POST.get("clip"))
    task = clip_of(visit.share, task_id) if task_id and is_allowed else None
    if task is None:
        raise Http404
    return task


def _who(request: HttpRequest, visit: Visit) -> tuple[Guest | None, str]:
    """The guest, made now if a name came along; else None, and what is wrong with the name if one did."""
    if visit.guest or "name" not in request.POST:
        return visit.guest, ""
    form = GuestNameForm(request.POST)
    if not form.is_valid():
        return None, _first_problem(form)
    try:
        throttle.count(request, "share-guest", NEW_GUESTS)
    except TooOften:
        return None, TOO_OFTEN
    return visit.become(form.cleaned_data["name"]), ""


def _write(task: GenerationTask, guest: Guest, said: dict[str, Any]) -> Note:
    frame = said["frame"]
    drawing = drawings.read(said["drawing"]) if said["drawing"] and frame is not None else []
    return notes.write(
        task,
        guest=guest,
        text=said["text"],
        first_frame=frame,
        last_frame=frame,
        drawing=drawing,
        note_id=said["note_id"],
    )


def _ask_name(
    request: HttpRequest, visit: Visit, token: str, task: GenerationTask, view: str, why: str
) -> HttpResponse:
    names = ("clip", "text", "at", "frame", "drawing", "note_id", "verdict", "sentence")
    asked = question(reverse(view, args=[token]), request.POST, names, why)
    return _answer(request, visit, token, task, status=422 if why else 200, question=asked)


def _refused(
    request: HttpRequest,
    visit: Visit,
    token: str,
    task: GenerationTask,
    why: str,
    *,
    of_decision: bool = False,
) -> HttpResponse:
    kept = {name: request.POST.get(name, "") for name in ("text", "at", "frame", "drawing", "sentence")}
    problem = {"decision_problem" if of_decision else "problem": why}
    return _answer(request, visit, token, task, status=422, typed=Typed(**kept, **problem))


def _said(
    request: HttpRequest, visit: Visit, token: str, task: GenerationTask, *, was_sent: bool = False
) -> HttpResponse:
    if wants_partial(request):
        return _answer(request, visit, token, task, was_sent=was_sent)
    return redirect(f"{reverse('studio:guest', args=[token])}?clip={task.task_id}#guest-talk")


def _answer(
    request: HttpRequest, visit: Visit, token: str, task: GenerationTask, status: int = 200, **more: Any
) -> HttpResponse:
    """The parts of the page that can have changed, or without scripts the page."""
    seen = changes.latest_revision()
    page = guest_page.page_of(visit, clips_of(visit.share), token=token, wanted=task.task_id)
    template = "studio/guest/said.html" if wants_partial(request) else "studio/guest/page.html"
    return render(request, template, guest_context(page, seen, **more), status=status)


def _first_problem(form: GuestNoteForm | GuestDecisionForm | GuestNameForm) -> str:
    return str(next(iter(form.errors.values()))[0])
