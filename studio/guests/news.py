"""What those who shared a link hear of it: that it was opened, that somebody wrote. Decisions tell of themselves."""

from __future__ import annotations

from django.urls import reverse

from studio.guests.visit import Visit
from studio.models import Note, Notice
from studio.news import notices


def opened(visit: Visit) -> None:
    """Once for a link: the first time that somebody outside opens it."""
    share = visit.share
    who = visit.guest.name if visit.guest else "Somebody"
    path = reverse("studio:share", args=[share.pk])
    notices.tell([share.created_by], Notice.Kind.SHARE, f"{who} opened “{share.title}”.", path, share.project)


def wrote(visit: Visit, note: Note) -> None:
    """Once until it was seen: ten comments in a row are one piece of news."""
    share = visit.share
    path = reverse("studio:review", args=[note.task.task_id])
    said = f"{note.guest} commented on {note.shot.title}."
    if Notice.objects.filter(user=share.created_by, seen_at=None, sentence=said).exists():
        return
    notices.tell([share.created_by], Notice.Kind.SHARE, said, f"{path}?note={note.note_id}", share.project)
