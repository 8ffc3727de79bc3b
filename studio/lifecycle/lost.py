"""A create whose answer never came: what may have been received is looked for, and never sent again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from studio import money
from studio.lifecycle.fields import NO_BLAME, RELEASED, said_by
from studio.lifecycle.late import link
from studio.lifecycle.moves import move
from studio.models import Attempt, Basis, GenerationTask, Status, User
from studio.providers.base import ErrorCategory, ProviderError

RESTORED = "restored"  # the finding about an attempt that this database never made


def lose_track(
    task: GenerationTask,
    attempt: Attempt | None,
    error: ProviderError,
    token: UUID,
    *,
    look_at: datetime | None,
) -> bool:
    """The answer to a create was lost. It may have been received: it is never sent again, its money stays set aside.

    `look_at` is when to look for the job, None where there is nowhere to look.
    """
    with transaction.atomic():
        unlinked = Attempt.objects.filter(pk=attempt.pk, job_id="") if attempt else None
        if unlinked is not None and not unlinked.update(outcome=ErrorCategory.UNCERTAIN):
            return _go_on(task, token)
        return move(task, Status.UNCERTAIN, token=token, next_at=look_at, **said_by(error), **RELEASED)


def doubt(task: GenerationTask) -> bool:
    """A take that waits in a restored database: it may have been sent after the backup was made (M-10).

    What was sent then is not known here, so there is nothing to look with, and nothing to repeat: a person looks.
    """
    message = "The studio was restored from a backup. This may have been sent before that."
    error = ProviderError(ErrorCategory.UNCERTAIN, message, detail="queued before the backup was restored")
    with transaction.atomic():
        if not move(task, Status.UNCERTAIN, next_at=None, **said_by(error), **RELEASED):
            return False
        Attempt.objects.create(
            task=task,
            number=task.attempts.count() + 1,
            intended_at=task.created_at,
            outcome=ErrorCategory.UNCERTAIN,
            finding=RESTORED,
        )
        return True


def _go_on(task: GenerationTask, token: UUID) -> bool:
    """The answer came after all, to a worker that had lost its lease by then."""
    job_id = task.attempts.latest("number").job_id
    return move(task, Status.RUNNING, token=token, job_id=job_id, next_at=timezone.now(), **RELEASED)


def found(
    task: GenerationTask,
    attempt: Attempt,
    job_id: str,
    *,
    by: str,
    token: UUID | None = None,
    actor: User | None = None,
) -> bool:
    """A lost job turned up: by the provider's list, its callback, or a person (`by`). The take goes on."""
    with transaction.atomic():
        if not link(attempt, job_id):
            return False
        went_on = move(
            task,
            Status.RUNNING,
            token=token,
            actor=actor,
            facts={"found_by": by},
            job_id=job_id,
            next_at=timezone.now(),
            **NO_BLAME,
            **RELEASED,
        )
        if not went_on:
            transaction.set_rollback(True)
        return went_on


def settle_as_not_sent(task: GenerationTask, actor: User) -> bool:
    """Someone looked at the provider: it never got this. The money comes back, and it may be sent again."""
    error = ProviderError(ErrorCategory.NOT_SENT, "It never arrived. Someone looked there.")
    with transaction.atomic():
        done = move(
            task,
            Status.FAILED,
            actor=actor,
            next_at=None,
            finished_at=timezone.now(),
            **said_by(error),
            **RELEASED,
        )
        if done:
            money.release(task, Basis.PERSON)
        return done
