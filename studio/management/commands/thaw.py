"""`manage.py thaw`: send again after `manage.py freeze`, or after a backup was restored."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from studio import freezing


class Command(BaseCommand):
    help = "Let a frozen studio send again."

    def handle(self, *arguments: Any, **options: Any) -> None:
        was_frozen = freezing.thaw(None)
        self.stdout.write("The studio sends again." if was_frozen else "The studio was not frozen.")
