"""Claims the rows that are due, within each connection's limit, and hands them on.

It may run many times over: a claim is one statement, and every later write carries the claim's token.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.tasks import task_backends
from django.utils import timezone

import studio
from studio import freezing, housekeeping, lifecycle
from studio.connections import rates
from studio.files import fixing
from studio.files.fix_tasks import repair
from studio.models import Connection, GenerationTask, Heartbeat, Status
from studio.prepared import SOME_TIME, Prepared
from studio.tasks import advance

logger = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 0.25
LOOK_AGAIN_AFTER_SECONDS = 0.02
BEAT_EVERY = timedelta(seconds=5)
CLAIM_AT_MOST = 20
# Of one account, at the same time: clips that are copied, and steps while the provider does not answer. Each may take
# long, and the others' must not wait for them (T-03).
SAVED_AT_ONCE = 3
TRIED_AT_ONCE = 2


def claim_due(now: datetime, *, at_most: int = CLAIM_AT_MOST) -> list[tuple[int, UUID]]:
    """Lease the rows that are due and return (task, token). Work under way goes before new work.

    Results that wait to be copied come first, the oldest before the others: they expire (T-10). Questions about
    jobs keep within each account's rate, however many conductors ask.
    """
    wanted = [pk for (pk,) in _accounts_with_due().ask({SOME_TIME: now})]
    if not wanted:
        return []  # as mostly: no transaction is begun, which on SQLite would keep others from writing
    with transaction.atomic():
        is_frozen = freezing.state() is not None
        accounts = list(Connection.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
        chosen = _saving(accounts, now, at_most)
        chosen += _left_behind(now, at_most - len(chosen))
        for account in _by_turn(accounts, now):
            if account.quiet_until and account.quiet_until > now:
                continue
            room = min(_patience(account, now), at_most - len(chosen))
            asked = _asking(account, now, room)
            chosen += asked
            if account.provider == "local" or not is_frozen:
                chosen += _sending(account, now, room - len(asked))
        token = uuid4()
        GenerationTask.objects.filter(pk__in=chosen).update(
            lease_token=token, lease_until=now + lifecycle.leases.LEASE
        )
    return [(pk, token) for pk in chosen]


@cache
def _accounts_with_due() -> Prepared:
    due = GenerationTask.objects.due(SOME_TIME).filter(connection=OuterRef("pk"))
    return Prepared(Connection.objects.filter(Exists(due)).order_by().values_list("pk"))


def _held(account: Connection, now: datetime) -> QuerySet[GenerationTask]:
    """Takes of an account with a step under way."""
    return GenerationTask.objects.filter(next_at__isnull=False, connection=account, lease_until__gte=now)


def _by_turn(accounts: list[Connection], now: datetime) -> list[Connection]:
    """Those with the fewest steps under way first: a long line at one account takes no places from the others."""
    held = GenerationTask.objects.filter(next_at__lte=now, lease_until__gte=now)
    steps = Counter(held.values_list("connection", flat=True))
    return sorted(accounts, key=lambda account: steps[account.pk])


def _patience(account: Connection, now: datetime) -> int:
    """How many more steps may talk to the account: few while it does not answer."""
    if account.trouble_since is None:
        return CLAIM_AT_MOST
    return TRIED_AT_ONCE - _held(account, now).exclude(status=Status.SAVING).count()


def _saving(accounts: list[Connection], now: datetime, at_most: int) -> list[int]:
    """Of all accounts, the oldest first."""
    due = GenerationTask.objects.due(now).filter(status=Status.SAVING)
    oldest: list[tuple[datetime | None, int]] = []
    for account in accounts:
        rows = _locked(due.filter(connection=account).order_by("started_at", "pk"))
        if first := list(rows.values_list("started_at", "pk")[:SAVED_AT_ONCE]):
            held = _held(account, now).filter(status=Status.SAVING).count()
            oldest += first[: max(0, SAVED_AT_ONCE - held)]
    return [pk for _, pk in sorted(oldest, key=lambda row: (row[0] or now, row[1]))[:at_most]]


def _left_behind(now: datetime, room: int) -> list[int]:
    """Takes whose worker died while it sent them. They are called uncertain with no word to the provider: people shall
    know within a minute, also while it is silent or asked us to be."""
    due = GenerationTask.objects.due(now).filter(status=Status.SUBMITTING)
    return list(_unlocked(due.order_by("next_at", "pk"))[: max(0, room)])


def _asking(account: Connection, now: datetime, room: int) -> list[int]:
    """Questions about jobs, within the provider's rate."""
    room = min(rates.questions_left(account, now), room)
    if room <= 0:
        return []
    due = GenerationTask.objects.due(now).exclude(
        status__in=[Status.QUEUED, Status.SUBMITTING, Status.SAVING]
    )
    asked = list(_unlocked(due.filter(connection=account).order_by("next_at", "pk"))[:room])
    rates.count(account, len(asked), now)
    return asked


