"""`manage.py worker`: the conductor and its steps alone. It may run many times over."""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

from django.core.management.base import BaseCommand

from r2v_site import lifeline
from r2v_site.mailbox import STOP_SIGNALS, SignalMailbox
from studio import conductor
from studio.management.database import connect_named_accounts, require_database

STOP_WITHIN_SECONDS = 9.0


class Command(BaseCommand):
    help = "Make the clips that are due. `run` starts this and the web server together."
    requires_system_checks = ()  # `run` has checked already

    def handle(self, *arguments: Any, **options: Any) -> None:
        if not lifeline.end_with_supervisor():
            self.check()
            require_database(self)
            connect_named_accounts()
        stop = threading.Event()
        with SignalMailbox(*STOP_SIGNALS) as mailbox:
            work = threading.Thread(target=conduct, args=(stop, mailbox), name="conductor", daemon=True)
            work.start()
            asked_to_stop = bool(mailbox.wait())
            stop.set()
            work.join(STOP_WITHIN_SECONDS)
        sys.stdout.flush()
        sys.stderr.flush()
        # Steps that are still running are let go: their leases run out and the rows are claimed again.
        os._exit(0 if asked_to_stop else 1)


def conduct(stop: threading.Event, mailbox: SignalMailbox) -> None:
    """Run the conductor; should it ever end by itself, the process ends too and is started again."""
    try:
        conductor.run_forever(stop)
    finally:
        if not stop.is_set():
            mailbox.wake()
