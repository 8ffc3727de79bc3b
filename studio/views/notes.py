"""Writing, changing and reading notes about a take."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio import access, notes
from studio.access import May
from studio.forms.notes import NoteForm, WordsForm
from studio.http import SignedInRequest, read_uuid, wants_partial
from studio.models import GenerationTask, Note
from studio.notes import Refused
from studio.notes import page as notes_page
from studio.notes.people import people_of
from studio.views.review_polls import live_answer

ASKED_AT_MOST = 100


@require_http_methods(["GET", "HEAD", "POST"])
def note_write(request: SignedInRequest, task_id: UUID) -> HttpResponse:
    """A new note; asked with GET, what a page needs beside its notes: strokes of `drawings`, or `people` to name."""
    task = access.task_for(request.user, task_id)
    if request.method != "POST":
        return JsonResponse(_beside(request, task))
    access.require(request.user, May.NOTE)
    form = NoteForm(request.POST)
    fps = task.clip.fps if task.clip else 25.0
    try:
        note = notes.write(task, author=request.user, **form.content(fps))
    except Refused as why:
        return _refused(request, task, why.sentence)
    return _kept(request, note, {"note-kept": {"note": str(note.note_id), "next": str(uuid4())}})


@require_POST
def note_answer(request: SignedInRequest, note_id: UUID) -> HttpResponse:
    """Say something in the thread of a note."""
    access.require(request.user, May.NOTE)
    return _change(request, note_id, lambda note, form: notes.answer(note, author=request.user, **form))


@require_POST
def note_edit(request: SignedInRequest, note_id: UUID) -> HttpResponse:
    """Change one's own words."""
    return _change(request, note_id, lambda note, form: notes.edit(note, form["text"], user=request.user))


@require_POST
def note_done(request: SignedInRequest, note_id: UUID) -> HttpResponse:
    """Close a thread; with done=0 open it again."""
    is_done = request.POST.get("done") != "0"
    return _change(request, note_id, lambda note, form: notes.mark_done(note, request.user, is_done=is_done))


@require_POST
def note_delete(request: SignedInRequest, note_id: UUID) -> HttpResponse:
    """Take a note away; with undo=1 bring it back."""
    if request.POST.get("undo"):
        return _change(request, note_id, lambda note, form: notes.restore(note, request.user))
    note = access.note_for(request.user, note_id)
    notes.delete(note, user=request.user)
    if wants_partial(request):
        return live_answer(request, note.task, {"note-deleted": {"note": str(note_id)}})
    return redirect(f"{_page_of(note.task)}?deleted={note_id}")


@require_safe
def note_history(request: SignedInRequest, note_id: UUID) -> HttpResponse:
    """A whole thread on a page of its own, with what each note said before. As a fragment: the thread in the list."""
    note = access.note_for(request.user, note_id)
    thread = notes.thread(note)
    row = notes_page.row(note.task, thread, request.user, selected=note.note_id) if thread else None
    if wants_partial(request):
        if row is None:
            return HttpResponse(status=204)
        return render(request, "studio/partials/note.html", {"row": row, "oob": "outerMorph"})
    return render(request, "studio/note.html", _thread_page(request, note) | {"row": row})


def _change(
    request: SignedInRequest, note_id: UUID, act: Callable[[Note, dict[str, Any]], Note]
) -> HttpResponse:
    """Let `act` change a note that the person may see, and show the list as it is then."""
    note = access.note_for(request.user, note_id)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _refused(
            request, note.task, "This text has signs that can’t be kept. Write it once more.", note
        )
    try:
        changed = act(note, form.cleaned_data)
    except Refused as why:
        return _refused(request, note.task, why.sentence, note)
    return _kept(request, changed, {"note-changed": {"note": str(changed.note_id)}})


def _kept(request: SignedInRequest, note: Note, said: dict[str, Any]) -> HttpResponse:
    if wants_partial(request):
        return live_answer(request, note.task, said)
    return redirect(f"{_page_of(note.task)}?note={note.note_id}#note-{note.note_id}")


def _refused(
    request: SignedInRequest, task: GenerationTask, sentence: str, note: Note | None = None
) -> HttpResponse:
    """422 with the sentence. A page without scripts gets a page with everything that was typed still in its fields."""
    if wants_partial(request):
        response = HttpResponse(status=422)
        response.headers["HX-Trigger"] = json.dumps({"note-refused": {"sentence": sentence}})
        return response
    context = _thread_page(request, note) if note else {"task": task, "new_note_id": uuid4()}
    typed = {name: request.POST.get(name, "") for name in ("text", "at")}
    return render(request, "studio/note.html", context | {"problem": sentence, "typed": typed}, status=422)


def _thread_page(request: SignedInRequest, note: Note) -> dict[str, Any]:
    return {
        "task": note.task,
        "note": note,
        "new_note_id": uuid4(),
        "may_note": access.may(request.user, May.NOTE),
        "may_change": notes.may_change(note, user=request.user) and not note.deleted_at,
        "may_delete": notes.may_delete(note, user=request.user),
        "edits": list(note.edits.all()),
    }


def _beside(request: SignedInRequest, task: GenerationTask) -> dict[str, Any]:
    if "people" in request.GET:
        return {"people": [person.name for person in people_of(task.project) if person.name]}
    asked = [read_uuid(text) for text in request.GET.get("drawings", "")[:4000].split(",")[:ASKED_AT_MOST]]
    return {"drawings": notes.drawings_of(task, [each for each in asked if each])}


def _page_of(task: GenerationTask) -> str:
    return reverse("studio:review", args=[task.task_id])
