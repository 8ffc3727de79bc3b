"""How far a job is, as its provider tells."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from studio import changes, money
from studio.lifecycle.fields import ALL_WELL, RELEASED, Waits, unless_canceled
from studio.lifecycle.moves import move
from studio.models import GenerationTask, Status
from studio.providers.base import Billed

WAITED_FOR = (Status.QUEUED, Status.RUNNING, Status.SAVING, Status.CANCELED)


def report(
    task: GenerationTask,
    token: UUID,
    *,
    look_again: datetime | None,
    progress: int | None = None,
    stage: str = "",
    waits: Waits | None = None,
) -> bool:
    """Note how far a task is, and what it waits for; let go of it until the next look, if there is one."""
    shown: dict[str, Any] = {"progress": progress, "stage": stage} | (waits.fields() if waits else ALL_WELL)
    fields: dict[str, Any] = {"next_at": unless_canceled(look_again), "step_failures": 0} | RELEASED
    with transaction.atomic():
        if any(getattr(task, name) != value for name, value in shown.items()):
            fields |= shown | {"revision": changes.next_revision()}
        held = GenerationTask.objects.filter(pk=task.pk, status=task.status, lease_token=token)
        return bool(held.update(**fields))


def look_now(task: GenerationTask) -> bool:
    """Do the next try, or take the next look, at once. False if nothing waits, or it is happening already."""
    now = timezone.now()
    is_free = Q(lease_until=None) | Q(lease_until__lt=now)
    waiting = GenerationTask.objects.filter(is_free, pk=task.pk, status=task.status)
    if task.status != Status.UNCERTAIN:
        waiting = waiting.filter(status__in=WAITED_FOR, next_at__isnull=False)
    with transaction.atomic():
        is_soon = waiting.update(next_at=now, revision=changes.next_revision())
    task.refresh_from_db()
    return bool(is_soon)


def made(task: GenerationTask, token: UUID, *, video_url: str, billed: Billed | None = None) -> bool:
    """The provider is done, and has its money; from here on the clip is only to be brought home."""
    now = timezone.now()
    seconds = (now - task.started_at).total_seconds() if task.started_at else None
    with transaction.atomic():
        moved = move(
            task,
            Status.SAVING,
            token=token,
            result_url=video_url,
            making_seconds=seconds,
            progress=None,
            stage="",
            finished_at=None,
            next_at=now,
        )
        if moved:
            money.settle(task, billed)
        return moved
