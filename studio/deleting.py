"""Deleting takes for good: a note of it first, then the rows, then the bytes, then the note.

The note is why a crash in between leaves no clip without a row (THREATS c19): whoever comes next reads the notes
instead of looking through every clip there is. A clip that comes home has such a note too, from before its bytes are
in their place until its row is there, or the take has failed after all.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from studio import crash_points, search
from studio.models import Attempt, Clip, GenerationTask, Status, TaskEvent
from studio.storage import store

NOTE_KEEPS = timedelta(hours=1)


def delete_for_good(task: GenerationTask) -> bool:
    """Delete one take from the bin with its clip. False if somebody deleted it, or brought it back, meanwhile."""
    clip: Clip | None = task.clip
    note = write_note(clip.path) if clip else None
    with transaction.atomic():
        still_there = GenerationTask.objects.in_bin().select_for_update().filter(pk=task.pk).exists()
        if still_there:
            _delete_rows(task, clip)
    if still_there:
        crash_points.reach("c19")
    if note:
        _finish(note)
    return still_there


def settle(relative: str) -> None:
    """Remove the bytes of a noted clip unless it has its row, then the note. Without a note nothing happens."""
    note = _note_of(relative)
    if note.exists():
        _finish(note)


def finish_begun(now: datetime) -> int:
    """Remove the bytes whose rows a crashed process deleted. Returns how many notes are done with.

    Costs one look into an empty folder while there is nothing to do. A note whose clip still has its row belongs
    to a deletion that is under way, or that never came to its rows; the latter is forgotten after an hour.
    """
    done = 0
    for note in list(_notes()):
        try:
            is_old = now.timestamp() - note.stat().st_mtime > NOTE_KEEPS.total_seconds()
        except FileNotFoundError:
            continue  # whoever wrote it is done with it
        if is_old or not Clip.objects.filter(path=_clip_of(note)).exists():
            done += _finish(note)
    return done


def noted() -> set[str]:
    """The clips, relative to the media folder, whose bytes are on their way out."""
    return {_clip_of(note) for note in _notes()}


def _delete_rows(task: GenerationTask, clip: Clip | None) -> None:
    TaskEvent.objects.filter(task=task).delete()
    Attempt.objects.filter(task=task).delete()
    search.forget(task.pk)
    task.delete()
    if clip:
        clip.delete()


def _finish(note: Path) -> bool:
    """Remove the clip's bytes unless it has its row, then the note. While its take is being saved, both stay: False."""
    relative = _clip_of(note)
    with transaction.atomic():
        if _is_being_saved(relative):
            return False
        if not Clip.objects.filter(path=relative).exists():
            path = store.media_path(relative)
            path.unlink(missing_ok=True)
            shutil.rmtree(path.with_suffix(""), ignore_errors=True)
    note.unlink(missing_ok=True)
    return True


def _is_being_saved(relative: str) -> bool:
    """Its row is locked, so that nobody begins to save it while its bytes are removed."""
    try:
        task_id = UUID(Path(relative).stem)
    except ValueError:
        return False
    task = GenerationTask.objects.select_for_update().filter(task_id=task_id).first()
    return task is not None and task.status == Status.SAVING


def write_note(relative: str) -> Path:
    """An empty file, named after the clip, that outlives a power cut. Raises OSError where the disk is full."""
    store.make_folder(_folder())
    note = _note_of(relative)
    note.touch()
    store.sync_folder(_folder())
    return note


def _note_of(relative: str) -> Path:
    return _folder() / relative.replace("/", "+")


def _clip_of(note: Path) -> str:
    return note.name.replace("+", "/")


def _notes() -> Iterator[Path]:
    return _folder().glob("clips+*")


def _folder() -> Path:
    return Path(settings.MEDIA_DIR) / "deleting"
