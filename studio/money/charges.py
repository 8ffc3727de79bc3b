"""Money, from the press of the button to the last cent: what is set aside, what it came to, what came back.

Reserved is settled, released, or still reserved (THREATS, invariant 5). Every amount is a Decimal in dollars;
credits are kept beside it. What may still be charged is never given back.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone

from studio.models import Basis, Charge, ChargeState, GenerationTask, Status, Studio, TaskEvent
from studio.money.caps import NotSetAside, check_caps
from studio.money.prices import HUNDREDTH, Price, dollars_of_credits, rate_of, rounded
from studio.providers.base import Billed

OFF_BY = Decimal("0.01")
# Dollars, credits or seconds of one clip: a larger figure is no figure.
BELIEVED_BELOW = Decimal(1_000_000)
CAME_TO_NOTHING = {Status.FAILED, Status.CANCELED, Status.EXPIRED}

type Lot = tuple[Sequence[GenerationTask], Price]


class Disconnected(NotSetAside):
    """The account is not there any more."""


def reserve(tasks: Sequence[GenerationTask], each: Price) -> None:
    """Set the price of these takes aside, or raise OverCap. Call it in the transaction that queues them."""
    reserve_together([(tasks, each)])


def reserve_together(lots: Sequence[Lot]) -> None:
    """Set the price of every lot aside, or of none: raises OverCap. A lot is takes of one account at one price.

    Whoever reserves holds the studio's row, so that of many at once exactly those go through that fit (M-06).
    """
    paid = [(tasks, each) for tasks, each in lots if tasks and not each.is_free]
    if not paid:
        return
    now = timezone.now()
    Studio.objects.select_for_update().get(pk=1)
    wanted = [(tasks[0].connection, each.times(len(tasks))) for tasks, each in paid]
    check_caps(paid[0][0][0].project, wanted, now)
    Charge.objects.bulk_create(
        Charge(
            task=task,
            project=task.project,
            connection=task.connection,
            estimate=each.dollars,
            credits_estimate=each.credits,
            opened_at=now,
        )
        for tasks, each in paid
        for task in tasks
    )


def settle(task: GenerationTask, billed: Billed | None) -> None:
    """By the provider's own figure, else by the price that was set aside.

    A sum for a take that came to nothing is noted as off, whatever it was: it can be claimed back (M-07).
    """
    charge = open_charge(task)
    if charge is None:
        return
    amount, credits, basis = charge.estimate, charge.credits_estimate, Basis.PRICE
    is_off = False
    if billed is not None and billed.amount < BELIEVED_BELOW:
        if not billed.amount and task.status in CAME_TO_NOTHING:
            release(task, Basis.TOLD)
            return
        basis = Basis.TOLD
        amount, credits = _told(billed, task, charge)
        is_off = task.status in CAME_TO_NOTHING
    is_off = is_off or _differs(charge.estimate, amount) or _differs(charge.credits_estimate, credits)
    _close(task, charge, ChargeState.SETTLED, basis, amount=amount, credits=credits, is_off=is_off)


def _differs(expected: Decimal | None, came_to: Decimal | None) -> bool:
    """By more than 1 %."""
    if not expected or came_to is None:
        return False
    return abs(came_to - expected) > OFF_BY * expected


def _told(billed: Billed, task: GenerationTask, charge: Charge) -> tuple[Decimal | None, Decimal | None]:
    """Dollars and credits of a provider's figure."""
    if billed.unit == "credits":
        return dollars_of_credits(billed.amount, task.connection), billed.amount.quantize(HUNDREDTH)
    if billed.unit == "seconds":
        rate = rate_of(task.connection, task.version.resolution)
        return (charge.estimate if rate is None else rounded(rate * billed.amount)), None
    return rounded(billed.amount), None


def release(task: GenerationTask, basis: Basis) -> None:
    """It cost nothing, and we know why."""
    charge = open_charge(task)
    if charge is not None:
        _close(task, charge, ChargeState.RELEASED, basis, amount=Decimal(0), credits=None)


def open_charge(task: GenerationTask) -> Charge | None:
    return task.charges.filter(state=ChargeState.RESERVED).first()


def _close(
    task: GenerationTask,
    charge: Charge,
    state: ChargeState,
    basis: Basis,
    *,
    amount: Decimal | None,
    credits: Decimal | None,
    is_off: bool = False,
) -> None:
    now = timezone.now()
    still_open = Charge.objects.filter(pk=charge.pk, state=ChargeState.RESERVED)
    if still_open.update(
        state=state, basis=basis, amount=amount, credits=credits, is_off=is_off, closed_at=now
    ):
        charge.refresh_from_db()
        tell_of_close(task, charge)


def tell_of_close(task: GenerationTask, charge: Charge) -> None:
    """The line in the take's story that a closed charge has."""
    TaskEvent.tell(
        task.pk,
        charge.state,
        at=charge.closed_at,
        facts={
            "dollars": str(charge.amount) if charge.amount is not None else None,
            "credits": str(charge.credits) if charge.credits is not None else None,
            "estimate": str(charge.estimate) if charge.estimate is not None else None,
            "basis": charge.basis,
        },
    )
