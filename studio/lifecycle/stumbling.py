"""A step that raised what it should not."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from studio.lifecycle.ending import refuse
from studio.lifecycle.fields import RELEASED
from studio.lifecycle.lost import lose_track
from studio.models import Basis, GenerationTask, Status
from studio.providers.base import ErrorCategory, ProviderError

STEP_FAILURES_ALLOWED = 5
LONGEST_PAUSE_SECONDS = 300


def stumble(task: GenerationTask, token: UUID, detail: str) -> None:
    """A step raised what it should not. Try again later, and set the row aside after five times (T-15)."""
    count = task.step_failures + 1
    can_fail = task.status in {Status.QUEUED, Status.SUBMITTING, Status.RUNNING, Status.SAVING}
    if count >= STEP_FAILURES_ALLOWED and can_fail:
        _set_aside(task, token, detail)
        return
    later = timezone.now() + timedelta(seconds=min(2**count, LONGEST_PAUSE_SECONDS))
    held = GenerationTask.objects.filter(pk=task.pk, lease_token=token)
    held.update(step_failures=count, error_detail=detail, next_at=later, **RELEASED)


def _set_aside(task: GenerationTask, token: UUID, detail: str) -> None:
    """What may have been sent stays uncertain; what waited in line cost nothing."""
    message = "Something in the studio stopped this clip five times. Your brief and files are kept."
    error = ProviderError(ErrorCategory.PROVIDER_ERROR, message, detail=detail)
    attempt = task.attempts.latest("number") if task.status == Status.SUBMITTING else None
    if attempt and not task.is_draft:
        lose_track(task, attempt, error, token, look_at=None)
    else:
        free = Basis.NOT_SENT if task.status == Status.QUEUED else None
        refuse(task, attempt, error, token, cost_nothing=free)
