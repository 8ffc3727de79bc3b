"""What a fetch of a reference's link proves: the provider has the attempt that the link was made for (M-04)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from studio import changes, delivery, lifecycle
from studio.connections import provider_accounts
from studio.models import Attempt, GenerationTask, TaskEvent
from studio.providers.base import ErrorCategory
from studio.steps.sending import look_for_lost


def take(attempt: Attempt, sha256: str) -> None:
    """Note the fetch of one file. A take that someone had settled as never arrived is uncertain again."""
    is_lost = not attempt.job_id and attempt.outcome == ErrorCategory.UNCERTAIN
    if not is_lost and not delivery.is_open(attempt):
        return
    _note_fetch(attempt, sha256)
    if is_lost:
        capability = provider_accounts.capability_for(attempt.task.connection)
        lifecycle.received_after_all(
            attempt.task, attempt, capability.label, look_at=look_for_lost(capability)
        )


def _note_fetch(attempt: Attempt, sha256: str) -> None:
    """The first fetch of each file goes into the take's story, together with the proof itself or not at all.

    The attempt's row is written first: two fetches of one file at once come one after the other, and tell it once.
    """
    now = timezone.now()
    first = Coalesce("first_fetched_at", Value(now, output_field=DateTimeField()))
    with transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(first_fetched_at=first, fetch_count=F("fetch_count") + 1)
        told = TaskEvent.objects.filter(task=attempt.task_id, word="picked_up", at__gte=attempt.intended_at)
        if told.filter(facts__file=sha256).exists():
            return
        GenerationTask.objects.filter(pk=attempt.task_id).update(revision=changes.next_revision())
        TaskEvent.tell(attempt.task_id, "picked_up", at=now, facts={"file": sha256})
