"""`manage.py freeze`: pull the brake. `manage.py thaw` lets go."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from studio import freezing


class Command(BaseCommand):
    help = "Send nothing until an owner says so in the studio, or `manage.py thaw` does. Jobs under way come home."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--restored",
            action="store_true",
            help="this database is a restored backup or a copy: what waits in it may have been sent already",
        )

    def handle(self, *arguments: Any, restored: bool, **options: Any) -> None:
        freezing.freeze(is_restored=restored)
        self.stdout.write("Frozen: nothing is sent. Free drafts go on, and so do jobs under way.")
