"""Queries that pages ask all the time. Their SQL is written once: to write it takes longer than to ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

SOMEBODY = -1  # the key of nobody, in the place of whoever asks
SOME_TIME = datetime(
    1, 1, 2, tzinfo=UTC
)  # long before there was anything, in the place of the time asked about


class Prepared:
    """A query for plain values, built with a stand-in wherever each asking has a value of its own.

    A stand-in is a key or a moment that no row can have. What comes back is as the database gives it: on SQLite an
    amount of money is a float.
    """

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self._question, self._parameters = rows.query.sql_with_params()

    def ask(self, values: Mapping[Any, Any]) -> list[tuple[Any, ...]]:
        """All rows, with `values` in the places of their stand-ins."""
        given = {_sent(stand_in): _sent(value) for stand_in, value in values.items()}
        with connection.cursor() as cursor:
            cursor.execute(self._question, [given.get(each, each) for each in self._parameters])
            return list(cursor.fetchall())


def _sent(value: Any) -> Any:
    """A value as it is sent to this database."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
