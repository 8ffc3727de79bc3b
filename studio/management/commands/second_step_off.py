"""Lets somebody in whose phone and recovery codes are gone, from the studio's own computer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.models import User
from studio.people import second_step


class Command(BaseCommand):
    help = "Switches the second step of sign-in off for one person."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.here().filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError("Nobody here has this address.")
        second_step.switch_off(person, actor=None)
        self.stdout.write(f"{person.email} signs in with the password alone now.")
