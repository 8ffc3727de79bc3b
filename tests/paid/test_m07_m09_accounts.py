"""Every cent accounted for, and nothing sent beyond a limit (THREATS, M-07 to M-09)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from studio import conductor, lifecycle, money, recipes, tasks
from studio.connections import provider_accounts
from studio.models import Basis, ChargeState, Connection, GenerationTask, PauseReason, Status
from studio.providers import registry
from studio.providers.base import Provider, VideoRequest
from tests.factories import inbox, make_recipe, make_user
from tests.paid.conftest import Shop, picture
from tests.paid.dying import begin_and_die, claim

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


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
