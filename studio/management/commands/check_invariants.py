"""`manage.py check_invariants`: does everything hold that must always hold?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studio.invariants import INVARIANTS


class Command(BaseCommand):
    help = "Say for each invariant whether it holds, or what is broken. Changes nothing; ends with 1 when broken."

    def handle(self, *arguments: Any, **options: Any) -> None:
        count = 0
        for rule in INVARIANTS:
            problems = list(rule.broken())
            count += len(problems)
            self.stdout.write(f"{rule.number}. {rule.promise}: {'broken' if problems else 'OK'}")
            for problem in problems:
                self.stdout.write(f"   {problem}")
        if count:
            raise CommandError(f"{count} broken.", returncode=1)
