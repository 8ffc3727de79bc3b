"""What a take cost, may cost, or did not cost: claimed only as far as a charge's row says so.

Credits come first, dollars second (design, section 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from studio.models import Basis, Charge, ChargeState
from studio.money.prices import Price, dollars
from studio.words.story import Known

NOT_KNOWN = "What it cost is not known yet."
NOTHING_YET = "Nothing charged so far."


def cost_line(known: Known) -> str:
    """One sentence about the money of a take that is not under way."""
    if known.is_free:
        return "Free drafts cost nothing."
    if not known.charges:
        return NOT_KNOWN if known.task.job_id else "Not charged: nothing was started."
    line = _one(known.charges[-1], known.label)
    earlier = _sum(known.charges[:-1])
    return f"{line} Earlier tries: {earlier}." if earlier else line


def ready_cost(known: Known) -> str:
    """The same in a word or two, for the head of a ready card: "$0.90", "85 credits", "Free"."""
    if known.is_free:
        return "Free"
    charge = known.charges[-1] if known.charges else None
    if charge is None or charge.state == ChargeState.RESERVED:
        return "cost not known yet"
    if charge.state == ChargeState.RELEASED:
        return "not charged"
    words = amount_words(charge.amount, charge.credits, short=True)
    if not words:
        return "cost not known yet"
    return f"about {words}" if charge.basis == Basis.PRICE and charge.credits is None else words


def fact(known: Known) -> str:
    """The same under "How it was made": "$0.75, as shown before"."""
    charge = known.charges[-1] if known.charges else None
    if known.is_free or charge is None or charge.state != ChargeState.SETTLED:
        return "Free" if known.is_free else cost_line(known).rstrip(".")
    words = amount_words(charge.amount, charge.credits)
    if not words:
        return "Not known yet"
    earlier = _sum(known.charges[:-1])
    more = f"; earlier tries: {earlier}" if earlier else ""
    if charge.is_off:
        return f"{words}, {off_words(charge)} than expected{more}"
    return (
        f"{words}, {'as shown before' if charge.basis == Basis.TOLD else 'by the price entered here'}{more}"
    )


def ready_note(known: Known) -> str:
    """What a ready card adds about its cost; nothing where the head has said it all."""
    charge = known.charges[-1] if known.charges else None
    if charge is None:
        return "" if known.is_free else NOT_KNOWN
    if charge.is_off:
        return off_line(charge)
    is_plain = charge.state == ChargeState.SETTLED and charge.basis == Basis.TOLD and charge.credits is None
    return "" if is_plain and len(known.charges) == 1 else cost_line(known)


def is_off(known: Known) -> bool:
    return bool(known.charges) and known.charges[-1].is_off


def up_to(known: Known) -> str:
    """ "May cost up to 85 credits." for a take that may still be charged."""
    if known.is_free:
        return "Free drafts cost nothing."
    if not known.charges:
        return "May cost what was shown before sending, at most once."
    return _one(known.charges[-1], known.label)


def set_aside(known: Known) -> str:
    """The amount that was set aside: "$0.75", "85 credits"; nothing if no price was known."""
    if not known.charges:
        return ""
    charge = known.charges[-1]
    return amount_words(charge.estimate, charge.credits_estimate, short=True)


def amount_words(amount: Decimal | None, credits: Decimal | None, *, short: bool = False) -> str:
    """ "$0.75", "85 credits, about $0.85"; without the dollars if `short`; nothing where nothing is known."""
    if credits is None:
        return "" if amount is None else dollars(amount)
    words = f"{plain(credits)} credit{'' if credits == 1 else 's'}"
    return words if short or amount is None else f"{words}, about {_cents(amount)}"


def price_words(price: Price) -> str:
    """A price as it stands on a button: "$0.90", "85 credits"; nothing where none is entered."""
    return amount_words(price.dollars, price.credits, short=True)


def plain(number: Decimal) -> str:
    return f"{number.normalize():,f}"


def off_line(charge: Charge) -> str:
    """How far a bill is from what was said before."""
    words = amount_words(charge.amount, charge.credits)
    return (
        f"It cost {words}, {off_words(charge)} than expected; the provider’s number is under More detail."
        if words
        else NOT_KNOWN
    )


def off_words(charge: Charge) -> str:
    """ "20 % more", "3 % less"."""
    told = (charge.credits, charge.credits_estimate)
    came_to, expected = told if all(told) else (charge.amount, charge.estimate)
    if not expected or came_to is None:
        return "something else"
    return percent_words(came_to, expected)


def percent_words(came_to: Decimal, expected: Decimal) -> str:
    """ "20 % more", "3 % less"."""
    percent = (100 * (came_to - expected) / expected).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{abs(percent)} % {'more' if percent > 0 else 'less'}"


def _one(charge: Charge, label: str) -> str:
    match charge.state:
        case ChargeState.RELEASED:
            return RELEASED[Basis(charge.basis)]
        case ChargeState.RESERVED:
            words = amount_words(charge.estimate, charge.credits_estimate, short=True)
            return (
                f"May cost up to {words}." if words else f"May cost something: {label} has no price here yet."
            )
    if charge.is_off:
        return off_line(charge)
    words = amount_words(charge.amount, charge.credits)
    if not words:
        return NOT_KNOWN
    if charge.basis == Basis.PRICE:
        return f"{'' if charge.credits is not None else 'About '}{words}, by the price entered here."
    first, comma, about = words.partition(", ")
    return f"{first} {'were' if charge.credits is not None else 'was'} charged{comma}{about}."


def _sum(charges: Sequence[Charge]) -> str:
    """What earlier attempts of the same take cost or may have cost."""
    counted = [charge for charge in charges if charge.state != ChargeState.RELEASED]
    if not counted:
        return ""
    credits = [charge.credits or charge.credits_estimate for charge in counted]
    if all(credits):
        return amount_words(None, sum((each for each in credits if each), Decimal(0)))
    known = [charge.amount if charge.amount is not None else charge.estimate for charge in counted]
    if any(each is None for each in known):
        return "cost not known"
    return dollars(sum((each for each in known if each), Decimal(0)))


def _cents(amount: Decimal) -> str:
    cents = amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return dollars(cents if cents else amount)


RELEASED = {
    Basis.TERMS: "Not charged.",
    Basis.TOLD: "Not charged.",
    Basis.PRICE: "Not charged.",
    Basis.NOT_SENT: "Not charged.",
    Basis.PERSON: "Not charged: someone looked, and it isn’t there.",
}
