"""The state diagram: legal moves, races, leases, attempts and the counters that go with them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from studio import changes, lifecycle
from studio.models import Attempt, Clip, GenerationTask, Status
from studio.providers.base import ErrorCategory, ProviderError
from tests.factories import inbox, make_task, make_user

pytestmark = pytest.mark.django_db


def claim(task: GenerationTask):
    """Hold the task as a worker does."""
    token = uuid4()
    GenerationTask.objects.filter(pk=task.pk).update(
        lease_token=token, lease_until=timezone.now() + timedelta(seconds=60)
    )
    task.refresh_from_db()
    return token


def unsaved_clip(size: int = 1_000) -> Clip:
    return Clip(
        path=f"clips/{uuid4()}.mp4",
        sha256="0" * 64,
        size_bytes=size,
        width=1280,
        height=720,
        duration=5.0,
        fps=30.0,
        video_codec="h264",
    )


def test_a_move_that_the_diagram_lacks_is_refused():
    task = make_task(Status.SUCCEEDED)

    with pytest.raises(lifecycle.IllegalMove):
        lifecycle.move(task, Status.QUEUED)


def test_two_processes_move_a_task_once():
    task = make_task()
    same_task = GenerationTask.objects.get(pk=task.pk)

    first = lifecycle.end_as(task, Status.CANCELED, None)
    second = lifecycle.end_as(same_task, Status.CANCELED, None)

    assert (first, second) == (True, False)
    assert task.events.filter(to_status=Status.CANCELED).count() == 1


def test_a_worker_that_lost_its_lease_cannot_write():
    task = make_task()
    claim(task)
    stale_token = uuid4()

    attempt = lifecycle.begin_attempt(task, stale_token)

    task.refresh_from_db()
    assert attempt is None
    assert task.status == Status.QUEUED
    assert not Attempt.objects.exists()


def test_the_intent_is_stored_before_anything_is_sent():
    task = make_task()
    token = claim(task)

    attempt = lifecycle.begin_attempt(task, token)

    assert attempt is not None
    assert task.status == Status.SUBMITTING
    assert Attempt.objects.get().job_id == ""


def test_the_job_id_is_kept_even_if_the_lease_was_lost_meanwhile():
    task = make_task()
    token = claim(task)
    attempt = lifecycle.begin_attempt(task, token)
    assert attempt is not None
    claim(task)

    linked = lifecycle.accept(task, attempt, "job-1", token, look_again=timezone.now())

    assert linked is False
    assert Attempt.objects.get().job_id == "job-1"


def test_a_lost_answer_makes_the_task_uncertain_and_it_rests():
    task = make_task()
    token = claim(task)
    attempt = lifecycle.begin_attempt(task, token)
    lost = ProviderError(ErrorCategory.UNCERTAIN, "No answer.")

    lifecycle.lose_track(task, attempt, lost, token, look_at=None)

    assert task.status == Status.UNCERTAIN
    assert task.next_at is None
    assert task.attempts.get().outcome == ErrorCategory.UNCERTAIN


def test_a_refusal_says_why_and_ends_the_task():
    task = make_task()
    token = claim(task)
    attempt = lifecycle.begin_attempt(task, token)
    error = ProviderError(ErrorCategory.MODERATION, "The prompt was declined.", detail="code 7")

    lifecycle.refuse(task, attempt, error, token)

    assert (task.status, task.error_category) == (Status.FAILED, "moderation")
    assert task.error_message == "The prompt was declined."
    assert task.finished_at is not None


def test_a_ready_clip_is_counted_in_its_project():
    task = make_task(Status.SAVING)
    token = claim(task)

    lifecycle.succeed(task, unsaved_clip(size=2_500), token)

    project = inbox()
    assert task.status == Status.SUCCEEDED
    assert (project.clip_count, project.clip_bytes) == (1, 2_500)


def test_a_clip_saved_by_a_stale_worker_leaves_no_row():
    task = make_task(Status.SAVING)
    claim(task)

    done = lifecycle.succeed(task, unsaved_clip(), uuid4())

    assert done is False
    assert not Clip.objects.exists()
    assert inbox().clip_count == 0


def test_bin_and_back_keep_the_count():
    ada = make_user()
    task = make_task(Status.SAVING)
    lifecycle.succeed(task, unsaved_clip(), claim(task))

    lifecycle.put_in_bin([task], ada)
    in_bin = inbox().clip_count
    lifecycle.take_from_bin([task], ada)

    assert (in_bin, inbox().clip_count) == (0, 1)
    assert [event.word for event in task.events.all()][-2:] == ["binned", "restored"]


def test_a_task_still_being_made_stays_out_of_the_bin():
    task = make_task(Status.RUNNING)

    moved = lifecycle.put_in_bin([task], make_user())

    assert moved == []


def test_cancelling_a_waiting_task_is_immediate():
    task = make_task()

    stopped = lifecycle.request_cancel(task, make_user())

    assert stopped is True
    assert task.status == Status.CANCELED


def test_cancelling_a_running_task_asks_the_worker_once():
    task = make_task(Status.RUNNING)

    first = lifecycle.request_cancel(task, make_user())
    second = lifecycle.request_cancel(task, make_user())

    assert (first, second) == (True, False)
    assert task.cancel_requested_at is not None


def test_asking_to_stop_a_take_that_moved_meanwhile_tells_the_story_in_order():
    seen_by_a_person = make_task()
    token = claim(seen_by_a_person)
    attempt = lifecycle.begin_attempt(seen_by_a_person, token)
    held_by_a_worker = GenerationTask.objects.get(pk=seen_by_a_person.pk)
    lifecycle.accept(held_by_a_worker, attempt, "job-1", token, look_again=timezone.now())
    assert (seen_by_a_person.status, held_by_a_worker.status) == (Status.SUBMITTING, Status.RUNNING)

    assert lifecycle.request_cancel(seen_by_a_person, make_user()) is True

    told = held_by_a_worker.events.values_list("from_status", "to_status", "word")
    assert list(told)[-1] == (Status.RUNNING, Status.RUNNING, "cancel_requested")


def test_trying_again_makes_a_second_attempt_with_a_new_key():
    task = make_task()
    token = claim(task)
    attempt = lifecycle.begin_attempt(task, token)
    lifecycle.refuse(task, attempt, ProviderError(ErrorCategory.PROVIDER_ERROR, "No."), token)

    lifecycle.try_again(task, make_user(), expected_seconds=5)
    lifecycle.begin_attempt(task, claim(task))

    keys = list(task.attempts.values_list("key", flat=True))
    assert len(set(keys)) == 2


def test_a_row_that_always_stumbles_is_set_aside_after_five_times():
    task = make_task(Status.RUNNING)

    for _ in range(5):
        lifecycle.stumble(task, claim(task), "ValueError: no")
        task.refresh_from_db()

    assert task.status == Status.FAILED
    assert "five times" in task.error_message


def test_a_version_has_one_pick():
    ada = make_user()
    first = make_task(Status.SUCCEEDED)
    second = make_task(Status.SUCCEEDED)
    GenerationTask.objects.filter(pk=second.pk).update(version=first.version, number=2)
    second.refresh_from_db()

    lifecycle.set_pick(first, is_pick=True, actor=ada)
    lifecycle.set_pick(second, is_pick=True, actor=ada)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_pick, second.is_pick) == (False, True)


def test_every_visible_change_takes_a_new_number():
    task = make_task()
    before = changes.latest_revision()

    lifecycle.end_as(task, Status.CANCELED, None)

    assert task.revision == changes.latest_revision() == before + 1


def test_a_look_that_shows_nothing_new_takes_no_number():
    task = make_task(Status.RUNNING, progress=40, stage="Drawing")
    token = claim(task)
    before = changes.latest_revision()

    lifecycle.report(task, token, look_again=timezone.now(), progress=40, stage="Drawing")

    assert changes.latest_revision() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": Status.RUNNING, "job_id": ""},
        {"status": Status.QUEUED, "next_at": None},
        {"status": Status.SUCCEEDED, "clip": None},
        {"status": Status.FAILED, "error_category": ""},
        {"progress": 101},
        {"number": 5},
        {"is_pick": True},
        {"status": "asleep"},
    ],
)
def test_the_database_refuses_a_state_that_must_never_be(wrong):
    task = make_task()

    with pytest.raises(IntegrityError), transaction.atomic():
        GenerationTask.objects.filter(pk=task.pk).update(**wrong)


def test_a_refusal_keeps_the_input_it_points_at_and_a_new_try_forgets_it():
    task = make_task()
    token = claim(task)
    attempt = lifecycle.begin_attempt(task, token)
    why = ProviderError(ErrorCategory.MEDIA_UNREACHABLE, "404 for the second picture.", fault="a1b2c3")

    lifecycle.refuse(task, attempt, why, token)
    kept = task.fault
    lifecycle.try_again(task, make_user(), expected_seconds=6)

    assert (kept, task.fault) == ("a1b2c3", "")


def test_a_cancel_pressed_while_a_step_runs_is_looked_at_at_once():
    task = make_task()
    token = claim(task)
    attempt = lifecycle.begin_attempt(task, token)
    lifecycle.request_cancel(task, make_user())

    lifecycle.accept(task, attempt, "job-1", token, look_again=timezone.now() + timedelta(seconds=30))

    assert task.next_at <= timezone.now()
