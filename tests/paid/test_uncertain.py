"""A create whose answer was lost (M-03, M-04): found by evidence or settled by a person, never sent again."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from unittest.mock import Mock

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from studio import changes, lifecycle
from studio.delivery import evidence
from studio.models import Attempt, Basis, ChargeState, GenerationTask, Status
from studio.providers import http
from studio.steps import lost
from tests.factories import make_user
from tests.paid.conftest import Shop, Times, picture
from tests.simulators import calls
from tests.simulators.faults import INSTEAD
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def lose(shop: Shop, way: str = "reset_after", count: int = 1) -> None:
    """The next creates are done, and their answers are lost."""
    shop.here.fault("create", way, accept=way in INSTEAD, count=count, seconds=5)


def lost_take(shop: Shop, way: str = "reset_after") -> GenerationTask:
    lose(shop, way)
    task = shop.order()[0]
    shop.step()
    task.refresh_from_db()
    return task


def new_jobs(shop: Shop) -> int:
    return sum(create.is_new for create in shop.here.simulator.ledger.creates())


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute of silence is a second here."""
    monkeypatch.setattr(http, "CREATE_SECONDS", 1.0)


@pytest.mark.parametrize("name", ["apiframe"])
def test_m03_apiframe_is_asked_again_with_the_same_key_and_the_same_words(shop: Shop):
    task = lost_take(shop)

    shop.step()

    first, second = shop.here.simulator.ledger.creates()
    assert first.idempotency == second.idempotency == str(task.attempts.get().key)
    assert (first.body, first.job_id) == (second.body, second.job_id)
    assert (first.is_new, second.is_new) == (True, False)


@pytest.mark.parametrize("name", ["modelstream", "dashscope"])
def test_m03_nobody_else_is_ever_asked_again_to_make_it(shop: Shop, times: Times):
    lost_take(shop)

    for _ in range(8):
        shop.step()
        times.push(hours=4)

    assert shop.creates() == 1


@pytest.mark.parametrize("name", ["apiframe"])
def test_m03_a_key_is_not_used_again_once_the_provider_may_have_forgotten_it(shop: Shop, times: Times):
    shop.here.fault("webhook", "absent", count=None)  # it would find the job without the key
    task = lost_take(shop)
    times.push(hours=23, minutes=1)

    shop.step()
    shop.step()

    task.refresh_from_db()
    assert (task.status, task.next_at) == (Status.UNCERTAIN, None)
    assert shop.creates() == 1


@pytest.mark.parametrize("name", ["apiframe", "dashscope"])
def test_m03_a_job_that_was_found_becomes_a_clip_with_its_money_settled(shop: Shop):
    task = lost_take(shop)

    shop.finish(task)

    assert task.status == Status.SUCCEEDED
    assert shop.charge(task).state == ChargeState.SETTLED
    assert task.events.filter(from_status="uncertain", to_status="running").count() == 1


def test_m03_bytes_that_left_into_a_reset_are_not_taken_for_unsent(shop: Shop):
    """The provider never read it. We cannot know."""
    lose(shop, "reset_before")
    task = shop.order()[0]

    shop.step()

    task.refresh_from_db()
    assert task.status == Status.UNCERTAIN
    shop.step()
    task.refresh_from_db()
    expected = Status.RUNNING if shop.connection.provider == "apiframe" else Status.UNCERTAIN
    assert task.status == expected
    assert new_jobs(shop) == (1 if expected == Status.RUNNING else 0)


def test_m03_it_is_on_a_page_at_once_with_its_money_still_set_aside(shop: Shop):
    task = lost_take(shop)
    client = Client()
    client.force_login(make_user())

    works = client.get(reverse("studio:works")).content.decode()
    page = client.get(reverse("studio:clip", args=[task.task_id])).content.decode()

    assert str(task.task_id) in works
    assert "know" in page
    assert shop.charge(task).state == ChargeState.RESERVED


@pytest.mark.parametrize("name", ["dashscope"])
def test_m04_the_list_gives_the_one_job_that_belongs_to_nobody_else(shop: Shop):
    known = shop.sent()
    task = lost_take(shop)

    shop.step()

    task.refresh_from_db()
    assert (task.status, task.job_id) == (Status.RUNNING, shop.jobs()[-1].id)
    assert task.job_id != known.job_id


@pytest.mark.parametrize("name", ["dashscope"])
def test_m04_with_two_candidates_a_person_decides(shop: Shop):
    task = lost_take(shop)
    calls.create(shop.here)  # another program of the same account

    shop.step()

    task.refresh_from_db()
    assert (task.status, task.job_id) == (Status.UNCERTAIN, "")
    assert task.attempts.get().finding == lost.SEVERAL


@pytest.mark.parametrize("name", ["dashscope"])
def test_m04_two_takes_that_look_for_one_job_leave_it_to_a_person(shop: Shop):
    """One create was received and one was not: nobody can tell which."""
    shop.here.fault("create", "reset_after")
    shop.here.fault("create", "reset_before")
    tasks = shop.order(takes=2)

    shop.step()
    shop.step()

    assert len(shop.jobs()) == 1
    for task in tasks:
        task.refresh_from_db()
        assert (task.status, task.job_id) == (Status.UNCERTAIN, "")


