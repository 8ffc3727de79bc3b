"""Notes of clips whose bytes may lie in their place without a row: one that is deleted, one that comes home.

A note is written first and goes last. It is why a crash in between leaves no clip without a row (THREATS c19):
whoever comes next reads the notes instead of looking through every clip there is.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from studio.models import Clip, GenerationTask, Status
from studio.storage import store

NOTE_KEEPS = timedelta(hours=1)


def write_note(relative: str) -> Path:
    """An empty file, named after the clip, that outlives a power cut. Raises OSError where the disk is full."""
    store.make_folder(_folder())
    note = _note_of(relative)
    note.touch()
    store.sync_folder(_folder())
    return note


def settle(relative: str) -> None:
    """Remove the bytes of a noted clip unless it has its row, then the note. Without a note nothing happens."""
    note = _note_of(relative)
    if note.exists():
        finish(note)


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
            done += finish(note)
    return done


def noted() -> set[str]:
    """The clips, relative to the media folder, that have a note."""
    return {_clip_of(note) for note in _notes()}


def finish(note: Path) -> bool:
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


def _note_of(relative: str) -> Path:
    return _folder() / relative.replace("/", "+")


def _clip_of(note: Path) -> str:
    return note.name.replace("+", "/")


def _notes() -> Iterator[Path]:
    return _folder().glob("clips+*")


def _folder() -> Path:
    return Path(settings.MEDIA_DIR) / "deleting"
