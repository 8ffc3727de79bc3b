"""At most one create for each take, whatever breaks (THREATS, M-01, M-02, M-05)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection as database
from django.test import Client
from django.urls import reverse

from studio.connections import provider_accounts
from studio.models import ChargeState, GenerationTask, Status
from tests.create.making import form_of, make_brief
from tests.factories import make_user
from tests.paid.conftest import Shop, Times, picture
from tests.paid.dying import begin_and_die

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_m01_a_hundred_presses_of_one_form_at_once_are_one_set_of_takes_and_one_charge_each(shop: Shop):
    ada = make_user()
    brief = make_brief(ada, [picture()], settings={"provider": shop.connection.provider, "duration": "3"})
    form = form_of(brief, takes="2") | {"with": "provider"}
    address = reverse("studio:brief-send", args=[brief.pk])

    def press(_: int) -> int:
        client = Client()
        client.force_login(ada)
        try:
            return client.post(address, form).status_code
        finally:
            database.close()

    with ThreadPoolExecutor(max_workers=8) as people:
        answers = list(people.map(press, range(100)))

    made = list(GenerationTask.objects.all())
    assert set(answers) == {302}
    assert (len(made), [task.charges.count() for task in made]) == (2, [1, 1])
    for task in made:
        shop.finish(task)
    assert shop.creates() == len(shop.jobs()) == 2


def test_m02_a_take_left_in_the_middle_of_sending_is_not_sent_a_second_time(shop: Shop):
    """The process died after the bytes left: what a new one finds is a take in submitting, and a job over there."""
    task = shop.order()[0]
    attempt = begin_and_die(task, after_the_bytes=True)

    shop.step()
    task.refresh_from_db()
    assert (task.status, shop.charge(task).state) == (Status.UNCERTAIN, ChargeState.RESERVED)
    shop.step()

    assert len(shop.jobs()) == 1
    attempt.refresh_from_db()
    linked = "" if shop.connection.provider == "modelstream" else shop.jobs()[0].id
    assert attempt.job_id == linked


def test_m02_a_take_whose_bytes_never_left_is_not_sent_blindly_either(shop: Shop):
    task = shop.order()[0]
    begin_and_die(task, after_the_bytes=False)

    shop.step()
    shop.step()

    task.refresh_from_db()
    assert task.status == (Status.RUNNING if shop.connection.provider == "apiframe" else Status.UNCERTAIN)
    assert len(shop.jobs()) == (1 if shop.connection.provider == "apiframe" else 0)


@pytest.mark.parametrize("name", ["apiframe"])
@pytest.mark.parametrize("what", ["refused", "rate_limited", "json_503", "unauthorized"])
def test_m02_a_provider_that_cannot_be_asked_after_a_crash_gets_no_second_create_under_another_key(
    shop: Shop, what: str
):
    """The first create was received. "Nothing was sent" is then true of the second one only."""
    task = shop.order()[0]
    begin_and_die(task, after_the_bytes=True)
    if what == "refused":
        shop.here.listener.close()
    else:
        shop.here.fault("create", what, count=3)

    for _ in range(3):
        shop.step()
        task.refresh_from_db()
        assert task.status == Status.UNCERTAIN
    shop.here.listener.open()
    provider_accounts.resume(shop.connection)
    shop.finish(task)

    assert (task.status, len(shop.jobs()), task.attempts.count()) == (Status.SUCCEEDED, 1, 1)


@pytest.mark.parametrize("name", ["apiframe"])
def test_m02_a_key_is_not_used_again_when_the_studio_was_down_for_longer_than_it_holds(
    shop: Shop, times: Times
):
    shop.here.fault("webhook", "absent", count=None)  # it would find the job without the key
    task = shop.order()[0]
    begin_and_die(task, after_the_bytes=True)
    times.push(hours=25)

    for _ in range(3):
        shop.step()

    task.refresh_from_db()
    assert (task.status, len(shop.jobs()), shop.creates()) == (Status.UNCERTAIN, 1, 1)


def test_m05_exactly_one_create_leaves_for_each_take(shop: Shop):
    task = shop.order()[0]

    shop.finish(task)

    ledger = shop.here.simulator.ledger
    assert [row.status // 100 for row in ledger.requests("create")] == [2]
    assert len(ledger.creates()) == 1


@pytest.mark.parametrize("what", ["reset_before", "reset_after", "close_after", "redirect", "html_502"])
def test_m05_no_library_repeats_a_create_that_went_wrong(shop: Shop, what: str):
    location = f"{shop.here.simulator.base_url}/elsewhere"
    shop.here.fault("create", what, location=location)
    shop.order()

    shop.step()

    requests = shop.here.simulator.ledger.requests()
    assert [row.endpoint for row in requests if row.method == "POST"] == ["create"]
    assert "/elsewhere" not in [row.path for row in requests]


def test_m05_a_create_never_goes_over_a_connection_that_stood_idle(shop: Shop):
    """The pool holds connections to a provider that has been restarted since; a create does not meet them."""
    first = shop.sent()
    shop.step()
    shop.here.listener.close()
    shop.here.listener.open()

    second = shop.sent()

    assert (first.attempts.count(), second.attempts.count()) == (1, 1)
    assert shop.creates() == len(shop.jobs()) == 2


def test_m05_a_question_over_a_stale_connection_is_asked_again_and_the_take_goes_on(shop: Shop):
    task = shop.sent()
    shop.step()
    shop.here.listener.close()
    shop.here.listener.open()

    shop.finish(task)

    assert task.status == Status.SUCCEEDED


def test_m05_what_was_never_written_is_sent_again_once_somebody_listens(shop: Shop):
    shop.here.listener.close()
    task = shop.order()[0]
    shop.step()
    task.refresh_from_db()
    assert (task.status, task.trouble, shop.charge(task).state) == ("queued", "outage", "reserved")

    shop.here.listener.open()
    shop.finish(task)

    assert task.status == Status.SUCCEEDED
    assert shop.creates() == len(shop.jobs()) == 1
    assert [attempt.outcome for attempt in task.attempts.order_by("number")] == ["not_sent", "accepted"]