def _sending(account: Connection, now: datetime, room: int) -> list[int]:
    """New work, as far as the account has places. What waits at one that was disconnected is to be ended."""
    if room <= 0 or (account.paused_at is not None and account.removed_at is None):
        return []
    due = GenerationTask.objects.due(now).filter(status=Status.QUEUED, connection=account)
    first = list(_unlocked(due.order_by("next_at", "pk"))[:room])
    if account.removed_at is not None:
        return first
    return first[: max(0, _free_places(account, now))] if first else []


def run_forever(stop: threading.Event) -> None:
    """Claim and hand on until told to stop; then let the steps under way end (10 s at most)."""
    backend = task_backends["default"]
    _look_at_the_database()
    last_beat = datetime.min.replace(tzinfo=timezone.now().tzinfo)
    while not stop.is_set():
        now, pause = timezone.now(), LOOK_EVERY_SECONDS
        try:
            if now - last_beat >= BEAT_EVERY:
                freezing.remember_how_far()
                beat(now)  # only now: while that cannot be noted nothing is sent, and people must be told
                housekeeping.run_due(now)
                last_beat = now
            claims = claim_due(now, at_most=getattr(backend, "free", CLAIM_AT_MOST))
            for pk, token in claims:
                advance.enqueue(pk, str(token))
            for job, token in fixing.claim_due(now):
                repair.enqueue(str(job), str(token))
            pause = _pause()
        except (DatabaseError, OSError):
            logger.exception("The database or the disk did not answer; the conductor goes on.")
            close_old_connections()
            stop.wait(1)
        stop.wait(pause)
    close = getattr(backend, "close", None)
    if close:
        close(timeout_seconds=8)


def _look_at_the_database() -> None:
    """A restored one sends nothing, and what waits in it is in doubt (M-10)."""
    freezing.freeze_if_restored()
    if frozen := freezing.state():
        freezing.doubt_what_waited(frozen)


def _pause() -> float:
    """Until the next round: sooner where an account may be asked again before."""
    now = timezone.now()
    asked_lately = Connection.objects.filter(query_window__gt=now.timestamp() * rates.MICROSECONDS)
    soon = rates.seconds_until_next(asked_lately, now) or LOOK_EVERY_SECONDS
    return min(max(soon, LOOK_AGAIN_AFTER_SECONDS), LOOK_EVERY_SECONDS)


def beat(now: datetime) -> None:
    """Say that a conductor is alive, and forget those that have been silent for a day."""
    name = f"{socket.gethostname()}:{os.getpid()}"
    Heartbeat.objects.update_or_create(name=name, defaults={"version": studio.__version__, "beat_at": now})
    Heartbeat.objects.filter(beat_at__lt=now - timedelta(days=1)).delete()


def is_alive(now: datetime) -> bool:
    return bool(_beats_since().ask({SOME_TIME: now - timedelta(seconds=20)}))


@cache
def _beats_since() -> Prepared:
    return Prepared(Heartbeat.objects.filter(beat_at__gte=SOME_TIME).order_by().values_list("pk")[:1])


def _free_places(account: Connection, now: datetime) -> int:
    held = Q(status=Status.QUEUED, lease_until__gte=now)
    busy = GenerationTask.objects.active().filter(Q(status__in=[Status.SUBMITTING, Status.RUNNING]) | held)
    return account.parallel_limit - busy.filter(connection=account).count()


def _unlocked(rows: QuerySet[GenerationTask]) -> QuerySet[GenerationTask, int]:
    return _locked(rows).values_list("pk", flat=True)


def _locked(rows: QuerySet[GenerationTask]) -> QuerySet[GenerationTask]:
    """Rows that nobody else is claiming at this moment."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True)
    return rows
