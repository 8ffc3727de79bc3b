"""How much of the month's money is spent, for the bar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache

from django.db.models import DecimalField, Subquery, Sum, Value
from django.utils import timezone
from django.utils.formats import date_format

from studio.access import May, may
from studio.models import Charge, Studio, User
from studio.models.charge import DOLLARS
from studio.money.caps import start_of_month
from studio.money.prices import dollars
from studio.prepared import SOME_TIME, Prepared

SMALLEST = Decimal("0.0001")


@dataclass(frozen=True, kw_only=True)
class MonthSpend:
    """Dollars spent or set aside in a month, and the studio's limit if there is one."""

    spent: Decimal
    cap: Decimal | None
    month: str

    @property
    def spent_words(self) -> str:
        return dollars(self.spent.quantize(Decimal("0.01")))

    @property
    def words(self) -> str:
        """The whole line: "$38.40 of $150 in November"."""
        limit = f" of {self.cap_words}" if self.cap is not None else ""
        return f"{self.spent_words}{limit} in {self.month}"

    @property
    def cap_words(self) -> str:
        """ "$150", or with cents where it has some."""
        if self.cap is None:
            return ""
        return dollars(self.cap).removesuffix(".00")


def month_spend(now: datetime) -> MonthSpend | None:
    """One query. None where nothing was spent and nothing limits it."""
    ((limit, total),) = _question().ask({SOME_TIME: start_of_month(now)}) or [(None, None)]
    cap, spent = _amount(limit), _amount(total)
    if cap is None and not spent:
        return None
    month = date_format(timezone.localtime(now), "F")
    return MonthSpend(spent=spent or Decimal(0), cap=cap, month=month)


@cache
def _question() -> Prepared:
    paid = Charge.objects.counted().since(SOME_TIME).order_by()
    whole = paid.values(everything=Value(1)).annotate(total=Sum(DOLLARS)).values("total")
    total = Subquery(whole, output_field=DecimalField(max_digits=14, decimal_places=4))
    return Prepared(
        Studio.objects.filter(pk=1).annotate(spent=total).order_by().values_list("month_cap", "spent")
    )


def _amount(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(SMALLEST)


def shown_to(user: User, now: datetime) -> MonthSpend | None:
    """What the bar shows a person: nothing to those who make nothing here."""
    return month_spend(now) if may(user, May.MAKE) else None
