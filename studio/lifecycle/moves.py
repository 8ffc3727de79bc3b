"""The state diagram, and the one place where a task's status is written.

A move is compare-and-set on the status (and on the lease, for a worker), so two processes cannot both win; each move
writes an event in the same transaction.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from studio import changes
from studio.lifecycle.fields import ALL_WELL
from studio.models import GenerationTask, Status, TaskEvent, User

MOVES: dict[str, frozenset[Status]] = {
    Status.QUEUED: frozenset(
        {Status.SUBMITTING, Status.RUNNING, Status.CANCELED, Status.FAILED, Status.UNCERTAIN}
    ),
    Status.SUBMITTING: frozenset(
        {Status.RUNNING, Status.QUEUED, Status.FAILED, Status.UNCERTAIN, Status.CANCELED}
    ),
    Status.RUNNING: frozenset({Status.SAVING, Status.FAILED, Status.CANCELED, Status.EXPIRED}),
    Status.SAVING: frozenset({Status.SUCCEEDED, Status.FAILED, Status.EXPIRED}),
    Status.UNCERTAIN: frozenset({Status.RUNNING, Status.FAILED, Status.CANCELED}),
    Status.FAILED: frozenset({Status.QUEUED, Status.RUNNING, Status.SAVING, Status.UNCERTAIN}),
    Status.CANCELED: frozenset({Status.QUEUED, Status.RUNNING, Status.SAVING}),
    Status.EXPIRED: frozenset({Status.QUEUED, Status.SAVING}),
    Status.SUCCEEDED: frozenset(),
}


class IllegalMove(Exception):
    """The state diagram has no such arrow."""


def move(
    task: GenerationTask,
    to: Status,
    *,
    token: UUID | None = None,
    actor: User | None = None,
    facts: dict[str, Any] | None = None,
    **fields: Any,
) -> bool:
    """Move a task and record the move. False if another process moved it, or took the lease, first."""
    came_from = task.status
    if to not in MOVES[came_from]:
        raise IllegalMove(f"{came_from} to {to}")
    with transaction.atomic():
        unmoved = GenerationTask.objects.filter(pk=task.pk, status=came_from)
        if token is not None:
            unmoved = unmoved.filter(lease_token=token)
        fields = {"step_failures": 0} | ALL_WELL | fields
        fields |= {"status": to, "revision": changes.next_revision()}
        if not unmoved.update(**fields):
            transaction.set_rollback(True)
            return False
        TaskEvent.objects.create(
            task=task, at=timezone.now(), from_status=came_from, to_status=to, actor=actor, facts=facts or {}
        )
    task.refresh_from_db()
    return True
