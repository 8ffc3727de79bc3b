"""What a provider has wins over what people thought: a job that turns up late is kept, and counted (M-04, T-16)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio import delivery, lifecycle, money
from studio.connections import provider_accounts
from studio.models import Basis, ChargeState, GenerationTask, MediaFile, Status
from tests.factories import make_user
from tests.paid.conftest import Shop, Times
from tests.paid.test_callbacks import address, call
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
ONLY_APIFRAME = pytest.mark.parametrize("name", ["apiframe"])
ONLY_MODELSTREAM = pytest.mark.parametrize("name", ["modelstream"])


def given_up(shop: Shop) -> GenerationTask:
    """A take that its provider makes, and that someone settled as never arrived."""
    shop.here.fault("create", "reset_after")
    task = shop.order()[0]
    shop.step()
    assert wait_until(lambda: shop.jobs()[0].is_checked)
    task.refresh_from_db()
    assert lifecycle.settle_as_not_sent(task, make_user())
    assert shop.charge(task).basis == Basis.PERSON
    return task


def called(shop: Shop, task: GenerationTask, *, to: str) -> int:
    answer = call(task, {"event": "completed", "jobId": shop.jobs()[0].id}, to=to)
    task.refresh_from_db()
    return answer


def fetched(task: GenerationTask, *, attempt: int = 1) -> int:
    """The provider picks a reference up, by the link that it was given with that attempt."""
    stored = MediaFile.objects.get(pk=task.version.references.get().media_id)
    link = delivery.link(task.attempts.get(number=attempt), stored)
    status = Client().get("/" + link.split("/", 3)[3]).status_code
    task.refresh_from_db()
    return status


def sent_again(shop: Shop, task: GenerationTask) -> None:
    client = Client()
    client.force_login(make_user())
    client.post(reverse("studio:clip-again", args=[task.task_id]))
    shop.step()
    task.refresh_from_db()
    assert (task.status, task.attempts.count()) == (Status.RUNNING, 2)


def page_of(task: GenerationTask) -> str:
    client = Client()
    client.force_login(make_user())
    return client.get(reverse("studio:clip", args=[task.task_id])).content.decode()


@ONLY_APIFRAME
def test_m04_a_callback_after_someone_said_it_never_arrived_brings_the_take_back_with_its_money(shop: Shop):
    task = given_up(shop)

    assert called(shop, task, to=address(task)) == 204

    assert (task.status, task.job_id, task.error_category) == (Status.RUNNING, shop.jobs()[0].id, "")
    assert [charge.state for charge in task.charges.all()] == [ChargeState.RELEASED, ChargeState.RESERVED]
    assert task.charges.first().estimate == task.charges.last().estimate
    shop.finish(task)
    assert task.status == Status.SUCCEEDED
    assert shop.charge(task).state == ChargeState.SETTLED
    assert shop.creates() == len(shop.jobs()) == 1


@ONLY_APIFRAME
def test_m04_a_callback_brings_a_take_back_out_of_the_bin(shop: Shop):
    task = given_up(shop)
    assert lifecycle.put_in_bin([task], make_user())

    called(shop, task, to=address(task))

    assert (task.status, task.binned_at) == (Status.RUNNING, None)


@ONLY_APIFRAME
def test_m04_a_proof_that_comes_second_sets_nothing_aside(shop: Shop):
    """Somebody else moved the take between the look at it and the move."""
    seen_before = given_up(shop)
    attempt = seen_before.attempts.get()
    task = GenerationTask.objects.get(pk=seen_before.pk)
    assert lifecycle.try_again(task, make_user(), expected_seconds=60, price=_same_price(task))
    assert lifecycle.request_cancel(task, make_user())

    assert not lifecycle.turned_up(seen_before, attempt, shop.jobs()[0].id, by="callback")
    assert not lifecycle.received_after_all(seen_before, attempt, "Apiframe", look_at=None)

    assert [charge.state for charge in task.charges.all()] == [ChargeState.RELEASED, ChargeState.RELEASED]


@ONLY_APIFRAME
def test_m04_a_callback_days_later_finds_a_take_that_nobody_settled(shop: Shop, times: Times):
    shop.here.fault(
        "webhook", "absent", count=None
    )  # the job is made long before; the call below is the late one
    shop.here.fault("create", "reset_after")
    task = shop.order()[0]
    shop.step()
    assert wait_until(lambda: shop.jobs()[0].is_checked)
    times.push(hours=25)
    shop.step()
    task.refresh_from_db()
    assert (task.status, task.next_at) == (Status.UNCERTAIN, None)

    assert called(shop, task, to=address(task)) == 204

    assert (task.status, task.job_id) == (Status.RUNNING, shop.jobs()[0].id)


@ONLY_APIFRAME
def test_m04_a_callback_keeps_a_take_that_waits_to_be_sent_again_from_being_made_twice(shop: Shop):
    task = given_up(shop)
    assert lifecycle.try_again(task, make_user(), expected_seconds=60, price=_same_price(task))

    called(shop, task, to=address(task))
    shop.finish(task)

    assert (task.status, task.attempts.count()) == (Status.SUCCEEDED, 1)
    assert shop.creates() == 1


@ONLY_APIFRAME
def test_t14_a_job_that_turns_up_after_its_take_was_cancelled_is_called_off_or_kept(shop: Shop):
    task = given_up(shop)
    assert lifecycle.try_again(task, make_user(), expected_seconds=60, price=_same_price(task))
    assert lifecycle.request_cancel(task, make_user())
    assert task.status == Status.CANCELED

    called(shop, task, to=address(task))
    assert (task.status, task.job_id) == (Status.RUNNING, shop.jobs()[0].id)
    shop.finish(task)

    assert task.status in {Status.CANCELED, Status.SUCCEEDED}
    assert task.next_at is None
    assert task.charges.filter(state=ChargeState.RESERVED).count() == 0


@ONLY_APIFRAME
def test_m11_a_callback_for_an_attempt_that_was_followed_by_another_is_linked_counted_and_told_once(
    shop: Shop,
):
    task = given_up(shop)
    first = address(task)
    sent_again(shop, task)
    second_job = task.job_id

    assert called(shop, task, to=first) == 204
    assert called(shop, task, to=first) == 204

    assert (task.status, task.job_id) == (Status.RUNNING, second_job)
    assert task.attempts.get(number=1).job_id == shop.jobs()[0].id
    assert sorted(charge.state for charge in task.charges.all()) == ["released", "reserved", "settled"]
    shop.finish(task)
    assert task.status == Status.SUCCEEDED
    counted = task.charges.counted()
    assert [charge.state for charge in counted] == [ChargeState.SETTLED] * 2
    page = page_of(task)
    assert f"has an earlier try of this too, as {shop.jobs()[0].id}" in page
    assert "earlier tries:" in page


@ONLY_MODELSTREAM
def test_m04_a_fetch_after_someone_said_it_never_arrived_is_proof_and_gets_its_file(shop: Shop):
    task = given_up(shop)

    assert fetched(task) == 200

    assert (task.status, task.error_category) == (Status.UNCERTAIN, "uncertain")
    assert shop.charge(task).state == ChargeState.RESERVED
    assert "picked a file up, so it has this after all" in page_of(task)
    job = shop.jobs()[0].id
    assert lifecycle.found(task, task.attempts.get(), job, by="person", actor=make_user())
    shop.finish(task)
    assert task.status == Status.SUCCEEDED


@ONLY_MODELSTREAM
def test_m11_a_fetch_for_an_attempt_that_was_followed_by_another_is_counted_once_and_gets_no_file(shop: Shop):
    task = given_up(shop)
    sent_again(shop, task)

    assert fetched(task) == fetched(task) == 404

    extra = task.charges.counted().filter(state=ChargeState.SETTLED)
    assert [charge.amount for charge in extra] == [Decimal("0.5")]
    assert task.events.filter(word="late_fetch").count() == 1
    assert "has an earlier try of this too" in page_of(task)


@ONLY_MODELSTREAM
def test_m04_a_look_at_the_head_of_a_link_proves_nothing(shop: Shop):
    task = given_up(shop)
    stored = MediaFile.objects.get(pk=task.version.references.get().media_id)
    link = delivery.link(task.attempts.get(), stored)

    assert Client().head("/" + link.split("/", 3)[3]).status_code == 404

    task.refresh_from_db()
    assert task.status == Status.FAILED


def test_m08_an_answer_that_comes_after_someone_settled_its_take_brings_the_take_back(shop: Shop):
    """The worker was stopped in the middle of its create, and wakes up with the provider's answer."""
    task = given_up(shop)
    attempt = task.attempts.get()

    assert lifecycle.accept(
        task, attempt, shop.jobs()[0].id, attempt.key, look_again=timezone.now(), stage=""
    )

    assert (task.status, shop.charge(task).state) == (Status.RUNNING, ChargeState.RESERVED)
    shop.finish(task)
    assert task.status == Status.SUCCEEDED


def _same_price(task: GenerationTask) -> money.Price:
    capability = provider_accounts.capability_for(task.connection)
    return money.price_of_version(task.version, task.connection, capability)
