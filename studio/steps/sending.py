"""From queued to running: at most one paid create for each attempt (THREATS, "A create call fails")."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import OperationalError
from django.utils import timezone

from studio import crash_points, lifecycle
from studio.connections import provider_accounts
from studio.delivery.links import NotDelivered
from studio.models import Attempt, Basis, GenerationTask
from studio.models.generation_task import SENT
from studio.providers.base import Capability, ErrorCategory, ProviderError
from studio.requests import video_request
from studio.steps import waiting

logger = logging.getLogger(__name__)
MAY_BE_SENT_LATER = {
    ErrorCategory.NOT_SENT,
    ErrorCategory.RATE_LIMITED,
    ErrorCategory.PROVIDER_BUSY,
    ErrorCategory.AUTH,
}
FIRST_LOOK_FOR_LOST = timedelta(seconds=5)
TRIES_TO_WRITE, PAUSE_TO_WRITE = 40, 1.0


def submit(task: GenerationTask, token: UUID) -> None:
    """Commit the intent, then send. What waited while its account was disconnected ends here."""
    crash_points.reach("c03")
    if task.connection.removed_at is not None:
        message = f"It was not sent: {task.connection.label} was disconnected before its turn came."
        error = ProviderError(ErrorCategory.NOT_SENT, message, detail="the account was disconnected")
        lifecycle.refuse(task, None, error, token, cost_nothing=Basis.NOT_SENT)
        return
    key = (
        None
        if provider_accounts.capability_for(task.connection).is_free
        else provider_accounts.current_key(task.connection)
    )
    attempt = lifecycle.begin_attempt(task, token, connection_key=key)
    if attempt is None:
        return
    crash_points.reach("c04")
    send(task, attempt, token)


def resume(task: GenerationTask, token: UUID) -> None:
    """The task was left in submitting, so it may have been received: from here on it is looked for.

    Sending it on is no way, not even with a key that the provider knows: an answer that means "nothing was sent"
    would be true of the second time only.
    """
    attempt = task.attempts.latest("number")
    capability = provider_accounts.capability_for(task.connection)
    if capability.is_free and capability.repeats_by_key:
        send(task, attempt, token)
        return
    message = f"We don’t know yet whether {capability.label} received this."
    error = ProviderError(ErrorCategory.UNCERTAIN, message, detail="the worker stopped while sending")
    lifecycle.lose_track(task, attempt, error, token, look_at=look_for_lost(capability))


def send(task: GenerationTask, attempt: Attempt, token: UUID) -> None:
    """One create call, and what follows from its answer."""
    try:
        provider = provider_accounts.provider_for(task.connection, attempt.connection_key)
        request = video_request(task, attempt, provider)
    except ProviderError as error:
        _refused(task, attempt, token, _before_sending(error))
        return
    except Exception as error:  # nothing has left yet, whatever it was
        logger.exception("Task %s could not be put into words", task.task_id)
        message = "Something in the studio stopped this clip. Your brief and files are kept."
        why = ProviderError(ErrorCategory.PROVIDER_ERROR, message, detail=f"{type(error).__name__}: {error}")
        lifecycle.refuse(task, attempt, why, token, cost_nothing=Basis.NOT_SENT)
        return
    if not lifecycle.still_holds(task, token):
        return
    try:
        job_id = provider.submit(request, key=str(attempt.key))
    except ProviderError as error:
        _refused(task, attempt, token, error)
        return
    crash_points.reach("c07")
    first_look = (
        timezone.now() if provider.capability.is_free else waiting.next_look(task, provider.capability)
    )
    stage = "" if provider.capability.is_free else SENT
    _write_down(lambda: lifecycle.accept(task, attempt, job_id, token, look_again=first_look, stage=stage))
    crash_points.reach("c08")
    waiting.answered(task.connection)


def _write_down(accept: Callable[[], bool]) -> None:
    """The job's number is all there is of it, so a disk that takes nothing just now is asked again (T-11)."""
    for is_last in (False,) * TRIES_TO_WRITE + (True,):
        try:
            accept()
            return
        except OperationalError:
            if is_last:
                raise
            logger.exception("A job's number could not be written down; trying again.")
            time.sleep(PAUSE_TO_WRITE)


def look_for_lost(capability: Capability) -> datetime | None:
    """When to look for a job whose answer was lost; None if the provider offers nowhere to look."""
    can_look = capability.repeats_by_key or capability.lists_jobs
    return timezone.now() + FIRST_LOOK_FOR_LOST if can_look else None


def _before_sending(error: ProviderError) -> ProviderError:
    """While files were handed over, no create had left: whatever was lost then, nothing was asked for."""
    if error.category in {ErrorCategory.UNCERTAIN, ErrorCategory.PROVIDER_BUSY}:
        error.category = ErrorCategory.NOT_SENT
    return error


def _refused(task: GenerationTask, attempt: Attempt, token: UUID, error: ProviderError) -> None:
    if not isinstance(error, NotDelivered):
        waiting.note_for_account(task.connection, error, key=attempt.connection_key)
    if error.category == ErrorCategory.UNCERTAIN:
        look_at = look_for_lost(provider_accounts.capability_for(task.connection))
        lifecycle.lose_track(task, attempt, error, token, look_at=look_at)
    elif error.category in MAY_BE_SENT_LATER and waiting.send_later(task, attempt, token, error):
        return
    else:
        lifecycle.refuse(task, attempt, error, token, cost_nothing=Basis.NOT_SENT)
