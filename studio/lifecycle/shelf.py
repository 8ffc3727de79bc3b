"""What people do with finished takes: the bin, and the pick of a version."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from studio import changes
from studio.lifecycle import shot_status
from studio.lifecycle.tallies import tally
from studio.models import GenerationTask, Status, TaskEvent, User, Version


def put_in_bin(tasks: list[GenerationTask], actor: User) -> list[GenerationTask]:
    """Take finished takes out of sight for 30 days. Returns what was moved.

    Takes still being made stay, and paid ones whose end nobody knows: their money would lie out of sight. So do the
    clips of an approved version.
    """
    moved = []
    for task in tasks:
        with transaction.atomic():
            rows = GenerationTask.objects.filter(pk=task.pk, binned_at=None, next_at=None)
            rows = rows.exclude(~Q(provider="local"), status=Status.UNCERTAIN)
            rows = rows.exclude(version__locked_at__isnull=False, status=Status.SUCCEEDED)
            if rows.update(binned_at=timezone.now(), is_pick=False, revision=changes.next_revision()):
                TaskEvent.tell(task.pk, "binned", actor=actor)
                tally(task, -1)
                shot_status.refresh(task.version.shot_id)
                moved.append(task)
    return moved


def take_from_bin(tasks: list[GenerationTask], actor: User) -> list[GenerationTask]:
    """Bring takes back. Returns what was moved."""
    moved = []
    for task in tasks:
        with transaction.atomic():
            rows = GenerationTask.objects.filter(pk=task.pk, binned_at__isnull=False)
            if rows.update(binned_at=None, revision=changes.next_revision()):
                TaskEvent.tell(task.pk, "restored", actor=actor)
                tally(task, +1)
                shot_status.refresh(task.version.shot_id)
                moved.append(task)
    return moved


def set_pick(task: GenerationTask, *, is_pick: bool, actor: User) -> bool:
    """Make a ready take the pick of its version, or no longer. False if it is not ready.

    The pick of an approved version stays the pick: it is what was approved.
    """
    with transaction.atomic():
        siblings = GenerationTask.objects.filter(version=task.version_id, is_pick=True).exclude(pk=task.pk)
        revision = changes.next_revision()
        if Version.objects.filter(pk=task.version_id, locked_at__isnull=False, tasks__is_pick=True).exists():
            transaction.set_rollback(True)
            return False
        if is_pick:
            siblings.update(is_pick=False, revision=revision)
        ready = GenerationTask.objects.filter(pk=task.pk, status=Status.SUCCEEDED, binned_at=None)
        if not ready.update(is_pick=is_pick, revision=revision):
            transaction.set_rollback(True)
            return False
        TaskEvent.tell(task.pk, "picked" if is_pick else "unpicked", actor=actor)
    return True
