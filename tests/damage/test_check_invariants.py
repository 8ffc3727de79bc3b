"""Every kind of damage that `check_invariants` looks for, planted by hand: it is named, and the command ends with 1."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from studio import deleting, invariants, lifecycle, loose_clips, money, shots
from studio.invariants import INVARIANTS
from studio.models import (
    Attempt,
    Basis,
    Charge,
    ChargeState,
    Connection,
    GenerationTask,
    LibraryFile,
    MediaFile,
    Project,
    Status,
    TaskEvent,
)
from studio.providers.base import ErrorCategory, ProviderError
from studio.storage import store
from tests.factories import make_account, make_project, make_recipe, make_tasks, make_user
from tests.kill.picture import stored_picture
from tests.whole import claimed, ready_take, sent_take

pytestmark = pytest.mark.django_db
NO_ANSWER = {"job_id": "", "outcome": "", "accepted_at": None}


def check() -> tuple[int, str]:
    """The command's exit code and what it wrote."""
    out = io.StringIO()
    try:
        call_command("check_invariants", stdout=out)
    except CommandError as broken:
        return broken.returncode, out.getvalue()
    return 0, out.getvalue()


def assert_named(number: int, sentence: str) -> None:
    """The sentence stands under its invariant."""
    code, text = check()

    parts = re.split(r"^(\d)\. ", text, flags=re.MULTILINE)
    found = dict(zip(parts[1::2], parts[2::2], strict=True))[str(number)]
    assert code == 1
    assert ": broken" in found
    assert sentence in found, text


