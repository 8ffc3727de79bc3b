"""Background steps, thin: they look at the row, do its one next thing, and let go.

A step may be delivered late or twice. The token of the claim fences it: a stale step neither
writes nor sends.
"""

from __future__ import annotations

import logging
from uuid import UUID

from django.tasks import task
from django.utils import timezone

from studio import lifecycle
from studio.models import GenerationTask, Status
from studio.steps import looking, lost, saving, sending

logger = logging.getLogger(__name__)

STEPS = {
    Status.QUEUED: sending.submit,
    Status.SUBMITTING: sending.resume,
    Status.RUNNING: looking.look,
    Status.SAVING: saving.save,
    Status.UNCERTAIN: lost.investigate,
    Status.CANCELED: looking.watch_canceled,
}


@task()
def advance(pk: int, token: str) -> None:
    """Do the next step of one task, if the claim still holds."""
    claim = UUID(token)
    row = (
        GenerationTask.objects.select_related("version", "connection")
        .filter(pk=pk, lease_token=claim)
        .first()
    )
    if row is None or row.lease_until is None or row.lease_until < timezone.now():
        return
    try:
        with lifecycle.keep_lease(row, claim):
            STEPS[Status(row.status)](row, claim)
    except Exception as error:
        logger.exception("Task %s stumbled while %s", row.task_id, row.status)
        row.refresh_from_db()
        lifecycle.stumble(row, claim, f"{type(error).__name__}: {error}"[:2000])
