"""`manage.py web`: prepare, and become the web server."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from r2v_site import health, static_build, web_server
from studio.management.database import connect_named_accounts, require_database


class Command(BaseCommand):
    help = "Serve the pages. `run` starts this and the worker together."

    def handle(self, *arguments: Any, **options: Any) -> None:
        if not health.is_port_free(settings.HOST, settings.PORT):
            raise CommandError(port_taken(settings.PORT))
        require_database(self)
        connect_named_accounts()
        connections.close_all()
        static_build.build_if_changed()
        command = web_server.command(settings.HOST, settings.PORT)
        os.chdir(settings.BASE_DIR)
        os.execv(command[0], command)  # noqa: S606 - a list of arguments, no shell


def port_taken(port: int) -> str:
    return f"Port {port} is used by another program. Stop it, or set STUDIO_PORT to another number."
