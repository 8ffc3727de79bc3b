"""How many questions an account's provider may still be asked: one budget for all conductors (T-03).

Time is cut into quarters of a second. Each may use a fifth of what the provider allows in a second, so that any
second, wherever it begins, stays within the limit, and four fifths of it are used.
"""

from __future__ import annotations

from datetime import datetime

from studio.models import Connection
from studio.provider_accounts import capability_for

WINDOWS_PER_SECOND = 4
SHARE = 5


def questions_left(account: Connection, now: datetime) -> int:
    """What this quarter of a second still allows. The caller holds the account's row."""
    allowed = max(1, int(capability_for(account).queries_per_second / SHARE))
    return allowed - account.query_count if account.query_window == window_of(now) else allowed


def count(account: Connection, questions: int, now: datetime) -> None:
    """Note what was asked, on the row that every conductor locks."""
    if not questions:
        return
    window = window_of(now)
    before = account.query_count if account.query_window == window else 0
    account.query_window, account.query_count = window, before + questions
    Connection.objects.filter(pk=account.pk).update(query_window=window, query_count=account.query_count)


def window_of(now: datetime) -> int:
    return int(now.timestamp() * WINDOWS_PER_SECOND)
