"""What every program of the studio does before it starts: is the database there, does it keep its word, and are the
accounts in it that the environment names?
"""

from __future__ import annotations

from django.core.checks import Tags
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from studio.connections import provider_accounts


def require_database(command: BaseCommand) -> None:
    """Raises SystemCheckError where it would not keep what it commits (T-02), DatabaseError where it is not there.

    `manage.py` turns the latter into a sentence with the fix.
    """
    connections[DEFAULT_DB_ALIAS].ensure_connection()
    command.check(tags=[Tags.database], databases=[DEFAULT_DB_ALIAS])


def missing_migrations() -> int:
    """How many migrations the database still needs."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def connect_named_accounts() -> None:
    """Connect the provider accounts that the environment names, once their tables are there."""
    if not missing_migrations():
        provider_accounts.connect_from_environment()
