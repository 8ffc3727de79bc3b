"""Outages and words to wait: takes wait, and in the end they settle (THREATS, T-03 and T-04)."""

from __future__ import annotations

import pytest
from django.utils import timezone

from studio.models import ChargeState, GenerationTask, Status, Trouble
from tests.paid.conftest import Shop, Times, open_shop
from tests.simulators.here import running

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("impatient"),
]


def test_t03_a_provider_that_is_down_for_twelve_hours_loses_nothing(shop: Shop, times: Times):
    sent = [shop.sent()]
    shop.here.listener.close()
    waiting = shop.order()
    for _ in range(12):
        shop.step()
        times.push(hours=1)
    for task in [*sent, *waiting]:
        task.refresh_from_db()
        assert task.trouble == Trouble.OUTAGE
        assert task.status == (Status.RUNNING if task in sent else Status.QUEUED)

    shop.here.listener.open()

    for task in [*sent, *waiting]:
        shop.finish(task)
        assert task.status == Status.SUCCEEDED, (task.status, task.error_detail)
        assert shop.charge(task).state == ChargeState.SETTLED
    assert shop.creates() == len(shop.jobs()) == 2


def test_t03_an_outage_is_asked_about_less_and_less_often_and_never_less_than_every_five_minutes(
    shop: Shop, times: Times
):
    shop.here.fault("webhook", "absent", count=None)  # one would bring a look nearer
    task = shop.sent()
    shop.here.listener.close()
    pauses: list[int] = []
    for _ in range(12):
        shop.step()
        task.refresh_from_db()
        pauses.append(round((task.next_at - timezone.now()).total_seconds()))
        times.push(seconds=pauses[-1])

    assert pauses == sorted(pauses)
    assert pauses[0] == pytest.approx(10, abs=1)
    assert pauses[-1] == pytest.approx(300, abs=1)


def test_t03_being_asked_to_wait_holds_for_the_whole_account(shop: Shop, times: Times):
    asked, other = shop.sent(), shop.sent()
    times.push(minutes=1)
    shop.here.fault("status", "rate_limited", retry_after=600)
    shop.step()
    for task in (asked, other):
        task.refresh_from_db()
    assert Trouble.RATE in {asked.trouble, other.trouble}
    before = len(shop.here.simulator.ledger.requests("status"))
    GenerationTask.objects.update(next_at=timezone.now())
    waiting = shop.order()[0]

    times.push(minutes=9, seconds=50)
    GenerationTask.objects.update(next_at=timezone.now())
    assert shop.round() == 0
    assert len(shop.here.simulator.ledger.requests("status")) == before

    times.push(seconds=20)
    assert shop.round() > 0
    for task in (asked, other, waiting):
        shop.finish(task)
        assert task.status == Status.SUCCEEDED


def test_t03_a_create_that_is_told_to_wait_is_the_same_take_later_and_nothing_was_made(
    shop: Shop, times: Times
):
    shop.here.fault("create", "rate_limited", retry_after=120)
    task = shop.order()[0]
    assert shop.waits(task) == (Status.QUEUED, Trouble.RATE)
    assert (task.next_at - timezone.now()).total_seconds() == pytest.approx(120, abs=3)
    times.push(seconds=100)
    assert shop.round() == 0

    times.push(seconds=25)
    shop.round()
    shop.finish(task)

    assert (task.status, len(shop.jobs())) == (Status.SUCCEEDED, 1)


def test_t03_ten_minutes_of_being_told_to_wait_end_well(shop: Shop, times: Times):
    shop.here.fault("any", "rate_limited", count=None, lasts=600)
    task = shop.order()[0]
    for _ in range(25):
        shop.step()
        times.push(seconds=30)

    shop.finish(task)

    assert (task.status, len(shop.jobs())) == (Status.SUCCEEDED, 1)


@pytest.mark.parametrize("name", ["modelstream"])
def test_t03_other_providers_go_on_while_one_is_down(shop: Shop, tmp_path):
    down = shop.order(takes=4)
    shop.here.listener.close()
    with running("dashscope", tmp_path / "other", fetching="once", film_scale=0.25) as here:
        other = open_shop(here)
        going = other.order()[0]

        other.finish(going)

        assert going.status == Status.SUCCEEDED
    for task in down:
        task.refresh_from_db()
        assert (task.status, task.trouble) == (Status.QUEUED, Trouble.OUTAGE)


def test_t03_nobody_is_there_beyond_a_day_so_nothing_was_sent_and_the_money_is_free(shop: Shop, times: Times):
    shop.here.listener.close()
    task = shop.order()[0]
    for _ in range(9):
        shop.step()
        times.push(hours=3)
    shop.step()

    task.refresh_from_db()
    assert (task.status, task.error_category) == (Status.FAILED, "not_sent")
    assert shop.charge(task).state == ChargeState.RELEASED


def test_t04_beyond_a_day_a_job_is_expired_with_its_number_and_its_money_kept(shop: Shop, times: Times):
    task = shop.sent()
    job_id = task.job_id
    shop.here.listener.close()
    times.push(hours=23)
    assert shop.waits(task) == (Status.RUNNING, Trouble.OUTAGE)

    times.push(hours=1, minutes=1)
    shop.step()

    task.refresh_from_db()
    assert (task.status, task.job_id, task.next_at) == (Status.EXPIRED, job_id, None)
    assert shop.charge(task).state == ChargeState.RESERVED
    times.push(days=3)
    assert shop.round() == 0


def test_t04_an_outage_of_twenty_hours_loses_no_result(shop: Shop, times: Times):
    task = shop.sent()
    shop.here.listener.close()
    times.push(hours=20)
    shop.step()

    shop.here.listener.open()
    shop.finish(task)

    assert task.status == Status.SUCCEEDED
