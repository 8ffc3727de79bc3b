"""The price line in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from studio.pricing import money, price_line, rate_words
from studio.providers import registry
from studio.providers.base import PriceRule

RECORDS = registry.capabilities()
PAID = replace(RECORDS["modelstream"], price=PriceRule(unit="usd", per_second={"720p": Decimal("0.15")}))
ASKED = {"resolution": "720p", "duration": 5, "seconds": 8}


def test_a_draft_is_free_and_says_how_long_it_takes():
    line = price_line(RECORDS["local"], takes=1, **ASKED)

    assert (line.total, line.sum, line.amount) == ("Free", "About 8 seconds on this server", 0)


def test_dollars_come_with_the_sum():
    line = price_line(PAID, takes=2, **ASKED)

    assert (line.total, line.sum) == ("About $1.50", "2 takes × 5 s × $0.15")


def test_credits_come_first_and_money_second():
    line = price_line(RECORDS["apiframe"], resolution="720p", duration=6, takes=2, seconds=0)

    assert (line.total, line.sum) == ("204 credits", "about $2.04 · 2 takes × 6 s × 17")


def test_a_price_that_nobody_entered_is_not_guessed():
    line = price_line(RECORDS["modelstream"], takes=1, **ASKED)

    assert (line.total, line.amount) == ("Price not set", None)
    assert rate_words(RECORDS["modelstream"], "720p") == ""


def test_small_rates_keep_their_digits():
    assert money(Decimal("0.0125")) == "$0.0125"
    assert money(Decimal("1234.5")) == "$1,234.50"
