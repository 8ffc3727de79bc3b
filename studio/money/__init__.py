"""Money, from the price on the button to the books of the month. Amounts are Decimal, in US dollars."""

from studio.money.caps import NotSetAside, OverCap, check_caps, spent_in, spent_since, start_of_month
from studio.money.charges import Disconnected, Lot, release, reserve, reserve_together, settle
from studio.money.prices import Price, billed_clip_seconds, dollars, price, price_of_version

__all__ = [
    "Disconnected",
    "Lot",
    "NotSetAside",
    "OverCap",
    "Price",
    "billed_clip_seconds",
    "check_caps",
    "dollars",
    "price",
    "price_of_version",
    "release",
    "reserve",
    "reserve_together",
    "settle",
    "spent_in",
    "spent_since",
    "start_of_month",
]
