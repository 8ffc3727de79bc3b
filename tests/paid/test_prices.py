"""Prices, from the terms of the contract and what an owner entered: exact, in Decimal, for any settings."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio import money
from studio.models import Connection
from studio.providers import registry

RECORDS = registry.capabilities()
PAID = ("modelstream", "apiframe", "dashscope")
rates = st.decimals(min_value="0.0001", max_value="999.9999", places=4)
lengths = st.lists(st.floats(min_value=1, max_value=30), max_size=5)
settings_of_a_clip = {
    "resolution": st.sampled_from(["720p", "1080p"]),
    "duration": st.integers(min_value=2, max_value=15),
}


def account(rate: Decimal | None) -> Connection:
    return Connection(price_720p=rate, price_1080p=rate, credits_price=rate)


@given(name=st.sampled_from(PAID), rate=rates, clips=lengths, **settings_of_a_clip)
def test_every_price_is_exact_to_a_hundredth_of_a_cent(name, rate, clips, resolution, duration):
    price = money.price(
        RECORDS[name], account(rate), resolution=resolution, duration=duration, clip_seconds=clips
    )

    assert isinstance(price.dollars, Decimal)
    assert isinstance(price.seconds, Decimal)
    assert price.dollars > 0 or rate < Decimal("0.01")
    assert price.dollars == price.dollars.quantize(Decimal("0.0001"))
    assert price.times(4).dollars == 4 * price.dollars


@given(rate=rates, clips=lengths, duration=st.integers(min_value=2, max_value=15))
def test_a_longer_clip_never_costs_less(rate, clips, duration):
    shorter, longer = (
        money.price(
            RECORDS["dashscope"], account(rate), resolution="720p", duration=seconds, clip_seconds=clips
        )
        for seconds in (duration, duration + 1)
    )

    assert longer.dollars - shorter.dollars == rate


@given(clips=lengths)
def test_never_more_than_five_seconds_of_reference_clips_are_charged(clips):
    billed = money.billed_clip_seconds(clips)

    assert isinstance(billed, Decimal)
    assert billed <= 5
    assert billed <= sum((Decimal(str(length)) for length in clips), Decimal(0))


@pytest.mark.parametrize(
    ("clips", "billed"),
    [
        ((), "0"),
        ((8,), "5"),
        ((2,), "2"),
        ((8, 8), "5"),
        ((8, 1), "3.5"),
        ((8,) * 3, "4.95"),
        ((8,) * 5, "5"),
    ],
)
def test_the_seconds_of_reference_clips_follow_the_contract(clips: tuple[float, ...], billed: str):
    assert money.billed_clip_seconds(clips) == Decimal(billed)


@pytest.mark.parametrize(("duration", "credits", "dollars"), [(6, "102", "1.02"), (10, "170", "1.70")])
@pytest.mark.parametrize("resolution", ["720p", "1080p"])
def test_apiframe_takes_17_credits_a_second_at_any_quality(
    duration: int, credits: str, dollars: str, resolution: str
):
    price = money.price(
        RECORDS["apiframe"], account(Decimal(10)), resolution=resolution, duration=duration, clip_seconds=(9,)
    )

    assert (price.credits, price.dollars) == (Decimal(credits), Decimal(dollars))


@pytest.mark.parametrize("name", PAID)
def test_what_nobody_entered_is_no_price(name: str):
    price = money.price(RECORDS[name], account(None), resolution="720p", duration=5)

    assert price.dollars is None
    assert not price.is_free


def test_a_draft_is_free():
    price = money.price(RECORDS["local"], None, resolution="1080p", duration=15, clip_seconds=(9,))

    assert (price.dollars, price.is_free, price.facts()) == (0, True, {})
