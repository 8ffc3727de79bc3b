"""From queued to running: the intent to send, and what the provider answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from studio.lifecycle.ending import end_as
from studio.lifecycle.fields import NO_BLAME, RELEASED, Waits, unless_canceled
from studio.lifecycle.late import go_on_with, link
from studio.lifecycle.moves import move
from studio.models import Attempt, Basis, ConnectionKey, GenerationTask, Status


def begin_attempt(
    task: GenerationTask, token: UUID, *, connection_key: ConnectionKey | None = None
) -> Attempt | None:
    """Commit the intent to send, before the first byte leaves. None if another process was first.

    What it has waited for so far goes on counting until the provider takes it.
    """
    now = timezone.now()
    waited: dict[str, Any] = {
        "trouble": task.trouble,
        "trouble_since": task.trouble_since,
        "tries": task.tries,
    }
    with transaction.atomic():
        if not move(
            task,
            Status.SUBMITTING,
            token=token,
            next_at=now,
            started_at=now,
            stage="",
            progress=None,
            **waited,
        ):
            return None
        return Attempt.objects.create(
            task=task,
            number=task.attempts.count() + 1,
            intended_at=now,
            connection_key=connection_key,
        )


def accept(
    task: GenerationTask,
    attempt: Attempt,
    job_id: str,
    token: UUID,
    *,
    look_again: datetime,
    stage: str = "",
) -> bool:
    """Link the provider's job to its attempt. The id is kept even if the lease was lost meanwhile.

    If somebody else gave the attempt up by then, the answer finds it again: the take goes on.
    """
    with transaction.atomic():
        is_news = link(attempt, job_id)
        next_at = unless_canceled(look_again)
        fields: dict[str, Any] = {"job_id": job_id, "next_at": next_at, "stage": stage} | RELEASED
        if move(task, Status.RUNNING, token=token, **fields):
            return True
        task.refresh_from_db()
        if not is_news:
            return False
        is_lost = task.status == Status.UNCERTAIN and task.attempts.latest("number").pk == attempt.pk
        if is_lost:
            return move(task, Status.RUNNING, facts={"found_by": "answer"}, **NO_BLAME, **fields)
        return go_on_with(task, attempt, job_id, by="answer")


def give_back(
    task: GenerationTask, attempt: Attempt, token: UUID, *, retry_at: datetime, waits: Waits | None = None
) -> bool:
    """Nothing was sent: the same task waits for its turn again, and for what `waits` says.

    If someone pressed "Cancel" meanwhile, it is over instead.
    """
    with transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(outcome="not_sent")
        fields = waits.fields() if waits else {}
        queued = move(task, Status.QUEUED, token=token, next_at=retry_at, **fields, **RELEASED)
        if queued and task.cancel_requested_at:
            return end_as(task, Status.CANCELED, None, cost_nothing=Basis.NOT_SENT)
        return queued
