"""What a take came to: by the provider's figure, by the price, or by nothing; and what is odd is flagged (M-07)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from studio import lifecycle, money
from studio.models import Basis, Charge, ChargeState, Clip, GenerationTask, Status
from studio.money import ledger
from studio.providers.base import Billed, ErrorCategory, ProviderError
from tests.factories import make_account
from tests.whole import claimed, sent_take

pytestmark = pytest.mark.django_db
D = Decimal


def unsaved_clip() -> Clip:
    measures = {"width": 1280, "height": 720, "duration": 5.0, "fps": 30.0, "video_codec": "h264"}
    return Clip(path="clips/1.mp4", sha256="0" * 64, size_bytes=1_000, **measures)


def running(provider: str = "modelstream", **prices: Decimal) -> GenerationTask:
    prices = prices or {"price_720p": D("0.15")}
    return sent_take(connection=make_account(provider, **prices))


def made(task: GenerationTask, billed: Billed | None) -> Charge:
    assert lifecycle.made(task, claimed(task), video_url="https://films.example/1.mp4", billed=billed)
    return task.charges.get()


def failed(task: GenerationTask, billed: Billed | None, free: Basis | None = None) -> Charge:
    why = ProviderError(ErrorCategory.PROVIDER_ERROR, "It could not be made.")
    assert lifecycle.refuse(task, None, why, claimed(task), billed=billed, cost_nothing=free)
    return task.charges.get()


def test_m07_without_a_figure_it_came_to_the_price():
    charge = made(running(), None)

    assert (charge.state, charge.basis, charge.amount) == (ChargeState.SETTLED, Basis.PRICE, D("0.75"))
    assert not charge.is_off


@pytest.mark.parametrize(
    ("told", "is_off"), [("0.75", False), ("0.7575", False), ("0.76", True), ("0.70", True)]
)
def test_m07_a_sum_more_than_one_percent_off_is_flagged_and_both_are_kept(told: str, is_off: bool):
    charge = made(running(), Billed(amount=D(told), unit="usd"))

    assert (charge.estimate, charge.amount, charge.basis) == (D("0.75"), D(told), Basis.TOLD)
    assert charge.is_off is is_off


def test_m07_seconds_are_priced_by_the_rate_that_an_owner_entered():
    charge = made(running("dashscope", price_720p=D("0.10")), Billed(amount=D(10), unit="seconds"))

    assert (charge.estimate, charge.amount, charge.is_off) == (D("0.50"), D("1.00"), True)


def test_m07_credits_are_kept_and_no_dollars_are_made_up():
    task = sent_take(connection=make_account("apiframe"))

    charge = made(task, Billed(amount=D(102), unit="credits"))

    assert (charge.credits_estimate, charge.credits, charge.amount) == (D(85), D(102), None)
    assert charge.is_off


def test_m07_failed_yet_charged_is_flagged_and_its_job_is_kept_for_a_claim():
    task = running("apiframe", credits_price=D(10))

    charge = failed(task, Billed(amount=D(85), unit="credits"))

    assert (charge.state, charge.amount, charge.is_off) == (ChargeState.SETTLED, D("0.85"), True)
    assert (task.status, task.attempts.get().job_id) == (Status.FAILED, task.job_id)
    assert task.job_id


def test_m07_a_failure_that_the_provider_says_was_free_gives_the_money_back():
    charge = failed(running("apiframe", credits_price=D(10)), Billed(amount=D(0), unit="credits"))

    assert (charge.state, charge.basis, charge.amount) == (ChargeState.RELEASED, Basis.TOLD, 0)
    assert not charge.is_off


def test_m07_a_failure_that_nobody_speaks_of_keeps_its_money_aside():
    task = running()

    charge = failed(task, None)

    assert charge.state == ChargeState.RESERVED
    assert money.spent_in(task.project) == D("0.75")


@pytest.mark.parametrize("absurd", ["1000000", "999999999999999"])
def test_m07_an_absurd_figure_is_no_figure(absurd: str):
    charge = made(running(), Billed(amount=D(absurd), unit="usd"))

    assert (charge.amount, charge.basis) == (D("0.75"), Basis.PRICE)


def test_m07_a_charge_closes_once():
    task = running()
    made(task, None)

    money.settle(task, Billed(amount=D(9), unit="usd"))
    money.release(task, Basis.PERSON)

    assert task.charges.get().amount == D("0.75")
    assert task.events.filter(word__in=["settled", "released"]).count() == 1
    assert list(ledger.unbalanced()) == []


def test_m07_a_clip_fetched_after_its_take_had_ended_is_settled_too():
    task = running()
    lifecycle.end_as(task, Status.EXPIRED, claimed(task))
    lifecycle.fetch_again(task, task.created_by)

    assert lifecycle.succeed(task, unsaved_clip(), claimed(task))

    assert task.charges.get().state == ChargeState.SETTLED
