"""Deleting takes for good: a note of the clip first, then the rows, then the bytes, then the note."""

from __future__ import annotations

from django.db import transaction

from studio import crash_points, loose_clips, search
from studio.models import Attempt, Clip, GenerationTask, Note, TaskEvent


def delete_for_good(task: GenerationTask) -> bool:
    """Delete one take from the bin with its clip. False if somebody deleted it, or brought it back, meanwhile."""
    clip: Clip | None = task.clip
    note = loose_clips.write_note(clip.path) if clip else None
    with transaction.atomic():
        still_there = GenerationTask.objects.in_bin().select_for_update().filter(pk=task.pk).exists()
        if still_there:
            _delete_rows(task, clip)
    if still_there:
        crash_points.reach("c19")
    if note:
        loose_clips.finish(note)
    return still_there


def _delete_rows(task: GenerationTask, clip: Clip | None) -> None:
    TaskEvent.objects.filter(task=task).delete()
    Attempt.objects.filter(task=task).delete()
    notes = Note.objects.filter(task=task)
    notes.exclude(parent=None).delete()  # answers first: they hold on to what they answer
    notes.delete()
    search.forget(task.pk)
    task.delete()
    if clip:
        clip.delete()
