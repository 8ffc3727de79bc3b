"""What a clip will cost, in the words of the cost bar. Money is Decimal, with its unit; never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from studio.providers.base import Capability, Resolution

USD_PER_CREDIT = Decimal("0.01")
CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class PriceLine:
    """`total` is what people read first, `sum` how it comes about. `amount` None: the owner entered no price yet."""

    total: str
    sum: str
    amount: Decimal | None


def price_line(
    capability: Capability, *, resolution: str, duration: int, takes: int, seconds: int
) -> PriceLine:
    """The price of `takes` clips of `duration` seconds. `seconds` is how long one of them takes to make."""
    if capability.is_free:
        return PriceLine(total="Free", sum=_free_sum(takes, seconds), amount=Decimal(0))
    rate = capability.price.per_second.get(cast(Resolution, resolution))
    if rate is None:
        return PriceLine(total="Price not set", sum="An owner enters it with the key.", amount=None)
    amount = rate * duration * takes
    if capability.price.unit == "credits":
        about = money(amount * USD_PER_CREDIT)
        return PriceLine(
            total=f"{plain(amount)} credits",
            sum=f"about {about} · {_sum(takes, duration, plain(rate))}",
            amount=amount,
        )
    return PriceLine(total=f"About {money(amount)}", sum=_sum(takes, duration, money(rate)), amount=amount)


def rate_words(capability: Capability, resolution: str) -> str:
    """What one second costs, for a provider's card: "$0.15 / s", "17 credits / s", "$0.00"."""
    if capability.is_free:
        return money(Decimal(0))
    rate = capability.price.per_second.get(cast(Resolution, resolution))
    if rate is None:
        return ""
    return f"{plain(rate)} credits / s" if capability.price.unit == "credits" else f"{money(rate)} / s"


def money(amount: Decimal) -> str:
    """Dollars with cents, and with as many more digits as a rate has: "$1.50", "$0.0125"."""
    cents = amount.quantize(CENT)
    return f"${cents:,}" if cents == amount else f"${amount.normalize():,f}"


def plain(amount: Decimal) -> str:
    """A number of credits without empty digits: "204", "12.5"."""
    return f"{amount.normalize():,f}"


def _sum(takes: int, duration: int, rate: str) -> str:
    return f"{takes} take{'' if takes == 1 else 's'} × {duration} s × {rate}"


def _free_sum(takes: int, seconds: int) -> str:
    about = f"about {max(1, seconds) * takes} second{'' if seconds * takes == 1 else 's'} on this server"
    return f"{takes} takes, {about}" if takes > 1 else about.capitalize()
