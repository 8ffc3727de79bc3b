"""What a clip costs: seconds, credits and dollars, by the provider's rates and an owner's prices (contract, 4.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import cast

from studio.models import Connection, Reference, Version
from studio.providers.base import Capability, Resolution

TENTH_OF_A_MILL = Decimal("0.0001")
HUNDREDTH = Decimal("0.01")
# Seconds of each reference clip that are billed, by how many clips there are (contract, section 4.5).
BILLED_SECONDS_OF_CLIPS = {
    1: Decimal(5),
    2: Decimal("2.5"),
    3: Decimal("1.65"),
    4: Decimal("1.25"),
    5: Decimal(1),
}


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
    return Price(dollars=None if per_second is None else rounded(per_second * seconds), seconds=seconds)


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
    return rounded(credits * connection.credits_price / 1000)


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


def dollars(amount: Decimal) -> str:
    """Dollars with cents, and with as many more digits as a rate has: "$1.50", "$0.0125"."""
    cents = amount.quantize(HUNDREDTH, ROUND_HALF_UP)
    return f"${cents:,}" if cents == amount else f"${amount.normalize():,f}"


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(TENTH_OF_A_MILL, ROUND_HALF_UP)
