"""How much of the month's money is spent, for the bar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import DecimalField, Subquery, Sum, Value
from django.utils import timezone
from django.utils.formats import date_format

from studio.access import May, may
from studio.models import Charge, Studio, User
from studio.models.charge import DOLLARS
from studio.money.caps import start_of_month
from studio.money.prices import dollars


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
    paid = Charge.objects.counted().since(start_of_month(now)).order_by()
    whole = paid.values(everything=Value(1)).annotate(total=Sum(DOLLARS)).values("total")
    total = Subquery(whole, output_field=DecimalField(max_digits=14, decimal_places=4))
    row = Studio.objects.filter(pk=1).annotate(spent=total).values_list("month_cap", "spent").first()
    cap, spent = row or (None, None)
    if cap is None and not spent:
        return None
    month = date_format(timezone.localtime(now), "F")
    return MonthSpend(spent=spent or Decimal(0), cap=cap, month=month)


def shown_to(user: User, now: datetime) -> MonthSpend | None:
    """What the bar shows a person: nothing to those who make nothing here."""
    return month_spend(now) if may(user, May.MAKE) else None
