"""How much of a clip has come, told on its card while it is copied here."""

from __future__ import annotations

import time

from django.db import transaction

from studio import changes, crash_points
from studio.models import GenerationTask, Status

TOLD_EVERY_SECONDS = 1.0
MEGABYTE = 1_000_000


class Arriving:
    """Hears of every piece, and tells at most once a second; nothing of a copy that takes less.

    It writes only while the step that made it holds the task's lease.
    """

    def __init__(self, task: GenerationTask) -> None:
        self._rows = GenerationTask.objects.filter(
            pk=task.pk, status=Status.SAVING, lease_token=task.lease_token
        )
        self._total = 0
        self._told_at = time.monotonic()

    def promised(self, total: int) -> None:
        """How many bytes there will be, where the other side says so."""
        self._total = total

    def heard(self, size: int) -> None:
        """How many bytes have come so far."""
        crash_points.reach("c11")
        now = time.monotonic()
        if now - self._told_at < TOLD_EVERY_SECONDS:
            return
        self._told_at = now
        share = min(100, 100 * size // self._total) if self._total else None
        with transaction.atomic():
            self._rows.update(stage=self._words(size), progress=share, revision=changes.next_revision())

    def _words(self, size: int) -> str:
        """ "14 of 22 MB", "14 MB" where the end is not known."""
        come = f"{size / MEGABYTE:.0f}"
        return f"{come} of {self._total / MEGABYTE:.0f} MB" if self._total else f"{come} MB"
