"""At most one create for each press, and every cent accounted for (THREATS, M)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection as database
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio import conductor, lifecycle, money, recipes, tasks
from studio.connections import provider_accounts
from studio.models import Basis, ChargeState, Connection, GenerationTask, PauseReason, Status
from studio.providers import registry
from studio.providers.base import Provider, VideoRequest
from studio.requests import video_request
from tests.create.making import form_of, make_brief
from tests.factories import inbox, make_recipe, make_user
from tests.paid.conftest import Shop, Times, picture

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


def begin_and_die(task: GenerationTask, *, after_the_bytes: bool):
    """As a worker does, up to the moment before it would write down the answer."""
    token = claim(task)
    attempt = lifecycle.begin_attempt(
        task, token, connection_key=provider_accounts.current_key(task.connection)
    )
    assert attempt is not None
    provider = provider_accounts.provider_for(task.connection, attempt.connection_key)
    if after_the_bytes:
        provider.submit(video_request(task, attempt, provider), key=str(attempt.key))
    GenerationTask.objects.filter(pk=task.pk).update(lease_until=None, lease_token=None)
    return attempt


def claim(task: GenerationTask, *, lease: timedelta = lifecycle.leases.LEASE):
    token = uuid4()
    GenerationTask.objects.filter(pk=task.pk).update(lease_token=token, lease_until=timezone.now() + lease)
    return token


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


@pytest.mark.parametrize("name", ["apiframe", "dashscope"])
def test_m07_a_charge_that_differs_is_kept_beside_its_estimate_and_flagged(shop: Shop):
    """The owner's price was wrong when the money was set aside, and put right before the bill came."""
    account = Connection.objects.filter(pk=shop.connection.pk)
    right = {"price_720p": Decimal("0.10"), "credits_price": Decimal(10)}
    account.update(price_720p=Decimal("0.05"), credits_price=Decimal(5))
    shop.connection.refresh_from_db()
    task = shop.order(settings={"duration": 3})[0]
    account.update(**right)

    shop.finish(task)

    charge = shop.charge(task)
    expected, came_to = {
        "apiframe": (Decimal("0.255"), Decimal("0.51")),
        "dashscope": (Decimal("0.15"), Decimal("0.30")),
    }[shop.connection.provider]
    assert (charge.estimate, charge.amount, charge.is_off) == (expected, came_to, True)
    assert task.job_id == shop.jobs()[0].id


def test_m07_a_charge_as_expected_is_not_flagged(shop: Shop):
    task = shop.order(settings={"duration": 3})[0]

    shop.finish(task)

    assert (shop.charge(task).state, shop.charge(task).is_off) == (ChargeState.SETTLED, False)


def test_m07_a_job_that_failed_and_was_charged_keeps_its_number_and_its_money(shop: Shop):
    shop.here.fault("job", "charged_failure")
    task = shop.order()[0]

    shop.finish(task)

    charge = shop.charge(task)
    assert (task.status, task.job_id) == (Status.FAILED, shop.jobs()[0].id)
    # Apiframe tells; ModelStream does not, so it stays counted; DashScope's terms say that failures are free.
    expected = {
        "apiframe": (ChargeState.SETTLED, Basis.TOLD),
        "modelstream": (ChargeState.RESERVED, ""),
        "dashscope": (ChargeState.RELEASED, Basis.TERMS),
    }
    assert (charge.state, charge.basis) == expected[shop.connection.provider]


def test_m07_a_job_that_failed_for_free_gives_its_money_back_where_that_is_known(shop: Shop):
    shop.here.fault("job", "moderation")
    task = shop.order()[0]

    shop.finish(task)

    charge = shop.charge(task)
    assert task.status == Status.FAILED
    expected = Decimal(0) if shop.connection.provider != "modelstream" else None
    assert charge.amount == expected


class Slow:
    """A worker that is held up in the middle of a create while its lease runs out."""

    def __init__(self, provider: Provider, meanwhile) -> None:
        self._provider, self._meanwhile = provider, meanwhile

    def __getattr__(self, name: str):
        return getattr(self._provider, name)

    def submit(self, request: VideoRequest, *, key: str) -> str:
        job_id = self._provider.submit(request, key=key)
        self._meanwhile()
        return job_id


