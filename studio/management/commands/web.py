"""`manage.py web`: the web server alone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from r2v_site import health, lifeline, static_build, web_server
from r2v_site.supervisor import CANNOT_BE_HELPED


class Command(BaseCommand):
    help = "Serve the pages. `run` starts this and the worker together."
    requires_system_checks = ()  # `run` has checked already

    def handle(self, *arguments: Any, **options: Any) -> None:
        if not lifeline.end_with_supervisor():
            self.check()
        if not health.is_port_free(settings.HOST, settings.PORT):
            raise CommandError(port_taken(settings.PORT), returncode=CANNOT_BE_HELPED)
        static_build.build_if_changed()
        connections.close_all()  # a database connection must not be shared with the serving process
        web_server.serve(settings.HOST, settings.PORT)


def port_taken(port: int) -> str:
    return f"Port {port} is used by another program. Stop it, or set STUDIO_PORT to another number."