@pytest.mark.parametrize("name", ["dashscope"])
def test_m04_a_list_that_does_not_answer_is_asked_again(shop: Shop):
    shop.here.fault("list", "html_502", count=6)  # two looks, each of which asks three times
    task = lost_take(shop)

    shop.step()
    shop.step()
    task.refresh_from_db()
    assert task.status == Status.UNCERTAIN
    shop.step()

    task.refresh_from_db()
    assert task.status == Status.RUNNING


@pytest.mark.parametrize("name", ["dashscope"])
def test_m04_a_job_of_another_moment_is_no_candidate(shop: Shop, times: Times):
    calls.create(shop.here)
    times.push(minutes=30)
    shop.here.fault("create", "reset_before")
    task = shop.order()[0]

    shop.step()
    shop.step()

    task.refresh_from_db()
    assert (task.status, task.attempts.get().finding) == (Status.UNCERTAIN, lost.NONE)


@pytest.fixture
def may_fetch(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """The provider picks its references up only once this is set, and not while the take is being sent."""
    allowed, simulator = Event(), shop.here.simulator
    check = simulator.check_references
    monkeypatch.setattr(simulator, "check_references", lambda job_id: allowed.wait(60) and check(job_id))
    yield allowed
    allowed.set()


@pytest.mark.parametrize("name", ["modelstream"])
def test_m04_a_fetch_of_its_own_link_is_kept_as_proof_that_it_was_received(shop: Shop, may_fetch: Event):
    task = lost_take(shop)

    may_fetch.set()

    assert wait_until(lambda: Attempt.objects.get(task=task).first_fetched_at)
    assert task.events.filter(word="picked_up", to_status="uncertain").count() == 1


@pytest.mark.parametrize("name", ["modelstream"])
def test_m04_a_proof_and_its_line_in_the_story_are_kept_together_or_not_at_all(
    shop: Shop, may_fetch: Event, monkeypatch: pytest.MonkeyPatch
):
    task = lost_take(shop)
    attempt = task.attempts.get()
    monkeypatch.setattr(changes, "next_revision", Mock(side_effect=OperationalError))

    with pytest.raises(OperationalError):
        evidence.take(attempt, picture().media.sha256)

    monkeypatch.undo()
    attempt.refresh_from_db()
    assert (attempt.first_fetched_at, attempt.fetch_count) == (None, 0)
    assert not task.events.filter(word="picked_up").exists()


@pytest.mark.parametrize("name", ["apiframe"])
def test_m04_a_late_callback_gives_the_id(shop: Shop):
    task = lost_take(shop)
    shop.here.fault("create", "html_502", count=None)  # asking again with the key leads nowhere
    shop.step()
    task.refresh_from_db()
    assert task.status == Status.UNCERTAIN
    assert wait_until(lambda: shop.jobs()[0].is_checked)

    shop.here.advance(600)

    assert wait_until(lambda: GenerationTask.objects.get(pk=task.pk).status == Status.RUNNING)
    shop.finish(task)
    assert (task.status, task.job_id) == (Status.SUCCEEDED, shop.jobs()[0].id)


@pytest.mark.parametrize("name", ["modelstream"])
def test_m04_a_person_who_looked_there_says_that_it_never_arrived(shop: Shop):
    shop.here.fault("create", "reset_before")
    task = shop.order()[0]
    shop.step()
    task.refresh_from_db()

    assert lifecycle.settle_as_not_sent(task, make_user())

    charge = shop.charge(task)
    assert (task.status, task.error_category) == (Status.FAILED, "not_sent")
    assert (charge.state, charge.basis) == (ChargeState.RELEASED, Basis.PERSON)


@pytest.mark.parametrize("name", ["modelstream"])
def test_m04_a_person_who_looked_there_gives_its_number(shop: Shop):
    task = lost_take(shop)

    assert lifecycle.found(task, task.attempts.get(), shop.jobs()[0].id, by="person")
    shop.finish(task)

    assert task.status == Status.SUCCEEDED
    assert shop.charge(task).state == ChargeState.SETTLED


def test_m11_nobody_tries_again_while_it_is_not_known_how_the_last_attempt_ended(shop: Shop):
    task = lost_take(shop)
    client = Client()
    client.force_login(make_user())

    client.post(reverse("studio:clip-again", args=[task.task_id]))

    task.refresh_from_db()
    assert task.status == Status.UNCERTAIN
    assert (task.attempts.count(), task.charges.count(), shop.creates()) == (1, 1, 1)


def test_m11_a_new_attempt_has_a_new_key_and_money_of_its_own(shop: Shop):
    shop.here.fault("create", "moderation")
    task = shop.order()[0]
    shop.step()
    task.refresh_from_db()
    assert task.status == Status.FAILED
    client = Client()
    client.force_login(make_user())

    client.post(reverse("studio:clip-again", args=[task.task_id]))
    shop.finish(task)

    first, second = task.attempts.order_by("number")
    assert task.status == Status.SUCCEEDED
    assert first.key != second.key
    assert [charge.state for charge in task.charges.all()] == [ChargeState.RELEASED, ChargeState.SETTLED]
