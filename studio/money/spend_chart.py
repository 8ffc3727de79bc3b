"""What the month cost, day by day, as a drawing of stacked bars and as a table."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from studio import money
from studio.connections.cards import paid
from studio.models import Charge
from studio.models.charge import DOLLARS

WIDTH, HEIGHT = 300, 140
LEFT, TOP, BOTTOM = 34, 22, 118
THICK = 0.62  # of a day's room
MOST_LINES = 3


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One provider's share of a day, in the drawing's units. `shade` is the provider's number."""

    x: float
    y: float
    height: float
    shade: int
    is_today: bool


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A word in the drawing."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Day:
    """For the table: dollars of each provider, in the order of `Chart.labels`."""

    date: date
    amounts: tuple[Decimal, ...]


@dataclass(frozen=True, kw_only=True)
class Chart:
    labels: tuple[str, ...]
    days: tuple[Day, ...]
    bars: tuple[Bar, ...]
    lines: tuple[Mark, ...]
    dates: tuple[Mark, ...]
    peak: Mark
    thick: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = BOTTOM


def of_month(now: datetime) -> Chart | None:
    """None while the month has cost nothing."""
    spent, today = _spent(now), timezone.localdate(now)
    totals = {day: sum(shares.values(), Decimal(0)) for day, shares in spent.items()}
    most = max(totals.values(), default=Decimal(0))
    if not most:
        return None
    step = nice_step(most)
    room = (WIDTH - LEFT) / monthrange(today.year, today.month)[1]
    names = list(paid())
    dearest = max(totals, key=lambda day: (totals[day], day))
    return Chart(
        labels=tuple(capability.label for capability in paid().values()),
        days=tuple(
            Day(date=day, amounts=tuple(shares.get(name, Decimal(0)) for name in names))
            for day, shares in sorted(spent.items())
        ),
        bars=tuple(
            bar
            for day, shares in spent.items()
            for bar in _bars(shares, names, x=_left_of(day, room), most=most, is_today=day == today)
        ),
        lines=tuple(_lines(step, most)),
        dates=tuple(
            Mark(x=LEFT + room * (day - 0.5), y=HEIGHT - 6, text="today" if day == today.day else str(day))
            for day in _named_days(today)
        ),
        peak=Mark(
            x=min(max(_left_of(dearest, room) + room / 2, LEFT + 12), WIDTH - 20),
            y=_y(most, most) - 6,
            text=money.dollars(most.quantize(Decimal("0.01"))),
        ),
        thick=round(room * THICK, 2),
    )


def nice_step(most: Decimal) -> Decimal:
    """The round amount between two lines, so that there are at most three: 1, 2 or 5 times a power of ten."""
    step = Decimal("0.01")
    while True:
        for factor in (1, 2, 5):
            if most / (step * factor) <= MOST_LINES + 1:
                return step * factor
        step *= 10


def _spent(now: datetime) -> dict[date, dict[str, Decimal]]:
    month = Charge.objects.counted().since(money.start_of_month(now)).annotate(day=TruncDate("opened_at"))
    rows = month.order_by().values_list("day", "connection__provider").annotate(dollars=Sum(DOLLARS))
    spent: dict[date, dict[str, Decimal]] = {}
    for day, provider, dollars in rows:
        if dollars:
            spent.setdefault(day, {})[provider] = dollars
    return spent


def _bars(
    shares: dict[str, Decimal], names: list[str], *, x: float, most: Decimal, is_today: bool
) -> list[Bar]:
    """From the ground up: the first provider on top, as in the legend."""
    bars, below = [], Decimal(0)
    for shade in reversed(range(len(names))):
        amount = shares.get(names[shade], Decimal(0))
        if amount:
            y = _y(below + amount, most)
            height = round(_y(below, most) - y, 2)
            bars.append(Bar(x=x, y=y, height=height, shade=shade + 1, is_today=is_today))
            below += amount
    return bars


def _lines(step: Decimal, most: Decimal) -> list[Mark]:
    amounts = [step * number for number in range(1, MOST_LINES + 1) if step * number <= most]
    return [
        Mark(x=LEFT, y=_y(amount, most), text=money.dollars(amount).removesuffix(".00")) for amount in amounts
    ]


def _named_days(today: date) -> list[int]:
    """Today, and every fifth day that does not stand too near to it."""
    return [day for day in (1, 5, 10, 15, 20, 25, 30) if day < today.day - 2] + [today.day]


def _left_of(day: date, room: float) -> float:
    return round(LEFT + room * (day.day - 1) + room * (1 - THICK) / 2, 2)


def _y(amount: Decimal, most: Decimal) -> float:
    return round(BOTTOM - float(amount / most) * (BOTTOM - TOP), 2)
