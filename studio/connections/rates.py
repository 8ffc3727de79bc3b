"""How many questions an account's provider may still be asked: one budget for all conductors (T-03).

Questions follow one by one, a little slower than the provider allows: wherever a second begins, no more of them fall
into it than its limit, even where some leave a little late.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from studio.connections.provider_accounts import capability_for
from studio.models import Connection

USED = 0.87  # of what the provider allows; what is left is for questions that leave late
MICROSECONDS = 1_000_000


def questions_left(account: Connection, now: datetime) -> int:
    """What may be asked now. The caller holds the account's row."""
    return 1 if account.query_window <= _microseconds(now) else 0


def count(account: Connection, questions: int, now: datetime) -> None:
    """Note what was asked, on the row that every conductor locks."""
    if not questions:
        return
    begins = max(account.query_window, _microseconds(now))
    account.query_window = begins + questions * _gap(account)
    Connection.objects.filter(pk=account.pk).update(query_window=account.query_window)


def seconds_until_next(accounts: Iterable[Connection], now: datetime) -> float | None:
    """When the first of these accounts may be asked again; None if nothing keeps any of them waiting."""
    waits = [account.query_window - _microseconds(now) for account in accounts]
    left = [wait for wait in waits if wait > 0]
    return min(left) / MICROSECONDS if left else None


def _gap(account: Connection) -> int:
    """Microseconds between two questions that follow one another."""
    return round(MICROSECONDS / (capability_for(account).queries_per_second * USED))


def _microseconds(now: datetime) -> int:
    return round(now.timestamp() * MICROSECONDS)
