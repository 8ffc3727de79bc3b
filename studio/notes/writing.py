"""A new note, or an answer to one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from studio import drawings
from studio.changes import next_revision
from studio.drawings import NotADrawing, Stroke
from studio.models import GenerationTask, Guest, Note, User
from studio.notes import people
from studio.notes.refusal import Refused, clean_text
from studio.timecodes import frame_count, timecode


def write(
    task: GenerationTask,
    *,
    author: User | None = None,
    guest: Guest | None = None,
    text: str,
    first_frame: int | None = None,
    last_frame: int | None = None,
    drawing: Sequence[Stroke] = (),
    parent: Note | None = None,
    is_team_only: bool = False,
    note_id: UUID | None = None,
) -> Note:
    """Keep what a member or a guest says about a take. Raises Refused.

    No frame is the whole clip; no last frame is one frame. `note_id` comes with the form: a second press of it
    finds the first one's note.
    """
    said = clean_text(text)
    strokes = _strokes(drawing)
    if not said and not strokes:
        raise Refused("Say what you see, or draw it.")
    first, last = (None, None) if parent else _place(task, first_frame, last_frame, has_drawing=bool(strokes))
    note = Note(
        shot_id=task.version.shot_id,
        task=task,
        author=author,
        guest=guest,
        text=said,
        first_frame=first,
        last_frame=last,
        drawing=strokes,
        is_team_only=is_team_only and guest is None,
        created_at=timezone.now(),
    )
    if note_id:
        note.note_id = note_id
    try:
        with transaction.atomic():
            return _kept(note, task, parent)
    except IntegrityError:
        return _of_the_first_press(note)


def answer(
    parent: Note,
    *,
    author: User | None = None,
    guest: Guest | None = None,
    text: str,
    note_id: UUID | None = None,
) -> Note:
    """Say something in the thread of a note. An answer in a thread for the team stays with the team."""
    return write(parent.task, author=author, guest=guest, text=text, parent=parent, note_id=note_id)


def _kept(note: Note, task: GenerationTask, parent: Note | None) -> Note:
    if Note.objects.filter(note_id=note.note_id).exists():
        return _of_the_first_press(note)
    if not _can_be_watched(task):
        raise Refused("This clip is not there to be watched. Bring it back from the bin to write about it.")
    if parent:
        _join(note, parent)
    note.revision = next_revision()
    note.save(force_insert=True)
    people.tell(note, people.remember(note, task.project))
    return note


def _of_the_first_press(note: Note) -> Note:
    """The note that the first press of the same form made; somebody else's id makes none."""
    first = Note.objects.filter(
        note_id=note.note_id, task=note.task, author=note.author, guest=note.guest
    ).first()
    if first is None:
        raise Refused("This note could not be kept. Open the page again and send it once more.")
    return first


def _can_be_watched(task: GenerationTask) -> bool:
    return GenerationTask.objects.filter(pk=task.pk, clip__isnull=False, binned_at=None).exists()


def _join(note: Note, parent: Note) -> None:
    """Put an answer into its thread, held until it is in, so that nobody deletes the thread meanwhile."""
    thread = Note.objects.select_for_update().filter(pk=parent.parent_id or parent.pk).first()
    if thread is None or thread.deleted_at or thread.task_id != note.task_id:
        raise Refused("The note that you answer was deleted meanwhile. Your words are kept here.")
    if thread.is_team_only and note.guest:
        raise Refused("The note that you answer is not there any more.")
    note.parent = thread
    note.drawing = []
    note.is_team_only = note.is_team_only or thread.is_team_only
    if not note.text:
        raise Refused("Say something in your answer.")


def _strokes(drawing: Sequence[Stroke]) -> list[Stroke]:
    try:
        return drawings.checked(list(drawing))
    except NotADrawing as wrong:
        raise Refused(wrong.sentence) from wrong


def _place(
    task: GenerationTask, first: int | None, last: int | None, *, has_drawing: bool
) -> tuple[int | None, int | None]:
    if task.clip is None:
        raise Refused("There is nothing to see yet. Notes open when the clip is ready.")
    if first is None:
        if has_drawing:
            raise Refused("A drawing belongs to a frame. Choose the frame that you drew on.")
        return None, None
    frames = frame_count(task.clip.duration, task.clip.fps)
    last = first if last is None else last
    if not 0 <= first <= last < frames:
        end = timecode(frames - 1, task.clip.fps)
        raise Refused(f"This time lies outside the clip, which ends at {end}.")
    return first, last