def test_m08_a_worker_that_lost_its_lease_during_a_create_does_not_lose_the_job(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    task = shop.order()[0]
    real = provider_accounts.provider_for
    slow = Slow(real(shop.connection), lambda: tasks.advance.func(task.pk, str(claim(task))))
    answers = iter([slow])
    monkeypatch.setattr(provider_accounts, "provider_for", lambda *of: next(answers, None) or real(*of))

    tasks.advance.func(task.pk, str(claim(task)))

    assert shop.jobs()[0].id == task.attempts.get().job_id
    shop.finish(task)
    assert (task.status, len(shop.jobs())) == (Status.SUCCEEDED, 1)


def test_m08_an_answer_that_comes_before_anybody_gave_it_up_is_used(shop: Shop):
    """The first worker lost its lease, wrote the number down, and could not move the take any more."""
    task = shop.order()[0]
    attempt = begin_and_die(task, after_the_bytes=True)
    job_id = shop.jobs()[0].id
    attempt_row = task.attempts.filter(pk=attempt.pk)
    attempt_row.update(job_id=job_id, accepted_at=timezone.now(), outcome="accepted")

    shop.step()

    task.refresh_from_db()
    assert (task.status, task.job_id, shop.creates()) == (Status.RUNNING, job_id, 1)


def test_m08_a_stale_worker_neither_writes_nor_sends(shop: Shop):
    task = shop.order()[0]
    stale = claim(task)
    claim(task)

    tasks.advance.func(task.pk, str(stale))

    task.refresh_from_db()
    assert (task.status, shop.creates()) == (Status.QUEUED, 0)


def test_m09_a_daily_cap_stops_a_runaway_before_anything_is_sent(shop: Shop):
    Connection.objects.filter(pk=shop.connection.pk).update(daily_cap=Decimal("2.00"))
    shop.connection.refresh_from_db()
    recipe, ada, sent = make_recipe([picture()], settings={"duration": 3}), make_user(), 0

    for _ in range(20):
        try:
            recipes.send(
                recipe,
                user=ada,
                project=inbox(),
                shot=None,
                connection=shop.connection,
                takes=1,
                token=uuid4(),
            )
        except money.OverCap:
            break
        sent += 1

    price = {"apiframe": Decimal("0.51")}.get(shop.connection.provider, Decimal("0.30"))
    assert sent == Decimal("2.00") // price
    assert GenerationTask.objects.count() == sent
    assert sum(charge.estimate for task in GenerationTask.objects.all() for charge in task.charges.all()) <= 2


def test_m09_a_pause_stops_all_sending_within_one_round_and_leaves_jobs_alone(shop: Shop):
    running = shop.sent()
    waiting = shop.order(takes=3)
    Connection.objects.filter(pk=shop.connection.pk).update(
        paused_at=timezone.now(), pause_reason=PauseReason.OWNER
    )

    shop.finish(running)

    assert running.status == Status.SUCCEEDED
    assert shop.creates() == 1
    for task in waiting:
        task.refresh_from_db()
        assert (task.status, task.charges.get().state) == (Status.QUEUED, ChargeState.RESERVED)


def test_m09_never_more_jobs_at_once_than_the_account_allows(shop: Shop):
    Connection.objects.filter(pk=shop.connection.pk).update(parallel_limit=2)
    shop.order(takes=4)

    for _ in range(4):
        shop.step()

    assert len(shop.jobs()) == 2


def test_m09_questions_keep_within_the_account_s_rate_however_many_ask(shop: Shop):
    """All within one second, by several conductors."""
    for _ in range(2):
        shop.order(takes=4)
    shop.step()
    now = timezone.now() + timedelta(minutes=5)
    GenerationTask.objects.update(next_at=now)

    claimed = [
        len(conductor.claim_due(now + timedelta(milliseconds=50 * moment), at_most=50))
        for moment in range(20)
    ]

    allowed = registry.capabilities()[shop.connection.provider].queries_per_second
    assert 0 < sum(claimed) <= allowed
    assert max(claimed) == 1


def test_m09_a_cancelled_take_that_was_never_sent_frees_its_money_at_once(shop: Shop):
    task = shop.order()[0]

    assert lifecycle.request_cancel(task, make_user())

    assert (shop.charge(task).state, shop.charge(task).basis) == (ChargeState.RELEASED, Basis.NOT_SENT)
    shop.step()
    assert shop.creates() == 0
