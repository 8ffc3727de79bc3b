"""`manage.py demo`: fill the studio with a small team's work, to look around in."""

from __future__ import annotations

import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from studio import conductor, demo
from studio.demo.story import PROJECT
from studio.models import GenerationTask

LOOK_EVERY_SECONDS = 0.2


class Command(BaseCommand):
    help = (
        "Make a project with people, shots, free drafts, notes, drawings, decisions and a share link. "
        "The drafts are really drawn, which takes a minute or two."
    )

    def handle(self, *arguments: Any, **options: Any) -> None:
        if demo.told_already():
            raise CommandError(f"The demo is here already: look at the project “{PROJECT}”.", returncode=1)
        stop = threading.Event()
        worker = threading.Thread(target=_work, args=(stop,), name="demo-conductor")
        worker.start()
        try:
            told = demo.tell(make=self._wait_for)
        except demo.DraftFailed as problem:
            raise CommandError(f"The demo stops here. {problem}", returncode=1) from problem
        finally:
            stop.set()
            worker.join()
        self.stdout.write(f"\nThe project “{told.project}” is ready. Its people sign in with {told.password}")
        for person in told.people:
            self.stdout.write(f"  {person.email}  {person.name}, {person.get_role_display().lower()}")
        self.stdout.write(f"The link for clients: {told.address}")

    def _wait_for(self, tasks: list[GenerationTask]) -> None:
        """Until the takes have come to their end, whoever draws them: this command, or a studio that runs."""
        self.stdout.write(f"Drawing {tasks[0].version.shot.title}, version {tasks[0].version.number} …")
        rows = GenerationTask.objects.filter(pk__in=[task.pk for task in tasks], next_at__isnull=False)
        pause = threading.Event()
        while rows.exists():
            pause.wait(LOOK_EVERY_SECONDS)


def _work(stop: threading.Event) -> None:
    conductor.run_forever(stop)
    connection.close()
