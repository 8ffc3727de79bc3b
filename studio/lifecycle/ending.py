"""Over without a clip: refused, canceled, expired."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from studio import changes, money
from studio.lifecycle.fields import RELEASED, said_by
from studio.lifecycle.moves import move
from studio.models import Attempt, Basis, GenerationTask, Status, TaskEvent, User
from studio.providers.base import Billed, ProviderError


def refuse(
    task: GenerationTask,
    attempt: Attempt | None,
    error: ProviderError,
    token: UUID | None,
    *,
    cost_nothing: Basis | None = None,
    billed: Billed | None = None,
) -> bool:
    """The provider, or we, said no: the task failed and says why, and which input it points at if any.

    Its money goes back if `cost_nothing` says why, is settled if the provider told the sum, and else stays set aside.
    """
    with transaction.atomic():
        if attempt:
            Attempt.objects.filter(pk=attempt.pk).update(outcome=error.category)
        failed = move(
            task,
            Status.FAILED,
            token=token,
            next_at=None,
            finished_at=timezone.now(),
            **said_by(error),
            **RELEASED,
        )
        if failed:
            close_charge(task, cost_nothing, billed)
        return failed


def end_as(
    task: GenerationTask,
    to: Status,
    token: UUID | None,
    *,
    actor: User | None = None,
    cost_nothing: Basis | None = None,
    billed: Billed | None = None,
    watch_at: datetime | None = None,
) -> bool:
    """Canceled or expired: over, without a clip and without blame.

    A job that its provider cannot stop is watched from `watch_at` on: if it is made after all, the clip is kept.
    """
    with transaction.atomic():
        ended = move(
            task, to, token=token, actor=actor, next_at=watch_at, finished_at=timezone.now(), **RELEASED
        )
        if ended:
            close_charge(task, cost_nothing, billed)
        return ended


def stop_watching(
    task: GenerationTask, token: UUID, *, cost_nothing: Basis | None, billed: Billed | None
) -> bool:
    """A cancelled job came to nothing, or its time is over."""
    with transaction.atomic():
        held = GenerationTask.objects.filter(pk=task.pk, status=task.status, lease_token=token)
        fields = {"next_at": None, "revision": changes.next_revision()} | RELEASED
        if not held.update(**fields):
            return False
        close_charge(task, cost_nothing, billed)
        return True


def request_cancel(task: GenerationTask, actor: User) -> bool:
    """Stop a waiting task at once; ask a worker to stop one under way. False if it is past stopping."""
    if task.status == Status.QUEUED:
        if end_as(task, Status.CANCELED, None, actor=actor, cost_nothing=Basis.NOT_SENT):
            return True
        task.refresh_from_db()
    with transaction.atomic():
        now = timezone.now()
        stoppable = GenerationTask.objects.filter(
            pk=task.pk, status__in=[Status.SUBMITTING, Status.RUNNING], cancel_requested_at=None
        )
        asked = stoppable.update(cancel_requested_at=now, next_at=now, revision=changes.next_revision())
        if asked:
            TaskEvent.tell(task.pk, "cancel_requested", actor=actor)
    task.refresh_from_db()
    return bool(asked)


def close_charge(task: GenerationTask, cost_nothing: Basis | None, billed: Billed | None) -> None:
    if billed is not None:
        money.settle(task, billed)
    elif cost_nothing is not None:
        money.release(task, cost_nothing)
