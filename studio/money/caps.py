"""Spending limits: of the studio's month, of a project, of an account's day, and what counts against each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.utils import timezone

from studio.models import Charge, Connection, Project, Studio
from studio.money.prices import Price, dollars


class NotSetAside(Exception):
    """Why nothing was set aside, and so nothing is sent. The text is a sentence for people."""


class OverCap(NotSetAside):
    """A limit would be passed."""


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
