"""What clips will cost, in the words of the cost bar: the total first, below it how it comes about.

Money is Decimal, with its unit; never a float. The figures come from studio.money alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import cast

from studio.models import Connection
from studio.money.prices import Price, dollars, rate_of
from studio.providers.base import Capability, Resolution

CENT = Decimal("0.01")
NOT_SET = "Price not set"


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What one clip costs with one provider, and what that is made of. `each` is for a clip of `duration` seconds."""

    capability: Capability
    account: Connection | None
    each: Price
    resolution: str
    duration: int
    clips: int = 0

    @property
    def rate(self) -> Decimal | None:
        """Dollars or credits for a second; None while nobody entered it."""
        return rate_for(self.capability, self.account, self.resolution)

    @property
    def clip_seconds(self) -> Decimal:
        """Seconds of reference clips that are charged."""
        return self.each.seconds - self.duration


@dataclass(frozen=True, kw_only=True)
class Part:
    """One provider's share, where several make the clip."""

    label: str
    total: str
    sum: str


@dataclass(frozen=True, kw_only=True)
class PriceLine:
    """`total` is what people read first, `sum` how it comes about, or `parts` where several providers add up.

    `why` explains it in sentences, for those who ask. `dollars` is None where no dollars can be told.
    """

    total: str
    sum: str = ""
    parts: tuple[Part, ...] = ()
    why: tuple[str, ...] = ()
    dollars: Decimal | None = None


def free_line(takes: int, seconds: int) -> PriceLine:
    """For drafts. `seconds` is how long one of them takes to make."""
    about = f"about {max(1, seconds) * takes} second{'' if seconds * takes == 1 else 's'} on this server"
    words = f"{takes} takes, {about}" if takes > 1 else about.capitalize()
    return PriceLine(total="Free", sum=words, dollars=Decimal(0))


def price_line(quotes: Sequence[Quote], takes: int) -> PriceLine:
    """The price of `takes` clips from every provider quoted."""
    prices = [quote.each.times(takes) for quote in quotes]
    why = tuple(sentence for quote in quotes for sentence in explained(quote))
    if len(quotes) == 1:
        [quote], [whole] = quotes, prices
        return PriceLine(total=_total(whole), sum=_sum(quote, whole, takes), why=why, dollars=whole.dollars)
    known = [price.dollars for price in prices if price.dollars is not None]
    everything = sum(known, Decimal(0)) if len(known) == len(prices) else None
    parts = tuple(
        Part(
            label=quote.capability.label,
            total=_total(whole).removeprefix("About "),
            sum=_sum(quote, whole, takes),
        )
        for quote, whole in zip(quotes, prices, strict=True)
    )
    return PriceLine(total=_together(prices), parts=parts, why=why, dollars=everything)


def rate_words(capability: Capability, account: Connection | None, resolution: str) -> str:
    """What one second costs, for a provider's card: "$0.15 / s", "17 credits / s", "$0.00"."""
    if capability.is_free:
        return dollars(Decimal(0))
    rate = rate_for(capability, account, resolution)
    if rate is None:
        return NOT_SET if account else ""
    return f"{plain(rate)} credits / s" if capability.price.unit == "credits" else f"{dollars(rate)} / s"


def rate_for(capability: Capability, account: Connection | None, resolution: str) -> Decimal | None:
    """Dollars or credits for a second, by the provider's terms or as an owner entered it."""
    if capability.price.unit == "usd":
        return rate_of(account, resolution)
    return capability.price.per_second.get(cast(Resolution, resolution))


def explained(quote: Quote) -> list[str]:
    """Where the figures come from, in sentences."""
    capability, label = quote.capability, quote.capability.label
    said = [_about_rate(quote)]
    if capability.price.bills_reference_clips and quote.clips:
        said.append(
            f"{label} also charges the seconds of reference clips, each up to a limit that shrinks with their number. "
            "Pictures are free."
        )
    elif capability.price.bills_reference_clips:
        said.append(f"{label} also charges the seconds of reference clips. Pictures are free.")
    if capability.failed_jobs_are_free:
        said.append(f"By its terms a clip that doesn’t work costs nothing at {label}.")
    return said


def plain(amount: Decimal) -> str:
    """A number of credits or seconds without empty digits: "204", "12.5"."""
    return f"{amount.normalize():,f}"


def rounded(amount: Decimal) -> str:
    """Dollars to the cent; what is less than a cent keeps its digits."""
    cents = amount.quantize(CENT, ROUND_HALF_UP)
    return dollars(cents if cents else amount)


def _about_rate(quote: Quote) -> str:
    label, rate, account = quote.capability.label, quote.rate, quote.account
    quality = quote.resolution.upper()
    if rate is None:
        return f"{label} publishes no price. An owner enters on Connections what a second at {quality} costs."
    if quote.capability.price.unit != "credits":
        return f"{label} takes {dollars(rate)} for a second at {quality}, as an owner entered it."
    value = account.credits_price if account else None
    worth = (
        f"1,000 credits count as {dollars(value)}, as an owner entered it."
        if value is not None
        else "No owner has entered what 1,000 credits cost, so no dollars are shown."
    )
    return f"{label} takes {plain(rate)} credits for a second at {quality}. {worth}"


def _total(price: Price) -> str:
    if price.credits is not None:
        return f"{plain(price.credits)} credits"
    return NOT_SET if price.dollars is None else f"About {rounded(price.dollars)}"


def _sum(quote: Quote, whole: Price, takes: int) -> str:
    if quote.rate is None:
        return "An owner enters it on Connections."
    rate = plain(quote.rate) if quote.capability.price.unit == "credits" else dollars(quote.rate)
    seconds = f"{quote.duration} s"
    if quote.clip_seconds:
        yours = "your clip" if quote.clips == 1 else "your clips"
        seconds = f"({seconds} + {plain(quote.clip_seconds)} s of {yours})"
    steps = f"{takes} takes × {seconds} × {rate}" if takes > 1 else f"{seconds} × {rate}"
    about = whole.credits is not None and whole.dollars is not None
    return f"about {rounded(whole.dollars or Decimal(0))} · {steps}" if about else steps


def _together(prices: Sequence[Price]) -> str:
    """All of it in one line: dollars where they are known, credits and what is missing beside them."""
    known = sum((price.dollars for price in prices if price.dollars is not None), Decimal(0))
    if all(price.dollars is not None for price in prices):
        return f"About {rounded(known)}"
    said = [f"About {rounded(known)}"] if known else []
    said += [_total(price) for price in prices if price.dollars is None and price.credits is not None]
    if any(price.dollars is None and price.credits is None for price in prices):
        said.append("a price not set")
    words = " + ".join(said)
    return words[:1].upper() + words[1:]
