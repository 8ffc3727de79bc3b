"""The price line in words: total first, the sum below, nothing claimed that nobody entered."""

from __future__ import annotations

from decimal import Decimal

import pytest

from studio import money
from studio.models import Connection
from studio.money.prices import dollars
from studio.money.pricing import PriceLine, Quote, free_line, price_line, rate_words
from studio.providers import registry

RECORDS = registry.capabilities()
D = Decimal


def quote(
    name: str,
    account: Connection,
    *,
    duration: int = 5,
    clips: tuple[float, ...] = (),
    resolution: str = "720p",
) -> Quote:
    each = money.price(RECORDS[name], account, resolution=resolution, duration=duration, clip_seconds=clips)
    return Quote(
        capability=RECORDS[name],
        account=account,
        each=each,
        resolution=resolution,
        duration=duration,
        clips=len(clips),
    )


def modelstream(**prices: Decimal) -> Connection:
    return Connection(provider="modelstream", label="ModelStream", **prices)


def dashscope(price: str = "0.10") -> Connection:
    return Connection(provider="dashscope", label="DashScope", price_720p=D(price))


def apiframe(credits_price: str | None = None) -> Connection:
    value = None if credits_price is None else D(credits_price)
    return Connection(provider="apiframe", label="Apiframe", credits_price=value)


def test_a_draft_is_free_and_says_how_long_it_takes():
    line = free_line(1, 8)

    assert (line.total, line.sum, line.dollars) == ("Free", "About 8 seconds on this server", 0)


def test_dollars_come_with_the_sum():
    line = price_line([quote("modelstream", modelstream(price_720p=D("0.15")))], takes=2)

    assert (line.total, line.sum, line.dollars) == ("About $1.50", "2 takes × 5 s × $0.15", D("1.50"))


def test_each_quality_has_its_own_price():
    account = modelstream(price_720p=D("0.10"), price_1080p=D("0.15"))

    line = price_line([quote("modelstream", account, resolution="1080p")], takes=1)

    assert (line.total, line.sum) == ("About $0.75", "5 s × $0.15")
    assert rate_words(RECORDS["modelstream"], account, "720p") == "$0.10 / s"


@pytest.mark.parametrize(
    ("clips", "seconds"),
    [
        ((8.0,), "(5 s + 5 s of your clip)"),
        ((3.2,), "(5 s + 3.2 s of your clip)"),
        ((8.0, 2.0), "(5 s + 4.5 s of your clips)"),
        ((9.0,) * 3, "(5 s + 4.95 s of your clips)"),
        ((9.0,) * 4, "(5 s + 5 s of your clips)"),
        ((0.5, 9.0, 9.0, 9.0, 9.0), "(5 s + 4.5 s of your clips)"),
    ],
)
def test_reference_clips_are_charged_where_the_contract_says_so(clips: tuple[float, ...], seconds: str):
    line = price_line([quote("dashscope", dashscope(), clips=clips)], takes=1)

    assert line.sum == f"{seconds} × $0.10"


def test_reference_clips_are_free_elsewhere():
    line = price_line([quote("modelstream", modelstream(price_720p=D("0.15")), clips=(8.0,))], takes=1)

    assert line.sum == "5 s × $0.15"


def test_credits_come_first_and_money_second():
    line = price_line([quote("apiframe", apiframe("10"), duration=6)], takes=2)

    assert (line.total, line.sum) == ("204 credits", "about $2.04 · 2 takes × 6 s × 17")
    assert line.dollars == D("2.04")


def test_no_dollars_are_claimed_while_nobody_entered_what_credits_cost():
    line = price_line([quote("apiframe", apiframe(), duration=6)], takes=2)

    assert (line.total, line.sum, line.dollars) == ("204 credits", "2 takes × 6 s × 17", None)
    assert not any("$" in sentence for sentence in line.why)


def test_a_price_that_nobody_entered_is_not_guessed_and_says_who_can():
    line = price_line([quote("modelstream", modelstream())], takes=1)

    assert (line.total, line.dollars) == ("Price not set", None)
    assert line.sum == "An owner enters it on Connections."
    assert rate_words(RECORDS["modelstream"], modelstream(), "720p") == "Price not set"
    assert rate_words(RECORDS["modelstream"], None, "720p") == ""


def both(first: Connection, second: Connection) -> PriceLine:
    return price_line([quote("modelstream", first), quote("apiframe", second)], takes=2)


def test_two_services_add_up_line_by_line():
    line = both(modelstream(price_720p=D("0.15")), apiframe("10"))

    assert (line.total, line.dollars) == ("About $3.20", D("3.20"))
    assert [(part.label, part.total, part.sum) for part in line.parts] == [
        ("ModelStream", "$1.50", "2 takes × 5 s × $0.15"),
        ("Apiframe", "170 credits", "about $1.70 · 2 takes × 5 s × 17"),
    ]


def test_what_cannot_be_added_up_in_dollars_stands_beside_them():
    assert both(modelstream(price_720p=D("0.15")), apiframe()).total == "About $1.50 + 170 credits"
    assert both(modelstream(), apiframe()).total == "170 credits + a price not set"
    assert both(modelstream(), apiframe("10")).total == "About $1.70 + a price not set"


def test_small_rates_keep_their_digits_and_totals_are_cents():
    line = price_line([quote("modelstream", modelstream(price_720p=D("0.0125")))], takes=1)

    assert (line.total, line.sum) == ("About $0.06", "5 s × $0.0125")
    assert dollars(D("1234.5")) == "$1,234.50"
