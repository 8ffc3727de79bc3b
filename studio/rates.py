"""How many questions an account's provider may still be asked: one budget for all conductors (T-03).

Questions are spread out: so many may come at once, the others follow one by one, a little slower than the provider
allows. Those at once and those of a whole second together are no more than its limit, wherever that second begins.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import floor

from studio.models import Connection
from studio.provider_accounts import capability_for

SHARE = 6  # a sixth of the limit of a second may come at once
USED = 0.83  # and this part of it in the long run; what is left is for questions that leave a little late
MICROSECONDS = 1_000_000


def questions_left(account: Connection, now: datetime) -> int:
    """What may be asked at once, now. The caller holds the account's row."""
    ahead = account.query_window - _microseconds(now)
    return max(0, floor(_at_once(account) - max(0, ahead) / _gap(account)))


def count(account: Connection, questions: int, now: datetime) -> None:
    """Note what was asked, on the row that every conductor locks."""
    if not questions:
        return
    begins = max(account.query_window, _microseconds(now))
    account.query_window, account.query_count = begins + questions * _gap(account), questions
    Connection.objects.filter(pk=account.pk).update(
        query_window=account.query_window, query_count=account.query_count
    )


def seconds_until_next(accounts: Iterable[Connection], now: datetime) -> float | None:
    """When the first of these accounts may be asked again; None if nothing keeps any of them waiting."""
    waits = [
        account.query_window - _microseconds(now) - (_at_once(account) - 1) * _gap(account)
        for account in accounts
    ]
    left = [wait for wait in waits if wait > 0]
    return min(left) / MICROSECONDS if left else None


def _at_once(account: Connection) -> int:
    return max(1, int(capability_for(account).queries_per_second / SHARE))


def _gap(account: Connection) -> int:
    """Microseconds between two questions that follow one another."""
    return round(MICROSECONDS / (capability_for(account).queries_per_second * USED))


def _microseconds(now: datetime) -> int:
    return round(now.timestamp() * MICROSECONDS)
