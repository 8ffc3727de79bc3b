"""Words of the Team pages: what a test found, how much is left, how many clips."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django import template

from studio import money
from studio.connections.cards import Card
from studio.models import Connection
from studio.money import pricing
from studio.money.budgets import Budget
from studio.templatetags.ui import ago

register = template.Library()
CENT = Decimal("0.01")


@register.filter
def dollars(amount: Decimal) -> str:
    """To the cent: "$38.40"."""
    return money.dollars(amount.quantize(CENT, ROUND_HALF_UP))


@register.filter
def masked(hint: str) -> str:
    """A key as its field shows it: "sk-••••••••••7f3a"."""
    return hint.replace("…", "•" * 10)


@register.filter
def made_words(card: Card) -> str:
    """What the provider made and took this month: "31 clips this month, $33.04."."""
    if not card.clips and not card.spent:
        return "Nothing made with it this month." if card.connection else ""
    clips = f"{card.clips} clip{'' if card.clips == 1 else 's'} this month"
    return f"{clips}, {dollars(card.spent)}."


@register.filter
def answered_words(account: Connection) -> str:
    """How the last test went well: "Answered in 0.4 s, 3 min ago."."""
    seconds = account.test_seconds or 0
    return f"Answered in {max(seconds, 0.1):.1f} s, {ago(account.tested_at)}."


@register.filter
def waiting_words(card: Card) -> str:
    """What waits for a key that works."""
    if not card.waiting:
        return "Nothing was charged."
    if card.waiting == 1:
        return "One clip is waiting and goes out by itself; nothing was charged for it."
    return f"{card.waiting} clips are waiting and go out by themselves; nothing was charged for them."


@register.filter
def leaving_words(card: Card) -> str:
    """What disconnecting does to clips that are not done."""
    unsent = (
        f"{_clips(card.waiting)} waiting to be sent {_verb(card.waiting, 'is', 'are')} cancelled, at no cost."
    )
    out = f"{_clips(card.out)} under way {_verb(card.out, 'keeps its', 'keep their')} key and will still arrive."
    return " ".join([unsent] * bool(card.waiting) + [out] * bool(card.out))


@register.filter
def balance_words(card: Card) -> str:
    """What is left on the account, where its provider tells."""
    account = card.connection
    if account is None or account.balance is None:
        return ""
    is_credits = card.capability.price.unit == "credits"
    amount = f"{pricing.plain(account.balance)} credits" if is_credits else dollars(account.balance)
    return f"{amount} left there, {ago(account.balance_at)}."


@register.filter
def room_words(budget: Budget) -> str:
    """What a limit still allows, where it matters."""
    if budget.limit is None or not budget.is_tight:
        return ""
    return f"{dollars(budget.left)} left." if budget.left else "Used up. Nothing that costs can be sent."


def _clips(count: int) -> str:
    return f"{count} clip{'' if count == 1 else 's'}"


def _verb(count: int, one: str, more: str) -> str:
    return one if count == 1 else more
