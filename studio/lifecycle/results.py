"""A clip that comes home."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from studio import money
from studio.lifecycle import shot_status
from studio.lifecycle.fields import NO_BLAME, RELEASED
from studio.lifecycle.moves import move
from studio.lifecycle.tallies import tally
from studio.models import Clip, GenerationTask, Status, User


def fetch_again(task: GenerationTask, actor: User) -> bool:
    """Bring a clip home that the provider made and still holds. Costs nothing."""
    return bool(task.job_id) and move(
        task,
        Status.SAVING,
        actor=actor,
        facts={"again": True},
        next_at=timezone.now(),
        finished_at=None,
        stage="",
        progress=None,
        **NO_BLAME,
        **RELEASED,
    )


def succeed(task: GenerationTask, clip: Clip, token: UUID) -> bool:
    """Our own copy is stored and read back: now, and only now, the take is ready."""
    with transaction.atomic():
        clip.save(force_insert=True)
        done = move(
            task,
            Status.SUCCEEDED,
            token=token,
            facts={"size_bytes": clip.size_bytes},
            clip=clip,
            finished_at=timezone.now(),
            next_at=None,
            **RELEASED,
        )
        if not done:
            transaction.set_rollback(True)
            return False
        tally(task, +1)
        shot_status.refresh(task.version.shot_id)
        # Still open only if the take had ended before its clip came home after all.
        money.settle(task, None)
    return True
