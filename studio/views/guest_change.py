"""A guest's own comment in other words, or taken away: from the browser that wrote it, through the link's door."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from studio import changes, notes, throttle
from studio.forms.sharing import GuestWordsForm
from studio.guests import page as guest_page
from studio.guests.answers import Changing, guest_context
from studio.guests.visit import Visit
from studio.http import wants_partial
from studio.models import Guest, Note
from studio.sharing.clips import clip_of, clips_of
from studio.throttle import TooOften
from studio.views.guest_door import guest_view
from studio.views.guest_talk import NOTES, TOO_OFTEN


@require_POST
@guest_view
def guest_change(request: HttpRequest, visit: Visit, token: str, note_id: UUID) -> HttpResponseBase:
    """Say it in other words; with act=delete take it away. What it said before stays in the studio's history."""
    note, guest = _own_note(visit, note_id)
    form = GuestWordsForm(request.POST)
    is_delete = request.POST.get("act") == "delete"
    if not is_delete and not form.is_valid():
        return _answer(request, visit, token, note, why=str(form.errors["text"][0]))
    try:
        throttle.count(request, "share-note", NOTES, key=str(guest.pk))
        if is_delete:
            notes.delete(note, guest=guest)
        else:
            notes.edit(note, form.cleaned_data["text"], guest=guest)
    except TooOften:
        return _answer(request, visit, token, note, why=TOO_OFTEN)
    except notes.Refused as refused:
        return _answer(request, visit, token, note, why=refused.sentence)
    return _answer(request, visit, token, note)


def _own_note(visit: Visit, note_id: UUID) -> tuple[Note, Guest]:
    """A comment of this very guest, about a clip that the link shows and takes comments on. Raises Http404."""
    guest = visit.guest
    if guest is None or not visit.share.may_comment:
        raise Http404
    note = Note.objects.filter(note_id=note_id, guest=guest).select_related("task").first()
    if note is None or clip_of(visit.share, note.task.task_id) is None:
        raise Http404
    return note, guest


def _answer(request: HttpRequest, visit: Visit, token: str, note: Note, *, why: str = "") -> HttpResponse:
    """The comments as they are now; after a refusal with what was typed and why. Without scripts the page."""
    if not why and not wants_partial(request):
        return redirect(f"{reverse('studio:guest', args=[token])}?clip={note.task.task_id}#guest-talk")
    seen = changes.latest_revision()
    page = guest_page.page_of(visit, clips_of(visit.share), token=token, wanted=note.task.task_id)
    key, typed = str(note.note_id), request.POST.get("text", "")
    is_gone = not any(each.key == key for each in page.notes)
    changing = Changing(key=key, text=typed, problem=why, is_gone=is_gone) if why else None
    template = "studio/guest/changed.html" if wants_partial(request) else "studio/guest/page.html"
    context = guest_context(page, seen, changing=changing)
    return render(request, template, context, status=422 if why else 200)
