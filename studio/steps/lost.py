"""Looking for a job whose create was never answered. It is found by evidence, or a person says; never sent again."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from studio import freezing, lifecycle
from studio.connections import provider_accounts
from studio.models import Attempt, Basis, GenerationTask, Status
from studio.providers.base import ErrorCategory, PaidProvider, ProviderError
from studio.requests import video_request
from studio.steps import waiting

logger = logging.getLogger(__name__)
KEYS_HOLD = timedelta(hours=23)
LOOKED_FOR = timedelta(hours=24)
BEFORE, AFTER = timedelta(seconds=90), timedelta(seconds=180)
PAUSES = (10, 20, 30, 60, 120, 300, 900)
NONE, SEVERAL = "none", "several"


def investigate(task: GenerationTask, token: UUID) -> None:
    """One look, by whatever the provider offers."""
    attempt = task.attempts.latest("number")
    if attempt.finding == lifecycle.RESTORED:
        lifecycle.report(task, token, look_again=None)
        return
    capability = provider_accounts.capability_for(task.connection)
    age = timezone.now() - attempt.intended_at
    if age > (KEYS_HOLD if capability.repeats_by_key else LOOKED_FOR):
        _look_again(task, attempt, token, NONE, is_last=True)
        return
    try:
        provider = provider_accounts.paid_provider_for(task.connection, attempt.connection_key)
        if capability.repeats_by_key and freezing.state():
            _look_again(task, attempt, token, attempt.finding)
        elif capability.repeats_by_key:
            _repeat_by_key(task, attempt, provider, token)
        elif capability.lists_jobs:
            _look_in_list(task, attempt, provider, token)
        else:
            _look_again(task, attempt, token, "", is_last=True)
    except ProviderError as error:
        waiting.note_for_account(task.connection, error, key=attempt.connection_key)
        logger.info("Task %s: no look at its lost job: %s", task.task_id, error.detail)
        _look_again(task, attempt, token, attempt.finding)


def _repeat_by_key(task: GenerationTask, attempt: Attempt, provider: PaidProvider, token: UUID) -> None:
    """The same key with the same words is the same job: the provider tells its number again."""
    request = video_request(task, attempt, provider)  # what fails here says nothing about the first create
    try:
        job_id = provider.submit(request, key=str(attempt.key))
    except ProviderError as error:
        if error.category not in REFUSALS:
            raise
        lifecycle.refuse(task, attempt, error, token, cost_nothing=Basis.NOT_SENT)
        return
    waiting.answered(task.connection)
    lifecycle.found(task, attempt, job_id, by="key", token=token)


def _look_in_list(task: GenerationTask, attempt: Attempt, provider: PaidProvider, token: UUID) -> None:
    """A job of that moment that belongs to nobody else. With two of them, or two who look, a person decides."""
    start, end = attempt.intended_at - BEFORE, attempt.intended_at + AFTER
    seen = {job.job_id for job in provider.jobs_between(start, end)}
    waiting.answered(task.connection)
    ours = set(Attempt.objects.filter(job_id__in=seen).values_list("job_id", flat=True))
    candidates = sorted(seen - ours)
    rivals = GenerationTask.objects.filter(
        connection=task.connection,
        status__in=[Status.UNCERTAIN, Status.SUBMITTING],
        attempts__intended_at__range=(start - AFTER, end + BEFORE),
        attempts__job_id="",
        attempts__outcome__in=["", ErrorCategory.UNCERTAIN],
    ).exclude(pk=task.pk)
    if len(candidates) == 1 and not rivals.exists():
        lifecycle.found(task, attempt, candidates[0], by="list", token=token)
    else:
        _look_again(task, attempt, token, SEVERAL if candidates else NONE)


def _look_again(
    task: GenerationTask, attempt: Attempt, token: UUID, finding: str, *, is_last: bool = False
) -> None:
    now = timezone.now()
    Attempt.objects.filter(pk=attempt.pk).update(investigated_at=now, finding=finding)
    age = (now - attempt.intended_at).total_seconds()
    pause = next((pause for pause in PAUSES if age < pause * 6), PAUSES[-1])
    lifecycle.report(task, token, look_again=None if is_last else now + timedelta(seconds=pause))


# What the same words always meet with. A lack of money is none of these: the first create may have used the last of it.
REFUSALS = {
    ErrorCategory.INVALID_INPUT,
    ErrorCategory.MODERATION,
    ErrorCategory.MEDIA_UNREACHABLE,
}
