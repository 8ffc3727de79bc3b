"""`manage.py run`: the whole studio with one command."""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from r2v_site import data_folder, health, static_build, web_server
from r2v_site.supervisor import Program, Supervisor
from studio.management.commands.web import port_taken
from studio.management.database import connect_named_accounts, missing_migrations, require_database
from studio.people import first_start

READY_WITHIN_SECONDS = 60.0
OWNER_LINK = "Nobody owns it yet. Set yourself up with this link. It works once, for an hour:"
PLAIN_HTTP = (
    "This address is plain http: right for this machine and a network you trust.\n"
    "For everybody else put https in front and set STUDIO_PUBLIC_URL."
)


class Command(BaseCommand):
    help = "Run the studio: prepares the database, then keeps web and worker running until Ctrl-C."

    def handle(self, *arguments: Any, **options: Any) -> None:
        try:
            with data_folder.held(settings.DATA_DIR / "run.lock"):
                self._run()
        except KeyboardInterrupt as stopped:  # later on, the supervisor takes the signal itself
            raise CommandError("Stopped before it was running.", returncode=130) from stopped
        except data_folder.FolderInUse as problem:
            raise CommandError(
                f"A studio is already running with the data in {settings.DATA_DIR}. "
                "Stop it first, or set STUDIO_DATA_DIR to another folder."
            ) from problem

    def _run(self) -> None:
        if not health.is_port_free(settings.HOST, settings.PORT):
            raise CommandError(port_taken(settings.PORT))
        self._prepare_database()
        static_build.build_if_changed()
        connections.close_all()
        os.chdir(settings.BASE_DIR)
        threading.Thread(target=self._greet, daemon=True, name="greeting").start()
        Supervisor(programs(), say=self._say).run()

    def _prepare_database(self) -> None:
        require_database(self)
        steps = missing_migrations()
        if steps:
            self._say(f"Preparing the database ({steps} steps) ...")
            call_command("migrate", interactive=False, verbosity=0)
        connect_named_accounts()

    def _greet(self) -> None:
        """Say where the studio is, as soon as it answers."""
        if not health.wait_until_healthy(settings.HOST, settings.PORT, within_seconds=READY_WITHIN_SECONDS):
            self._say("The studio does not answer yet. The lines above may say why.")
            return
        owner_link = first_start.owner_link()
        connections.close_all()
        self._say(greeting(settings.SITE_URL, owner_link, is_https=settings.IS_HTTPS))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def programs() -> list[Program]:
    """What has been prepared here is not prepared again: the web server starts without its command."""
    return [
        Program(name="web", command=web_server.command(settings.HOST, settings.PORT)),
        Program(name="worker", command=[sys.executable, "manage.py", "worker"]),
    ]


def greeting(address: str, owner_link: str | None, *, is_https: bool) -> str:
    """What a person reads once everything runs."""
    lines = ["", f"R2V Studio is running: {address}"]
    if owner_link:
        lines += [
            "",
            "Nobody owns it yet. Set yourself up with this link, which works once:",
            f"  {owner_link}",
        ]
    if not is_https:
        lines += ["", PLAIN_HTTP]
    return "\n".join([*lines, "", "Ctrl-C stops it. Starting again continues everything."])
