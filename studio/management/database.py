"""What every program of the studio asks before it starts: is the database there, and does it keep its word?"""

from __future__ import annotations

from django.core.checks import Tags
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, connections


def require_database(command: BaseCommand) -> None:
    """Raises SystemCheckError where it would not keep what it commits (T-02), DatabaseError where it is not there.

    `manage.py` turns the latter into a sentence with the fix.
    """
    connections[DEFAULT_DB_ALIAS].ensure_connection()
    command.check(tags=[Tags.database], databases=[DEFAULT_DB_ALIAS])
