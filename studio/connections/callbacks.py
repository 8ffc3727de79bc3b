"""What a provider's callback may do: prove itself, and make us look sooner. It never says how a job is (T-16)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from studio import changes, lifecycle
from studio.connections import provider_accounts, vault
from studio.models import Attempt, GenerationTask, Status, TaskEvent
from studio.models.status import STEPPED
from studio.providers import registry
from studio.providers.base import ProviderError, UnknownJob

logger = logging.getLogger(__name__)


def take(provider: str, attempt_key: UUID, body: bytes, headers: Mapping[str, str]) -> bool:
    """Use a callback for one attempt. False if it does not prove itself, or is about something else.

    It is checked with the key that the attempt was sent with. A lost job learns its number from it.
    """
    attempt = (
        Attempt.objects.select_related("task__connection", "connection_key")
        .filter(key=attempt_key, task__provider=provider)
        .first()
    )
    reads = registry.callbacks().get(provider)
    if attempt is None or attempt.connection_key is None or reads is None:
        return False
    try:
        secret = vault.unlock(attempt.connection_key.secret)
    except vault.CannotOpen:
        return False
    job_id = reads(body, headers, secret)
    if not job_id or (attempt.job_id and attempt.job_id != job_id):
        return False
    is_known = True if attempt.job_id else _knows(attempt, job_id)
    if is_known is False:
        return False
    _look_soon(attempt, job_id, is_known=bool(is_known))
    return True


def _knows(attempt: Attempt, job_id: str) -> bool | None:
    """Whether the provider has this job; None where it does not say. Its callback is not taken at its word."""
    try:
        provider = provider_accounts.paid_provider_for(attempt.task.connection, attempt.connection_key)
        provider.fetch(job_id)
    except UnknownJob:
        logger.warning("Attempt %s: a callback about job %s, which nobody knows", attempt.key, job_id)
        return False
    except ProviderError as error:
        logger.info("Attempt %s: job %s could not be read: %s", attempt.key, job_id, error.detail)
        return None
    return True


def _look_soon(attempt: Attempt, job_id: str, *, is_known: bool) -> None:
    """A lost take for which a look is planned anyhow waits for that if its job could not be read now. One that was
    given up goes on at once, also then: it might be sent, and paid, a second time.
    """
    now = timezone.now()
    with transaction.atomic():
        Attempt.objects.select_for_update().get(pk=attempt.pk)  # before the counter, as every move takes them
        revision = changes.next_revision()  # whoever holds it is the only one to write into a task's story
        task = GenerationTask.objects.get(pk=attempt.task_id)
        if Attempt.objects.filter(pk=attempt.pk, callback_at=None).update(callback_at=now):
            GenerationTask.objects.filter(pk=task.pk).update(revision=revision)
            TaskEvent.tell(task.pk, "called_back", at=now)
        is_latest = not task.attempts.filter(number__gt=attempt.number).exists()
        if is_latest and task.status == Status.UNCERTAIN and not attempt.job_id:
            if is_known or task.next_at is None:
                lifecycle.found(task, attempt, job_id, by="callback")
            else:
                lifecycle.look_now(task)
            return
        if lifecycle.turned_up(task, attempt, job_id, by="callback") or not is_latest:
            return
        waiting = GenerationTask.objects.filter(
            pk=task.pk, status__in=STEPPED, next_at__gt=now, lease_until=None
        )
        waiting.exclude(status=Status.QUEUED).update(next_at=now)
