"""The money of a job that turned up after its take was given up. It is there, so nobody asks whether it fits a cap."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from studio.models import Attempt, Basis, Charge, ChargeState, GenerationTask
from studio.money.charges import open_charge, tell_of_close
from studio.money.prices import Price

JUST_BEFORE = timedelta(microseconds=1)


def set_aside_again(task: GenerationTask) -> dict[str, str | None]:
    """What came back is set aside anew, as much as before. Returns the facts for the event that tells of it."""
    last = task.charges.order_by("opened_at", "pk").last()
    if last is None or open_charge(task) is not None:
        return {}
    Charge.objects.create(
        task=task,
        project=task.project,
        connection=task.connection,
        estimate=last.estimate,
        credits_estimate=last.credits_estimate,
        opened_at=timezone.now(),
    )
    return _price_of(last).facts()


def count_beside(task: GenerationTask, attempt: Attempt) -> dict[str, str | None]:
    """An earlier attempt was made as well: it costs as much again. Returns the facts for the event that tells of it.

    Its charge stands before that of the present attempt, which stays the take's own.
    """
    present = task.charges.order_by("opened_at", "pk").last()
    if present is None:
        return {}
    charge = Charge.objects.create(
        task=task,
        project=task.project,
        connection=task.connection,
        state=ChargeState.SETTLED,
        basis=Basis.PRICE,
        estimate=present.estimate,
        credits_estimate=present.credits_estimate,
        amount=present.estimate,
        credits=present.credits_estimate,
        opened_at=min(attempt.intended_at, present.opened_at - JUST_BEFORE),
        closed_at=timezone.now(),
    )
    tell_of_close(task, charge)
    return _price_of(charge).facts()


def _price_of(charge: Charge) -> Price:
    return Price(dollars=charge.estimate, credits=charge.credits_estimate)
