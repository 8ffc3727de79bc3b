"""The chores: one that cannot be done holds up neither the others nor the making."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db.models import ProtectedError
from django.utils import timezone

from studio import conductor, deleting, freezing, housekeeping, loose_clips
from studio.models import GenerationTask, Heartbeat, LibraryFile, Note, Status
from studio.notes import writing
from tests.factories import make_file, make_task, make_user
from tests.whole import ready_take

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_did_the_chores():
    cache.clear()


def refuse(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_a_file_that_cannot_be_removed_leaves_the_other_chores_to_be_done(monkeypatch: pytest.MonkeyPatch):
    loose_clips.write_note("clips/ab/kept.mp4")
    monkeypatch.setattr(Path, "unlink", refuse)
    old = make_task(Status.CANCELED, binned_at=timezone.now() - timedelta(days=31))

    housekeeping.run_due(timezone.now())

    assert not GenerationTask.objects.filter(pk=old.pk).exists()


def test_a_row_that_something_still_holds_leaves_the_other_chores_to_be_done(monkeypatch: pytest.MonkeyPatch):
    def still_held(task: GenerationTask) -> None:
        raise ProtectedError("still held", {task})

    monkeypatch.setattr(deleting, "delete_for_good", still_held)
    make_task(Status.CANCELED, binned_at=timezone.now() - timedelta(days=31))
    file = make_file(deleted_at=timezone.now() - timedelta(days=2))

    housekeeping.run_due(timezone.now())

    assert not LibraryFile.objects.filter(pk=file.pk).exists()


def test_a_take_with_notes_goes_with_them_after_its_days_in_the_bin():
    ada = make_user()
    task = ready_take()
    thread = writing.write(task, author=ada, text="The horizon tilts", first_frame=3)
    writing.answer(thread, author=ada, text="Mended in the next take")
    GenerationTask.objects.filter(pk=task.pk).update(binned_at=timezone.now() - timedelta(days=31))

    housekeeping.run_due(timezone.now())

    assert not GenerationTask.objects.filter(pk=task.pk).exists()
    assert not Note.objects.exists()


def test_a_disk_that_does_not_answer_does_not_end_the_conductor(monkeypatch: pytest.MonkeyPatch):
    stop, looks = threading.Event(), []

    def fail_once(now: object) -> None:
        looks.append(now)
        if len(looks) == 1:
            refuse()
        stop.set()

    monkeypatch.setattr(housekeeping, "run_due", fail_once)
    monkeypatch.setattr(conductor, "close_old_connections", lambda: None)  # it is the test's own

    conductor.run_forever(stop)

    assert len(looks) == 2
    assert Heartbeat.objects.exists()


def test_a_conductor_that_cannot_note_how_far_it_came_does_not_pass_for_a_working_one(
    monkeypatch: pytest.MonkeyPatch,
):
    """It sends nothing meanwhile, so the pages must say that nobody works."""
    stop = threading.Event()

    def fail() -> None:
        stop.set()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(freezing, "remember_how_far", fail)
    monkeypatch.setattr(conductor, "close_old_connections", lambda: None)  # it is the test's own

    conductor.run_forever(stop)

    assert not conductor.is_alive(timezone.now())


def test_notes_are_counted_once_their_bytes_are_gone():
    """A note whose take is being saved stays: its clip comes home right now."""
    saving = make_task(Status.SAVING)
    for key in (str(saving.task_id), "00000000-0000-4000-8000-000000000000"):
        loose_clips.write_note(f"clips/{key[:2]}/{key}.mp4")

    assert loose_clips.finish_begun(timezone.now()) == 1
    assert loose_clips.noted() == {f"clips/{str(saving.task_id)[:2]}/{saving.task_id}.mp4"}
