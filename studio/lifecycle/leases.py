"""A worker's hold on a task while it does a step of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from uuid import UUID

from django.db import DatabaseError, connection
from django.utils import timezone

from studio.models import GenerationTask

# What a dead worker held is free again after this: well within the minute in which people must know of a create whose
# answer was lost (THREATS, invariant 2), with time for another worker to start.
LEASE = timedelta(seconds=30)


@contextmanager
def keep_lease(task: GenerationTask, token: UUID) -> Iterator[None]:
    """Renew the lease while a step runs, so that a long save is not begun a second time elsewhere."""
    over = threading.Event()

    def renew() -> None:
        held = GenerationTask.objects.filter(pk=task.pk, lease_token=token)
        while not over.wait(LEASE.total_seconds() / 3):
            with suppress(
                DatabaseError
            ):  # a full disk, say: the next try is in time, and every write asks anyway
                held.update(lease_until=timezone.now() + LEASE)
        connection.close()

    renewing = threading.Thread(target=renew, name=f"lease-{task.pk}", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        over.set()
        renewing.join()


def still_holds(task: GenerationTask, token: UUID) -> bool:
    """Whether the lease is still ours, renewed: to be asked right before what cannot be undone (M-08)."""
    held = GenerationTask.objects.filter(pk=task.pk, lease_token=token, status=task.status)
    return bool(held.update(lease_until=timezone.now() + LEASE))