@contextmanager
def without_the_rule(name: str) -> Iterator[None]:
    """Rows that the database itself would refuse, as an older version or a hand at the database may leave them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = 1")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE studio_generationtask DROP CONSTRAINT {name}")
        yield
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = 0")


def change(task: GenerationTask, **fields: object) -> None:
    GenerationTask.objects.filter(pk=task.pk).update(**fields)


def test_a_studio_where_all_is_well_passes():
    ready_take()
    sent_take()
    again = sent_take()
    lifecycle.end_as(again, Status.CANCELED, None)
    lifecycle.try_again(again, make_user(), expected_seconds=6)
    lifecycle.put_in_bin([ready_take(b"binned")], make_user())

    code, text = check()

    assert code == 0, text
    assert text.count(": OK\n") == len(INVARIANTS)


def test_1_a_job_of_two_attempts():
    first, second = sent_take(), sent_take()
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX a_job_belongs_to_one_attempt")
    Attempt.objects.filter(task=second).update(job_id=first.job_id)

    assert_named(1, f"job {first.job_id} belongs to 2 attempts")


def test_1_an_attempt_that_was_sent_while_another_had_no_answer():
    task, now = sent_take(), timezone.now()
    Attempt.objects.filter(task=task).update(**NO_ANSWER)
    Attempt.objects.create(task=task, number=2, intended_at=now, accepted_at=now, job_id=task.job_id)

    assert_named(1, f"attempt 1 of task {task.pk} has no answer, and another one was sent")


def test_2_a_job_that_no_attempt_knows():
    task = sent_take()
    Attempt.objects.filter(task=task).update(job_id="another")

    assert_named(2, f"task {task.task_id} has job {task.job_id}, and no attempt of it has")


def test_2_a_lost_answer_that_no_page_shows():
    task = sent_take()
    Attempt.objects.filter(task=task).update(**NO_ANSWER)

    assert_named(2, f"task {task.task_id} is running, and its last attempt never got an answer")


def test_3_a_task_that_nobody_will_look_at():
    task = sent_take()
    with without_the_rule("active_task_has_a_next_time"):
        change(task, next_at=None)

    assert_named(3, f"task {task.task_id} is running and has no next time")


def test_4_a_status_that_no_event_explains():
    task = ready_take()
    change(task, status=Status.EXPIRED)

    assert_named(4, f"task row {task.pk} is expired, and its events end at succeeded")


def test_4_a_task_without_events():
    task = sent_take()
    TaskEvent.objects.filter(task=task).delete()

    assert_named(4, f"task row {task.pk} is running, and its events end at nothing")


def test_4_a_move_along_no_arrow():
    task = sent_take()
    TaskEvent.objects.create(
        task=task, at=timezone.now(), from_status=Status.RUNNING, to_status=Status.QUEUED
    )
    change(task, status=Status.QUEUED)

    assert_named(4, f"task row {task.pk} went from running to queued, which is no arrow")


def test_4_a_hole_in_the_path():
    task = sent_take()
    TaskEvent.objects.filter(task=task, to_status=Status.SUBMITTING).delete()

    assert_named(4, f"task row {task.pk} went from submitting, and was queued")


@pytest.mark.parametrize(
    ("tally", "said"),
    [
        ({"clip_count": 2}, "tallies 2 clips of 6 bytes, and has 1 of 6"),
        ({"clip_bytes": 5}, "tallies 1 clips of 5 bytes, and has 1 of 6"),
    ],
)
def test_5_a_tally_that_is_off(tally: dict[str, int], said: str):
    task = ready_take(b"a clip")
    Project.objects.filter(pk=task.project_id).update(**tally)

    assert_named(5, f"project {task.project_id} {said}")


def paid_take(**fields: object) -> GenerationTask:
    """A take on its way at a provider that charges, 75 cents set aside for it."""
    account = Connection.objects.filter(provider="modelstream").first()
    return sent_take(connection=account or make_account(price_720p=Decimal("0.15")), **fields)


def settled_take() -> GenerationTask:
    task = paid_take()
    lifecycle.made(task, claimed(task), video_url="https://films.example/1.mp4")
    return task


def test_5_paid_takes_of_every_kind_pass():
    settled_take()
    given_back, unknown = paid_take(), paid_take()
    lifecycle.end_as(given_back, Status.CANCELED, None, cost_nothing=Basis.TERMS)
    lost = ProviderError(ErrorCategory.UNCERTAIN, "No answer came.")
    Attempt.objects.filter(task=unknown).update(**NO_ANSWER)
    change(unknown, status=Status.SUBMITTING, job_id="")
    TaskEvent.objects.filter(task=unknown, to_status=Status.RUNNING).delete()
    unknown.refresh_from_db()
    lifecycle.lose_track(unknown, None, lost, claimed(unknown), look_at=None)
    make_tasks(connection=make_account("dashscope"), recipe=make_recipe([LibraryFile.objects.get()]))

    code, text = check()

    assert code == 0, text


def test_5_a_paid_take_without_a_charge():
    task = paid_take()
    Charge.objects.all().delete()
    TaskEvent.objects.filter(facts__has_key="dollars").update(facts={"takes": 1})

    assert_named(5, f"task {task.task_id} was asked of modelstream, and has no charge")


@pytest.mark.parametrize("status", [Status.RUNNING, Status.UNCERTAIN])
def test_5_money_that_came_back_while_nobody_knew(status: Status):
    task = paid_take()
    change(task, status=status)
    money.release(task, Basis.TERMS)

    assert_named(5, f"task {task.task_id} is {status}, and no money is set aside for it")


def test_5_a_sum_that_changed_by_a_cent():
    task = settled_take()
    Charge.objects.filter(task=task).update(amount=Decimal("0.76"))

    assert_named(5, f"task row {task.pk} has $0.7600 settled, and no event tells of it")
    assert_named(5, f"task row {task.pk} tells of $0.7500 settled, and has no such charge")


def test_5_money_set_aside_that_is_gone():
    task = settled_take()
    Charge.objects.filter(task=task).update(estimate=Decimal("0.10"))

    assert_named(5, f"task row {task.pk} tells of $0.7500 set aside, and has no such charge")


def test_5_a_charge_that_closed_twice():
    task = settled_take()
    event = task.events.get(word="settled")
    TaskEvent.objects.create(
        task=task,
        at=event.at,
        from_status=task.status,
        to_status=task.status,
        word="released",
        facts=event.facts,
    )

    assert_named(5, f"task row {task.pk} tells of $0.7500 released, and has no such charge")


def test_5_a_charge_that_nobody_asked_for():
    task = settled_take()
    Charge.objects.create(
        task=task,
        project=task.project,
        connection=task.connection,
        estimate=Decimal("0.75"),
        opened_at=timezone.now(),
    )

    assert_named(5, f"task row {task.pk} has $0.7500 set aside, and no event tells of it")


@pytest.mark.parametrize(
    ("state", "amount"), [(ChargeState.RELEASED, Decimal("0.75")), (ChargeState.SETTLED, None)]
)
def test_5_a_charge_whose_amount_denies_its_state(state: ChargeState, amount: Decimal | None):
    task = settled_take()
    Charge.objects.filter(task=task).update(state=state, amount=amount)

    assert_named(5, f"charge {task.charges.get().pk} is {state}, and its amount is ")


def test_6_a_ready_take_without_a_clip():
    task = ready_take()
    with without_the_rule("succeeded_task_has_its_clip"):
        change(task, clip=None)

    assert_named(6, f"task {task.task_id} is ready and has no clip")


@pytest.mark.parametrize("content", [None, b"a cl", b"a clip and more"])
def test_6_a_clip_that_is_gone_cut_or_longer(content: bytes | None):
    path = ready_take(b"a clip").clip.path
    if content is None:
        store.media_path(path).unlink()
    else:
        store.media_path(path).write_bytes(content)

    assert_named(6, f"clip {path} is not there as long as it was")


def test_6_a_clip_with_one_byte_changed():
    path = ready_take(b"a clip").clip.path
    store.media_path(path).write_bytes(b"a cliq")

    assert_named(6, f"clip {path} has other bytes than it had")


def test_7_a_clip_that_is_gone():
    path = ready_take().clip.path
    store.media_path(path).unlink()

    assert_named(7, f"{path} has a row and no file")


def test_7_a_file_of_the_library_that_is_gone():
    path = store.file_path(stored_picture().sha256, "png")
    store.media_path(path).unlink()

    assert_named(7, f"{path} has a row and no file")


@pytest.mark.parametrize("name", ["{}.mp4", "{}"])
def test_7_a_clip_or_its_pictures_without_a_row(name: str):
    left = store.media_path(f"clips/aa/{name.format(uuid4())}")
    left.mkdir(parents=True)

    assert_named(7, f"clips/aa/{left.stem}.mp4 is a file without a row")


def test_7_a_file_of_the_library_without_a_row():
    row = stored_picture()
    MediaFile.objects.filter(pk=row.pk).delete()

    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert_named(7, f"{row.sha256}.png is a file without a row")


def test_7_bytes_that_are_just_being_deleted_are_no_damage():
    task = ready_take()
    lifecycle.put_in_bin([task], make_user())
    kept = store.media_path(task.clip.path).read_bytes()
    note = loose_clips.write_note(task.clip.path)
    with pytest.MonkeyPatch.context() as crash:
        crash.setattr(loose_clips, "finish", lambda note: None)
        deleting.delete_for_good(GenerationTask.objects.in_bin().get(pk=task.pk))

    assert (kept, note.exists(), check()[0]) == (b"a clip", True, 0)


def test_a_shot_moved_to_another_project_leaves_the_books_in_order():
    task = ready_take()

    shots.move([task], make_project("Harbour"), task.created_by)

    assert invariants.broken() == []


def test_a_note_that_goes_while_the_notes_are_read_stops_nobody(monkeypatch: pytest.MonkeyPatch):
    """A clip came home between the look into the folder and the look at the note."""
    gone = loose_clips.write_note("clips/ab/gone.mp4")
    gone.unlink()
    monkeypatch.setattr(loose_clips, "_notes", lambda: [gone])

    assert loose_clips.finish_begun(timezone.now()) == 0
