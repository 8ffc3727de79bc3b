"""Claims the rows that are due, within each connection's limit, and hands them on.

It may run many times over: a claim is one statement, and every later write carries the claim's token.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import Q, QuerySet
from django.tasks import task_backends
from django.utils import timezone

import studio
from studio import fixing, housekeeping, lifecycle, rates
from studio.fix_tasks import repair
from studio.models import Connection, GenerationTask, Heartbeat, Status
from studio.tasks import advance

logger = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 0.25
BEAT_EVERY = timedelta(seconds=5)
CLAIM_AT_MOST = 20


def claim_due(now: datetime, *, at_most: int = CLAIM_AT_MOST) -> list[tuple[int, UUID]]:
    """Lease the rows that are due and return (task, token). Work under way goes before new work.

    Results that wait to be copied come first, the oldest before the others: they expire (T-10). Questions about
    jobs keep within each account's rate, however many conductors ask.
    """
    with transaction.atomic():
        due = GenerationTask.objects.due(now)
        asking = due.exclude(status__in=[Status.QUEUED, Status.SAVING])
        chosen = list(_unlocked(due.filter(status=Status.SAVING).order_by("started_at", "pk"))[:at_most])
        for account in Connection.objects.select_for_update().order_by("pk"):
            if account.quiet_until and account.quiet_until > now:
                continue
            room = min(rates.questions_left(account, now), at_most - len(chosen))
            if room > 0:
                asked = list(_unlocked(asking.filter(connection=account).order_by("next_at", "pk"))[:room])
                rates.count(account, len(asked), now)
                chosen += asked
            room = min(_free_places(account, now), at_most - len(chosen))
            if room > 0 and account.paused_at is None:
                waiting = due.filter(status=Status.QUEUED, connection=account).order_by("next_at", "pk")
                chosen += list(_unlocked(waiting)[:room])
        token = uuid4()
        GenerationTask.objects.filter(pk__in=chosen).update(
            lease_token=token, lease_until=now + lifecycle.LEASE
        )
    return [(pk, token) for pk in chosen]


def run_forever(stop: threading.Event) -> None:
    """Claim and hand on until told to stop; then let the steps under way end (10 s at most)."""
    backend = task_backends["default"]
    last_beat = datetime.min.replace(tzinfo=timezone.now().tzinfo)
    while not stop.is_set():
        now = timezone.now()
        try:
            if now - last_beat >= BEAT_EVERY:
                beat(now)
                housekeeping.run_due(now)
                last_beat = now
            claims = claim_due(now, at_most=getattr(backend, "free", CLAIM_AT_MOST))
            for pk, token in claims:
                advance.enqueue(pk, str(token))
            for job, token in fixing.claim_due(now):
                repair.enqueue(str(job), str(token))
        except DatabaseError:
            logger.exception("The database did not answer; the conductor goes on.")
            close_old_connections()
            stop.wait(1)
        stop.wait(LOOK_EVERY_SECONDS)
    close = getattr(backend, "close", None)
    if close:
        close(timeout_seconds=8)


def beat(now: datetime) -> None:
    """Say that a conductor is alive, and forget those that have been silent for a day."""
    name = f"{socket.gethostname()}:{os.getpid()}"
    Heartbeat.objects.update_or_create(name=name, defaults={"version": studio.__version__, "beat_at": now})
    Heartbeat.objects.filter(beat_at__lt=now - timedelta(days=1)).delete()


def is_alive(now: datetime) -> bool:
    return Heartbeat.objects.filter(beat_at__gte=now - timedelta(seconds=20)).exists()


def _free_places(account: Connection, now: datetime) -> int:
    held = Q(status=Status.QUEUED, lease_until__gte=now)
    busy = GenerationTask.objects.active().filter(Q(status__in=[Status.SUBMITTING, Status.RUNNING]) | held)
    return account.parallel_limit - busy.filter(connection=account).count()


def _unlocked(rows: QuerySet[GenerationTask]) -> QuerySet[GenerationTask, int]:
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    return rows.values_list("pk", flat=True)
