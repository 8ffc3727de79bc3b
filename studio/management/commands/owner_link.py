"""`manage.py owner_link`: a new one-time link for a studio that nobody owns yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studio.people import first_start


class Command(BaseCommand):
    help = "Print a new one-time link that makes its opener the owner. Earlier links stop working."

    def handle(self, *arguments: Any, **options: Any) -> None:
        link = first_start.owner_link()
        if link is None:
            raise CommandError(
                "This studio has an owner. For a new password: python3 start.py changepassword E-MAIL"
            )
        self.stdout.write(link)
