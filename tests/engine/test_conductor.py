"""Claims within limits, steps in order, and what a second worker finds."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from studio import conductor, lifecycle, tasks
from studio.connections import provider_accounts
from studio.models import Connection, GenerationTask, PauseReason, Status
from studio.providers.base import ErrorCategory, ProviderError, Snapshot, State
from studio.steps import results, sending
from tests.engine.fakes import FakeProvider, repeating
from tests.factories import make_clip, make_task, make_tasks, make_user
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(monkeypatch) -> FakeProvider:
    fake = FakeProvider()
    monkeypatch.setattr(provider_accounts, "provider_for", lambda connection, key=None: fake)
    monkeypatch.setattr(provider_accounts, "capability_for", lambda connection: fake.capability)
    return fake


def run_once() -> int:
    """One round of the conductor with its steps run in place. Returns how many rows were claimed."""
    claims = conductor.claim_due(timezone.now() + timedelta(hours=1))
    for pk, token in claims:
        tasks.advance.func(pk, str(token))
    return len(claims)


def test_a_row_is_claimed_by_one_conductor():
    make_task()
    now = timezone.now()

    first, second = conductor.claim_due(now), conductor.claim_due(now)

    assert (len(first), len(second)) == (1, 0)


def test_a_lease_that_ran_out_is_claimed_again():
    make_task()
    now = timezone.now()
    conductor.claim_due(now)

    later = conductor.claim_due(now + lifecycle.leases.LEASE + timedelta(seconds=1))

    assert len(later) == 1


def test_a_connection_never_runs_more_than_its_limit():
    Connection.objects.update(parallel_limit=2)
    make_tasks(takes=4)

    claimed = conductor.claim_due(timezone.now())

    assert len(claimed) == 2


def test_a_long_line_at_one_account_leaves_places_to_the_others():
    busy = Connection.objects.get(provider="local")
    quiet = Connection.objects.create(provider="modelstream", parallel_limit=20)
    Connection.objects.filter(pk=busy.pk).update(parallel_limit=20)
    for _ in range(2):
        make_tasks(takes=4)
    conductor.claim_due(timezone.now(), at_most=3)
    other = make_task(connection=quiet)

    claimed = conductor.claim_due(timezone.now(), at_most=2)

    assert other.pk in [pk for pk, _ in claimed]


def test_work_under_way_does_not_take_the_places_of_its_own_next_step():
    make_task(Status.RUNNING)
    make_task()

    claimed = conductor.claim_due(timezone.now() + timedelta(seconds=5))

    running = GenerationTask.objects.get(status=Status.RUNNING)
    assert [pk for pk, _ in claimed] == [running.pk]


def test_a_paused_connection_sends_nothing_new():
    Connection.objects.update(paused_at=timezone.now(), pause_reason=PauseReason.OWNER)
    make_task()

    assert conductor.claim_due(timezone.now()) == []


def test_a_task_is_sent_once_and_then_looked_at(provider):
    task = make_task()

    run_once()
    run_once()

    task.refresh_from_db()
    assert (task.status, task.progress) == (Status.RUNNING, 10)
    assert len(provider.submitted) == 1


def test_m02_a_row_left_in_submitting_becomes_uncertain_and_is_never_sent_again(provider):
    task = make_task()
    _die_while_sending(task)

    run_once()
    run_once()

    task.refresh_from_db()
    assert task.status == Status.UNCERTAIN
    assert provider.submitted == []


def test_m02_a_minute_after_the_worker_died_people_know(provider):
    task = make_task()
    ((_, token),) = conductor.claim_due(sent := timezone.now())
    task.refresh_from_db()
    lifecycle.begin_attempt(task, token)

    for pk, again in conductor.claim_due(sent + timedelta(seconds=45)):
        tasks.advance.func(pk, str(again))

    task.refresh_from_db()
    assert task.status == Status.UNCERTAIN


def test_m03_a_provider_that_knows_our_key_is_asked_again_with_the_same_one(provider):
    repeating(provider)
    task = make_task()
    key = _die_while_sending(task)

    run_once()

    task.refresh_from_db()
    assert task.status == Status.RUNNING
    assert provider.submitted == [str(key)]


def test_m08_a_stale_worker_sends_nothing(provider):
    task = make_task()
    (pk, token) = conductor.claim_due(timezone.now())[0]
    GenerationTask.objects.filter(pk=task.pk).update(lease_token=uuid4())

    tasks.advance.func(pk, str(token))

    assert provider.submitted == []


def test_what_was_not_sent_waits_its_turn_again(provider):
    def refuse(request):
        raise ProviderError(ErrorCategory.NOT_SENT, "Nobody answered.", retry_after=30)

    provider.on_submit = refuse
    task = make_task()

    run_once()

    task.refresh_from_db()
    assert task.status == Status.QUEUED
    assert task.next_at > timezone.now() + timedelta(seconds=20)
    assert task.attempts.get().outcome == "not_sent"


def test_m03_a_lost_answer_is_uncertain(provider):
    def lose(request):
        raise ProviderError(ErrorCategory.UNCERTAIN, "No answer.")

    provider.on_submit = lose
    task = make_task()

    run_once()

    task.refresh_from_db()
    assert task.status == Status.UNCERTAIN


def test_t07_a_word_nobody_knows_keeps_the_task_running(provider):
    provider.answers = [Snapshot(state=State.UNKNOWN)]
    task = make_task()

    run_once()
    run_once()

    task.refresh_from_db()
    assert task.status == Status.RUNNING


def test_a_poll_that_fails_changes_nothing(provider):
    provider.answers = [ProviderError(ErrorCategory.PROVIDER_BUSY, "Busy.")]
    task = make_task(Status.RUNNING, progress=30)

    run_once()

    task.refresh_from_db()
    assert (task.status, task.progress) == (Status.RUNNING, 30)


def test_t14_a_cancel_reaches_the_provider(provider):
    task = make_task(Status.RUNNING)
    lifecycle.request_cancel(task, make_user())

    run_once()

    task.refresh_from_db()
    assert task.status == Status.CANCELED
    assert provider.canceled == [task.job_id]


def test_t14_a_cancel_that_comes_too_late_still_brings_the_clip_home(provider, monkeypatch):
    provider.cancels = False
    provider.answers = [Snapshot(state=State.SUCCEEDED, video_url="file:///x.mp4")]
    monkeypatch.setattr(results, "bring_home", lambda row, token: _unsaved_clip())
    task = make_task(Status.RUNNING)
    lifecycle.request_cancel(task, make_user())

    run_once()

    task.refresh_from_db()
    assert task.status == Status.SUCCEEDED


def test_t11_a_full_disk_waits_and_goes_on(provider, monkeypatch):
    provider.answers = [Snapshot(state=State.SUCCEEDED, video_url="file:///x.mp4")]
    waits = iter([results.NotYet("The disk is full", seconds=20)])

    def full_once(row, token):
        for error in waits:
            raise error
        return _unsaved_clip()

    monkeypatch.setattr(results, "bring_home", full_once)
    task = make_task(Status.RUNNING)

    run_once()
    task.refresh_from_db()
    after_first = (task.status, task.stage)
    run_once()

    task.refresh_from_db()
    assert after_first == (Status.SAVING, "The disk is full")
    assert task.status == Status.SUCCEEDED


def test_the_provider_forgets_a_job_only_after_our_copy_is_stored(provider, monkeypatch):
    provider.answers = [Snapshot(state=State.SUCCEEDED, video_url="file:///x.mp4")]
    monkeypatch.setattr(results, "bring_home", lambda row, token: _unsaved_clip())
    task = make_task(Status.RUNNING)

    run_once()

    task.refresh_from_db()
    assert task.status == Status.SUCCEEDED
    assert provider.forgotten == [task.job_id]


def test_t15_one_row_that_always_raises_does_not_hold_up_the_rest(provider, monkeypatch):
    Connection.objects.update(parallel_limit=5)
    bad, good = make_task(), make_task()
    real = sending.video_request

    def raise_for_bad(row, attempt, provider):
        if row.pk == bad.pk:
            raise ValueError("no")
        return real(row, attempt, provider)

    monkeypatch.setattr(sending, "video_request", raise_for_bad)

    for _ in range(7):
        run_once()

    bad.refresh_from_db()
    good.refresh_from_db()
    assert good.status == Status.RUNNING
    assert bad.status in {Status.UNCERTAIN, Status.FAILED}


@pytest.mark.parametrize("silent", ["quiet_until", "trouble_since"])
def test_a_lost_answer_is_told_though_its_account_wants_no_questions_now(provider, silent: str):
    left_behind, *being_asked = make_tasks(takes=1 + conductor.TRIED_AT_ONCE)
    _die_while_sending(left_behind)
    tomorrow = timezone.now() + timedelta(days=1)
    GenerationTask.objects.filter(pk__in=[each.pk for each in being_asked]).update(lease_until=tomorrow)
    Connection.objects.update(**{silent: tomorrow})

    run_once()

    left_behind.refresh_from_db()
    assert left_behind.status == Status.UNCERTAIN


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_step_keeps_its_lease_while_it_lasts(monkeypatch):
    monkeypatch.setattr(lifecycle.leases, "LEASE", timedelta(milliseconds=90))
    task = make_task()
    (_, token) = conductor.claim_due(timezone.now())[0]
    before = GenerationTask.objects.get(pk=task.pk).lease_until

    with lifecycle.keep_lease(task, token):
        renewed = wait_until(lambda: GenerationTask.objects.get(pk=task.pk).lease_until > before)

    assert renewed


def _die_while_sending(task: GenerationTask):
    """Leave the row as a worker does that was killed between the intent and the answer."""
    (_, token) = conductor.claim_due(timezone.now())[0]
    task.refresh_from_db()
    attempt = lifecycle.begin_attempt(task, token)
    assert attempt is not None
    GenerationTask.objects.filter(pk=task.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    return attempt.key


def _unsaved_clip():
    clip = make_clip()
    clip.delete()
    clip._state.adding = True
    return clip


def test_a_failed_job_says_why_and_is_forgotten_at_once(provider):
    provider.answers = [
        Snapshot(
            state=State.FAILED,
            category=ErrorCategory.INVALID_INPUT,
            message="Image 1 can’t be used.",
            detail="cut",
            fault="a1b2c3",
        )
    ]
    task = make_task()
    run_once()
    run_once()

    task.refresh_from_db()
    assert (task.status, task.fault, task.error_detail) == (Status.FAILED, "a1b2c3", "cut")
    assert provider.forgotten == [task.job_id]


def test_a_cancelled_job_is_forgotten_at_once(provider):
    task = make_task()
    run_once()
    task.refresh_from_db()
    lifecycle.request_cancel(task, task.created_by)

    run_once()

    task.refresh_from_db()
    assert task.status == Status.CANCELED
    assert provider.forgotten == [task.job_id]


def test_a_film_that_cannot_be_used_leaves_no_job_behind(provider, monkeypatch):
    def unusable(row, token):
        raise results.Unusable("The film has no pictures in it.")

    monkeypatch.setattr(results, "bring_home", unusable)
    provider.answers = [Snapshot(state=State.SUCCEEDED, video_url="file:///draft.mp4")]
    task = make_task()
    run_once()
    run_once()

    task.refresh_from_db()
    assert task.status == Status.FAILED
    assert provider.forgotten == [task.job_id]
