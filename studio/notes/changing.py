"""Changing a note that is there: its words, whether it is done, taking it away and bringing it back.

Everyone changes their own words and may take them away; owners and producers may take any note away. What a note
said before stays in its history. Of two people at the same note the second is told what the first one did.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from studio import access, audit
from studio.access import May
from studio.changes import next_revision
from studio.models import Guest, Note, NoteEdit, User
from studio.notes import people
from studio.notes.refusal import Refused, clean_text

GONE = "This note was deleted meanwhile. What you wrote is kept here."


def may_change(note: Note, *, user: User | None = None, guest: Guest | None = None) -> bool:
    """Whether these are their own words."""
    if user:
        return note.author_id == user.pk and access.may(user, May.NOTE)
    return guest is not None and note.guest_id == guest.pk


def may_delete(note: Note, *, user: User | None = None, guest: Guest | None = None) -> bool:
    return may_change(note, user=user, guest=guest) or (user is not None and access.may(user, May.SETTLE))


def edit(note: Note, text: str, *, user: User | None = None, guest: Guest | None = None) -> Note:
    """Say it in other words. The old ones stay in the history. Raises Refused, or PermissionDenied for others."""
    if not may_change(note, user=user, guest=guest):
        raise PermissionDenied("Only the person who wrote a note can change it.")
    said = clean_text(text)
    with transaction.atomic():
        current = _held(note)
        if current.deleted_at:
            raise Refused(GONE)
        if not said and not current.drawing:
            raise Refused("A note says something. To take it away, delete it.")
        if said == current.text:
            return current
        NoteEdit.objects.create(note=current, at=timezone.now(), text=current.text)
        current.text, current.edited_at = said, timezone.now()
        _save(current, "text", "edited_at")
        people.tell(current, people.remember(current, current.task.project))
    return current


def delete(note: Note, *, user: User | None = None, guest: Guest | None = None) -> Note:
    """Take it away; answers of others to it stay. Deleting twice is no mistake."""
    if not may_delete(note, user=user, guest=guest):
        raise PermissionDenied("Notes are deleted by who wrote them, or by an owner or a producer.")
    with transaction.atomic():
        current = _held(note)
        if current.deleted_at:
            return current
        NoteEdit.objects.create(note=current, at=timezone.now(), text=current.text)
        current.deleted_at, current.deleted_by = timezone.now(), user
        _save(current, "deleted_at", "deleted_by")
        if not may_change(current, user=user, guest=guest):
            audit.note(
                user, "note deleted", project=current.task.project_id, guest=guest, note=current.note_id
            )
    return current


def restore(note: Note, user: User) -> Note:
    """Bring back what was deleted. What an owner or a producer took away does not come back by its writer."""
    with transaction.atomic():
        current = _held(note)
        if not current.deleted_at:
            return current
        is_theirs = current.deleted_by_id == user.pk and may_change(current, user=user)
        if not (is_theirs or access.may(user, May.SETTLE)):
            raise PermissionDenied(
                "Notes are brought back by who deleted them, or by an owner or a producer."
            )
        current.deleted_at, current.deleted_by = None, None
        _save(current, "deleted_at", "deleted_by")
    return current


def mark_done(note: Note, user: User, *, is_done: bool = True) -> Note:
    """Close a thread, or open it again. Anyone who may write notes can."""
    access.require(user, May.NOTE)
    with transaction.atomic():
        current = _held(note)
        if current.deleted_at:
            raise Refused("This note was deleted meanwhile.")
        if current.parent_id:
            raise Refused("Only whole threads are marked as done.")
        if bool(current.done_at) == is_done:
            return current
        current.done_at, current.done_by = (timezone.now(), user) if is_done else (None, None)
        _save(current, "done_at", "done_by")
    return current


def _held(note: Note) -> Note:
    """The note as it is now, held until the transaction ends."""
    return Note.objects.select_for_update(of=("self",)).select_related("task__project").get(pk=note.pk)


def _save(note: Note, *fields: str) -> None:
    note.revision = next_revision()
    note.save(update_fields=[*fields, "revision"])
