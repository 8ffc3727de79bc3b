"""Proof that a provider has what everybody had given up: somebody said it never arrived, or it seemed never sent.

The proof wins, also over a person's word. The job is real, it is being made and charged: so the take goes on with it,
and its money is set aside anew. Where a new attempt has been sent since, the take stays with that one; the earlier
job is linked to its own attempt, counted, and told of.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio import changes
from studio.lifecycle.fields import NO_BLAME, RELEASED, said_by
from studio.lifecycle.moves import move
from studio.models import Attempt, GenerationTask, Status, TaskEvent
from studio.money import late as late_money
from studio.providers.base import ErrorCategory, ProviderError

GIVEN_UP = {Status.QUEUED, Status.FAILED, Status.CANCELED}
LATE_JOB, LATE_FETCH = "late_job", "late_fetch"


def link(attempt: Attempt, job_id: str) -> bool:
    """Write the provider's number down for an attempt that has none yet."""
    unlinked = Attempt.objects.filter(pk=attempt.pk, job_id="")
    return bool(unlinked.update(job_id=job_id, accepted_at=timezone.now(), outcome="accepted"))


def turned_up(task: GenerationTask, attempt: Attempt, job_id: str, *, by: str) -> bool:
    """A job that nobody knew of. False if the attempt has one already, or its take still waits for an answer."""
    with transaction.atomic():
        done = link(attempt, job_id) and go_on_with(task, attempt, job_id, by=by)
        if not done:
            transaction.set_rollback(True)
        return done


def go_on_with(task: GenerationTask, attempt: Attempt, job_id: str, *, by: str) -> bool:
    """The take goes on with a job that was just linked to its attempt.

    One that was cancelled is called off there, if it still can be. False if the take was not given up.
    """
    with transaction.atomic():
        if _is_superseded(attempt):
            _tell_of_both(task, attempt, LATE_JOB, {"job": job_id, "by": by})
            return True
        goes_on = task.status in GIVEN_UP and move(
            task,
            Status.RUNNING,
            facts={"found_by": by} | late_money.set_aside_again(task),
            job_id=job_id,
            cancel_requested_at=_asked_to_stop(task),
            **_under_way(attempt, look_at=timezone.now()),
            **NO_BLAME,
        )
        return _or_as_it_was(goes_on)


def received_after_all(
    task: GenerationTask, attempt: Attempt, label: str, *, look_at: datetime | None
) -> bool:
    """A file was fetched by the link of an attempt that someone had settled as never arrived. It did arrive.

    Nobody knows yet how it ends: the take is uncertain again. `look_at` is when to look for its job, None where
    there is nowhere to look.
    """
    with transaction.atomic():
        if _is_superseded(attempt):
            _tell_of_both(task, attempt, LATE_FETCH, {})
            return True
        message = f"{label} received this after all."
        error = ProviderError(ErrorCategory.UNCERTAIN, message, detail="a link of it was fetched")
        arrived = task.status == Status.FAILED and move(
            task,
            Status.UNCERTAIN,
            facts={"found_by": "fetch"} | late_money.set_aside_again(task),
            **_under_way(attempt, look_at=look_at),
            **said_by(error),
        )
        return _or_as_it_was(arrived)


def _or_as_it_was(moved: bool) -> bool:
    """Another process moved the take first: what was set aside for this move goes too."""
    if not moved:
        transaction.set_rollback(True)
    return moved


def _is_superseded(attempt: Attempt) -> bool:
    return Attempt.objects.filter(task=attempt.task_id, number__gt=attempt.number).exists()


def _under_way(attempt: Attempt, *, look_at: datetime | None) -> dict[str, Any]:
    """As it would stand had it never been given up, and in sight."""
    return RELEASED | {
        "started_at": attempt.intended_at,
        "next_at": look_at,
        "finished_at": None,
        "binned_at": None,
    }


def _asked_to_stop(task: GenerationTask) -> datetime | None:
    return timezone.now() if task.status == Status.CANCELED else task.cancel_requested_at


def _tell_of_both(task: GenerationTask, attempt: Attempt, word: str, facts: dict[str, Any]) -> None:
    """Each attempt is counted once: its files may be fetched before its number is known."""
    revision = changes.next_revision()  # whoever holds it is the only one to write into a task's story
    told = task.events.filter(word__in=[LATE_JOB, LATE_FETCH], facts__attempt=attempt.number)
    if told.filter(word=word).exists():
        return
    costs = {} if told.exists() else late_money.count_beside(task, attempt)
    TaskEvent.tell(task.pk, word, facts={"attempt": attempt.number} | facts | costs)
    GenerationTask.objects.filter(pk=task.pk).update(revision=revision)
