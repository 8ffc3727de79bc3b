"""The month's money by day: the drawing adds up, and the table says the same in figures."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from studio.models import Charge, Status
from studio.money import spend_chart
from tests.factories import make_task
from tests.team.conftest import body, connected
from tests.team.test_accounts import reserve

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def spend(provider: str, day: int, dollars: str) -> None:
    charge = reserve(make_task(Status.SUCCEEDED, connection=connected(provider), provider=provider), dollars)
    Charge.objects.filter(pk=charge.pk).update(opened_at=NOON.replace(day=day))


def test_nothing_is_drawn_while_nothing_was_spent():
    assert spend_chart.of_month(NOON) is None


def test_bars_stand_on_each_other_and_are_as_high_as_their_amounts():
    spend("modelstream", 3, "1.50")
    spend("apiframe", 3, "0.50")
    spend("modelstream", 18, "4.00")

    chart = spend_chart.of_month(NOON)

    apiframe, modelstream, today = sorted(chart.bars, key=lambda bar: (bar.x, -bar.y))
    assert (apiframe.shade, modelstream.shade, today.shade) == (2, 1, 1)
    assert modelstream.y + modelstream.height == pytest.approx(apiframe.y)
    assert apiframe.y + apiframe.height == pytest.approx(spend_chart.BOTTOM)
    assert modelstream.height == pytest.approx(3 * apiframe.height, abs=0.05)
    assert today.height == pytest.approx(spend_chart.BOTTOM - spend_chart.TOP)
    assert [bar.is_today for bar in (apiframe, modelstream, today)] == [False, False, True]
    assert chart.peak.text == "$4.00"


def test_a_month_before_does_not_count():
    spend("modelstream", 3, "1.50")
    Charge.objects.update(opened_at=NOON.replace(month=10))

    assert spend_chart.of_month(NOON) is None


@pytest.mark.parametrize(
    ("most", "step"), [("0.03", "0.01"), ("0.75", "0.20"), ("5.55", "2"), ("38.40", "10"), ("1200", "500")]
)
def test_lines_stand_at_round_amounts(most: str, step: str):
    assert spend_chart.nice_step(Decimal(most)) == Decimal(step)


def test_the_page_says_the_same_in_a_table(owner: Client):
    spend("modelstream", 18, "1.50")

    with time_machine.travel(NOON, tick=False):
        page = body(owner.get("/team/connections/"))

    assert "<caption>Spent by day</caption>" in page
    assert "<td>$1.50</td>" in page
