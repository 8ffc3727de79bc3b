"""What a provider's callback may do: prove itself, and make us look sooner. It never says how a job is (T-16)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from studio import changes, lifecycle
from studio.connections import vault
from studio.models import Attempt, GenerationTask, Status, TaskEvent
from studio.models.status import STEPPED
from studio.providers import registry

logger = logging.getLogger(__name__)


def take(provider: str, attempt_key: UUID, body: bytes, headers: Mapping[str, str]) -> bool:
    """Use a callback for one attempt. False if it does not prove itself, or is about something else.

    It is checked with the key that the attempt was sent with. A lost job learns its number from it.
    """
    attempt = (
        Attempt.objects.select_related("task", "connection_key")
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
    _look_soon(attempt, job_id)
    return True


def _look_soon(attempt: Attempt, job_id: str) -> None:
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
            lifecycle.found(task, attempt, job_id, by="callback")
            return
        if lifecycle.turned_up(task, attempt, job_id, by="callback") or not is_latest:
            return
        waiting = GenerationTask.objects.filter(
            pk=task.pk, status__in=STEPPED, next_at__gt=now, lease_until=None
        )
        waiting.exclude(status=Status.QUEUED).update(next_at=now)
