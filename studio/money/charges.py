"""Money, from the press of the button to the last cent: what is set aside, what it came to, what came back.

Reserved is settled, released, or still reserved (THREATS, invariant 5). Every amount is a Decimal in dollars;
credits are kept beside it. What may still be charged is never given back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import cast

from django.utils import timezone

from studio.models import (
    Basis,
    Charge,
    ChargeState,
    Connection,
    GenerationTask,
    Project,
    Reference,
    Status,
    Studio,
    TaskEvent,
    Version,
)
from studio.providers.base import Billed, Capability, Resolution

TENTH_OF_A_MILL = Decimal("0.0001")
HUNDREDTH = Decimal("0.01")
OFF_BY = Decimal("0.01")
# Dollars, credits or seconds of one clip: a larger figure is no figure.
BELIEVED_BELOW = Decimal(1_000_000)
CAME_TO_NOTHING = {Status.FAILED, Status.CANCELED, Status.EXPIRED}
# Seconds of each reference clip that are billed, by how many clips there are (contract, section 4.5).
BILLED_SECONDS_OF_CLIPS = {
    1: Decimal(5),
    2: Decimal("2.5"),
    3: Decimal("1.65"),
    4: Decimal("1.25"),
    5: Decimal(1),
}


class NotSetAside(Exception):
    """Why nothing was set aside, and so nothing is sent. The text is a sentence for people."""


class OverCap(NotSetAside):
    """A limit would be passed."""


class Disconnected(NotSetAside):
    """The account is not there any more."""


@dataclass(frozen=True, kw_only=True)
class Price:
    """What one clip will cost. `dollars` is None while an owner has not entered the price.

    `is_free`: there is nobody to pay, so nothing is set aside; a price of nothing is a price.
    """

    dollars: Decimal | None
    credits: Decimal | None = None
    seconds: Decimal = Decimal(0)
    is_free: bool = False

    def times(self, takes: int) -> Price:
        return Price(
            dollars=None if self.dollars is None else self.dollars * takes,
            credits=None if self.credits is None else self.credits * takes,
            seconds=self.seconds * takes,
            is_free=self.is_free,
        )

    def facts(self) -> dict[str, str | None]:
        """For an event that tells of it. Nothing for what is free."""
        if self.is_free:
            return {}
        return {
            "dollars": None if self.dollars is None else str(self.dollars),
            "credits": None if self.credits is None else str(self.credits),
        }


type Lot = tuple[Sequence[GenerationTask], Price]


def price(
    capability: Capability,
    connection: Connection | None,
    *,
    resolution: str,
    duration: int,
    clip_seconds: Sequence[float] = (),
) -> Price:
    """The price of one clip of `duration` seconds. `clip_seconds` are the lengths of its reference clips."""
    if capability.is_free:
        return Price(dollars=Decimal(0), is_free=True)
    seconds = Decimal(duration)
    if capability.price.bills_reference_clips:
        seconds += billed_clip_seconds(clip_seconds)
    if capability.price.unit == "credits":
        rate = capability.price.per_second[cast(Resolution, resolution)] or Decimal(0)
        credits = (rate * seconds).quantize(HUNDREDTH, ROUND_HALF_UP)
        return Price(dollars=dollars_of_credits(credits, connection), credits=credits, seconds=seconds)
    per_second = rate_of(connection, resolution)
    return Price(dollars=None if per_second is None else _round(per_second * seconds), seconds=seconds)


def billed_clip_seconds(lengths: Sequence[float]) -> Decimal:
    """Seconds of reference clips that are charged: each up to a cap that shrinks with their number."""
    if not lengths:
        return Decimal(0)
    cap = BILLED_SECONDS_OF_CLIPS[min(len(lengths), max(BILLED_SECONDS_OF_CLIPS))]
    return sum((min(Decimal(str(length)), cap) for length in lengths), Decimal(0))


def rate_of(connection: Connection | None, resolution: str) -> Decimal | None:
    """Dollars for a second, as the owner entered them."""
    if connection is None:
        return None
    return connection.price_1080p if resolution == "1080p" else connection.price_720p


def dollars_of_credits(credits: Decimal, connection: Connection | None) -> Decimal | None:
    if connection is None or connection.credits_price is None:
        return None
    return _round(credits * connection.credits_price / 1000)


def price_of_version(version: Version, connection: Connection, capability: Capability) -> Price:
    """The price of one take of a version with this account."""
    if capability.is_free:
        return Price(dollars=Decimal(0), is_free=True)
    clips = [
        float(reference.media.facts.get("duration") or 0)
        for reference in Reference.objects.filter(version=version, kind="video").select_related("media")
    ]
    return price(
        capability,
        connection,
        resolution=version.resolution,
        duration=version.duration,
        clip_seconds=clips,
    )


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


def check_caps(project: Project, wanted: Sequence[tuple[Connection, Price]], now: datetime) -> None:
    """Whether what is wanted of each account fits under every limit together; raises OverCap if not."""
    caps = caps_for(project, [account for account, _ in wanted], now)
    for cap in caps:
        counts = [(account, price) for account, price in wanted if cap.counts(account)]
        for account, price in counts:
            if price.dollars is None:
                raise OverCap(
                    f"There is a spending limit, and no price for {account.label} yet. "
                    "An owner enters it on Connections; then this can be sent."
                )
        needed = sum((price.dollars or Decimal(0) for _, price in counts), Decimal(0))
        if cap.spent + needed > cap.limit:
            raise OverCap(
                f"This needs {dollars(needed)}, and {cap.whose} has {dollars(cap.left)} left of {dollars(cap.limit)}. "
                "Make it shorter, make a free draft, or ask an owner for more."
            )


@dataclass(frozen=True, kw_only=True)
class Cap:
    """A limit in dollars, and what counts against it: spent, and set aside. `account` None: every account counts."""

    whose: str
    limit: Decimal
    spent: Decimal
    account: Connection | None = None

    @property
    def left(self) -> Decimal:
        return max(Decimal(0), self.limit - self.spent)

    def counts(self, account: Connection) -> bool:
        return self.account is None or self.account.pk == account.pk


def caps_for(project: Project, accounts: Sequence[Connection], now: datetime) -> list[Cap]:
    """The limits that clips of this project with these accounts must fit under."""
    caps = []
    month = Studio.objects.values_list("month_cap", flat=True).get(pk=1)
    if month is not None:
        spent = spent_since(start_of_month(now))
        caps.append(Cap(whose="the studio’s month", limit=month, spent=spent))
    limit = Project.objects.values_list("cap", flat=True).get(pk=project.pk)
    if limit is not None:
        caps.append(Cap(whose=project.name, limit=limit, spent=spent_in(project)))
    for account in accounts:
        if account.daily_cap is not None:
            today = Charge.objects.counted().filter(connection=account).since(start_of_day(now))
            spent = Decimal(cast(Decimal, today.total()))
            caps.append(
                Cap(whose=f"{account.label} today", limit=account.daily_cap, spent=spent, account=account)
            )
    return caps


def spent_since(start: datetime) -> Decimal:
    return Decimal(cast(Decimal, Charge.objects.counted().since(start).total()))


def spent_in(project: Project) -> Decimal:
    return Decimal(cast(Decimal, Charge.objects.counted().filter(project=project).total()))


def start_of_month(now: datetime) -> datetime:
    return start_of_day(now).replace(day=1)


def start_of_day(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


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
        return (charge.estimate if rate is None else _round(rate * billed.amount)), None
    return _round(billed.amount), None


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
    TaskEvent.objects.create(
        task=task,
        at=charge.closed_at or timezone.now(),
        from_status=task.status,
        to_status=task.status,
        word=charge.state,
        facts={
            "dollars": str(charge.amount) if charge.amount is not None else None,
            "credits": str(charge.credits) if charge.credits is not None else None,
            "estimate": str(charge.estimate) if charge.estimate is not None else None,
            "basis": charge.basis,
        },
    )


def dollars(amount: Decimal) -> str:
    """Dollars with cents, and with as many more digits as a rate has: "$1.50", "$0.0125"."""
    cents = amount.quantize(HUNDREDTH, ROUND_HALF_UP)
    return f"${cents:,}" if cents == amount else f"${amount.normalize():,f}"


def _round(amount: Decimal) -> Decimal:
    return amount.quantize(TENTH_OF_A_MILL, ROUND_HALF_UP)
