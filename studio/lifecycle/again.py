"""A new attempt at what came to nothing."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from studio import money
from studio.connections import provider_accounts
from studio.lifecycle.fields import NO_BLAME, RELEASED
from studio.lifecycle.moves import move
from studio.models import GenerationTask, Status, User


def try_again(
    task: GenerationTask, actor: User, *, expected_seconds: int, price: money.Price | None = None
) -> bool:
    """A new attempt at a task that ended without a clip. The caller has said what it can cost.

    Raises money.NotSetAside if a limit would be passed or the account is not there any more. What an earlier
    attempt may have cost stays counted. False, with nothing changed, if somebody was first.
    """
    with transaction.atomic():
        provider_accounts.hold([task.connection])
        money.settle(task, None)
        queued = move(
            task,
            Status.QUEUED,
            actor=actor,
            facts={"again": True} | (price.facts() if price else {}),
            job_id="",
            result_url="",
            progress=None,
            stage="",
            cancel_requested_at=None,
            started_at=None,
            finished_at=None,
            making_seconds=None,
            expected_seconds=expected_seconds,
            next_at=timezone.now(),
            **NO_BLAME,
            **RELEASED,
        )
        if not queued:
            transaction.set_rollback(True)  # what was settled is what the first one has set aside
            return False
        if price is not None:
            money.reserve([task], price)
        return True
