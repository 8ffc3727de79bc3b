"""Clocks that are wrong, results that expire, rows that raise: the rest goes on (THREATS, T-10, T-13, T-15)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from studio import conductor, tasks
from studio.connections import provider_accounts
from studio.models import ChargeState, GenerationTask, Status
from tests.paid.conftest import Shop, Times, open_shop
from tests.simulators.here import running

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("impatient"),
]


def test_t10_what_expires_first_is_fetched_first(shop: Shop, times: Times):
    """While we were down, three takes of different ages were made and are known to be."""
    finished = []
    for hours in (11, 7, 2):
        finished.append(shop.made())
        shop.here.fault("result", "not_found", count=None)
        shop.step()
        times.push(hours=hours)
    shop.order()
    now = timezone.now()
    GenerationTask.objects.filter(pk=finished[0].pk).update(next_at=now - timedelta(seconds=1))
    GenerationTask.objects.filter(pk__in=[task.pk for task in finished[1:]]).update(
        next_at=now - timedelta(minutes=5)
    )

    claims = conductor.claim_due(now, at_most=2)

    assert [pk for pk, _ in claims] == [finished[0].pk, finished[1].pk]


@pytest.mark.parametrize(("name", "hours"), [("modelstream", -9), ("apiframe", 9), ("dashscope", -9)])
def test_t13_a_provider_whose_clock_is_hours_off_changes_nothing(
    name, hours: int, addresses, transactional_db, tmp_path
):
    with running(name, tmp_path, fetching="once", film_scale=0.25, skew=hours * 3600.0) as here:
        shop = open_shop(here)
        task = shop.order()[0]

        shop.finish(task)

        assert task.status == Status.SUCCEEDED
        assert 0 <= task.making_seconds < 60


@pytest.mark.parametrize("hours", [-3, 3])
def test_t13_our_clock_jumping_while_a_step_runs_makes_no_second_job(
    shop: Shop, times: Times, monkeypatch: pytest.MonkeyPatch, hours: int
):
    """Forward: the lease looks run out, and another worker comes. Backward: nothing is due for hours."""
    task = shop.order()[0]
    real, rounds = provider_accounts.provider_for, []

    def jumping(*of):
        if not rounds:
            rounds.append(1)
            times.push(hours=hours)
            shop.round()
        return real(*of)

    monkeypatch.setattr(provider_accounts, "provider_for", jumping)
    shop.step()
    shop.finish(task, rounds=16)

    assert len(shop.jobs()) <= 1
    assert task.status in {Status.SUCCEEDED, Status.UNCERTAIN}
    assert task.job_id == (shop.jobs()[0].id if shop.jobs() else "")


def test_t15_one_row_that_always_raises_is_set_aside_and_the_rest_go_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    bad, good = shop.sent(), shop.sent()
    real = tasks.STEPS[Status.RUNNING]

    def look(task: GenerationTask, token) -> None:
        if task.pk == bad.pk:
            raise RuntimeError("nobody thought of this")
        real(task, token)

    monkeypatch.setitem(tasks.STEPS, Status.RUNNING, look)
    for _ in range(5):
        shop.step()
    shop.finish(good)

    bad.refresh_from_db()
    assert (bad.status, bad.next_at, good.status) == (Status.FAILED, None, Status.SUCCEEDED)
    assert bad.job_id == bad.attempts.get().job_id
    assert shop.charge(bad).state == ChargeState.RESERVED


def test_t15_a_take_that_cannot_even_be_put_into_words_costs_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("studio.steps.sending.video_request", _raise)
    task = shop.order()[0]

    for _ in range(12):
        shop.step()

    task.refresh_from_db()
    assert shop.creates() == 0
    assert task.status in {Status.FAILED, Status.UNCERTAIN}


def test_t15_a_create_that_raises_what_it_should_not_is_uncertain(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    """Bytes may have left: it is treated like any other lost answer."""
    kind = type(provider_accounts.provider_for(shop.connection))
    monkeypatch.setattr(kind, "submit", _raise)
    task = shop.order()[0]

    for _ in range(12):
        shop.step()

    task.refresh_from_db()
    assert task.status == Status.UNCERTAIN
    assert shop.charge(task).state == ChargeState.RESERVED


def _raise(*_: object) -> None:
    raise RuntimeError("nobody thought of this")
