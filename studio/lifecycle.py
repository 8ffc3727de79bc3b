"""The only room where a task's status changes.

The table of moves is the state diagram. A move is compare-and-set on the status (and on the lease, for a worker),
so two processes cannot both win; each move writes an event in the same transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from studio import changes
from studio.models import Attempt, Clip, GenerationTask, Project, Status, TaskEvent, User
from studio.providers.base import ErrorCategory, ProviderError

MOVES: dict[str, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.SUBMITTING, Status.CANCELED, Status.FAILED}),
    Status.SUBMITTING: frozenset(
        {Status.RUNNING, Status.QUEUED, Status.FAILED, Status.UNCERTAIN, Status.CANCELED}
    ),
    Status.RUNNING: frozenset({Status.SAVING, Status.FAILED, Status.CANCELED, Status.EXPIRED}),
    Status.SAVING: frozenset({Status.SUCCEEDED, Status.FAILED, Status.EXPIRED}),
    Status.UNCERTAIN: frozenset({Status.RUNNING, Status.FAILED, Status.QUEUED, Status.CANCELED}),
    Status.FAILED: frozenset({Status.QUEUED}),
    Status.CANCELED: frozenset({Status.QUEUED, Status.SAVING}),
    Status.EXPIRED: frozenset({Status.QUEUED}),
    Status.SUCCEEDED: frozenset(),
}
LEASE = timedelta(seconds=60)
STEP_FAILURES_ALLOWED = 5
FAULT_KEEPS = 12


class IllegalMove(Exception):
    """The state diagram has no such arrow."""


def move(
    task: GenerationTask,
    to: Status,
    *,
    token: UUID | None = None,
    actor: User | None = None,
    facts: dict[str, Any] | None = None,
    **fields: Any,
) -> bool:
    """Move a task and record the move. False if another process moved it, or took the lease, first."""
    came_from = task.status
    if to not in MOVES[came_from]:
        raise IllegalMove(f"{came_from} to {to}")
    with transaction.atomic():
        unmoved = GenerationTask.objects.filter(pk=task.pk, status=came_from)
        if token is not None:
            unmoved = unmoved.filter(lease_token=token)
        fields |= {"status": to, "revision": changes.next_revision(), "step_failures": 0}
        if not unmoved.update(**fields):
            transaction.set_rollback(True)
            return False
        TaskEvent.objects.create(
            task=task, at=timezone.now(), from_status=came_from, to_status=to, actor=actor, facts=facts or {}
        )
    task.refresh_from_db()
    return True


@contextmanager
def keep_lease(task: GenerationTask, token: UUID) -> Iterator[None]:
    """Renew the lease while a step runs, so that a long save is not begun a second time elsewhere."""
    over = threading.Event()

    def renew() -> None:
        held = GenerationTask.objects.filter(pk=task.pk, lease_token=token)
        while not over.wait(LEASE.total_seconds() / 3):
            held.update(lease_until=timezone.now() + LEASE)
        connection.close()

    renewing = threading.Thread(target=renew, name=f"lease-{task.pk}", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        over.set()
        renewing.join()


def begin_attempt(task: GenerationTask, token: UUID) -> Attempt | None:
    """Commit the intent to send, before the first byte leaves. None if another process was first."""
    now = timezone.now()
    with transaction.atomic():
        if not move(
            task, Status.SUBMITTING, token=token, next_at=now, started_at=now, stage="", progress=None
        ):
            return None
        return Attempt.objects.create(task=task, number=task.attempts.count() + 1, intended_at=now)


def accept(task: GenerationTask, attempt: Attempt, job_id: str, token: UUID, *, look_again: datetime) -> bool:
    """Link the provider's job to its attempt. The id is kept even if the lease was lost meanwhile."""
    with transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk, job_id="").update(
            job_id=job_id, accepted_at=timezone.now(), outcome="accepted"
        )
        return move(task, Status.RUNNING, token=token, job_id=job_id, next_at=look_again, **RELEASED)


def give_back(task: GenerationTask, attempt: Attempt, token: UUID, *, retry_at: datetime) -> bool:
    """Nothing was sent: the same task waits for its turn again."""
    with transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(outcome="not_sent")
        return move(task, Status.QUEUED, token=token, next_at=retry_at, **RELEASED)


def refuse(task: GenerationTask, attempt: Attempt | None, error: ProviderError, token: UUID | None) -> bool:
    """The provider, or we, said no: the task failed and says why, and which input it points at if any.

    A lost answer makes it uncertain.
    """
    to = Status.UNCERTAIN if error.category == ErrorCategory.UNCERTAIN else Status.FAILED
    with transaction.atomic():
        if attempt:
            Attempt.objects.filter(pk=attempt.pk).update(outcome=error.category)
        return move(
            task,
            to,
            token=token,
            next_at=None,
            finished_at=None if to == Status.UNCERTAIN else timezone.now(),
            error_category=error.category,
            error_message=error.message,
            error_detail=error.detail,
            fault=error.fault[:FAULT_KEEPS],
            **RELEASED,
        )


def lose_track(task: GenerationTask, token: UUID) -> bool:
    """A worker died between "sending" and the answer: it may have been received, and is never sent again."""
    error = ProviderError(ErrorCategory.UNCERTAIN, "We don't know yet whether the provider received this.")
    return refuse(task, task.attempts.last(), error, token)


def report(
    task: GenerationTask, token: UUID, *, look_again: datetime, progress: int | None, stage: str
) -> bool:
    """Note how far a running job is, and let go of it until the next look."""
    shown = {"progress": progress, "stage": stage}
    fields: dict[str, Any] = {"next_at": look_again, "step_failures": 0} | RELEASED
    with transaction.atomic():
        if (task.progress, task.stage) != (progress, stage):
            fields |= shown | {"revision": changes.next_revision()}
        held = GenerationTask.objects.filter(pk=task.pk, status=task.status, lease_token=token)
        return bool(held.update(**fields))


def made(task: GenerationTask, token: UUID, *, video_url: str) -> bool:
    """The provider is done; from here on the clip is only to be brought home."""
    now = timezone.now()
    seconds = (now - task.started_at).total_seconds() if task.started_at else None
    return move(
        task,
        Status.SAVING,
        token=token,
        result_url=video_url,
        making_seconds=seconds,
        progress=None,
        stage="",
        next_at=now,
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
        _tally(task, +1)
    return True


def end_as(task: GenerationTask, to: Status, token: UUID | None, *, actor: User | None = None) -> bool:
    """Canceled or expired: over, without a clip and without blame."""
    return move(task, to, token=token, actor=actor, next_at=None, finished_at=timezone.now(), **RELEASED)


def request_cancel(task: GenerationTask, actor: User) -> bool:
    """Stop a waiting task at once; ask a worker to stop one under way. False if it is past stopping."""
    if task.status == Status.QUEUED:
        if end_as(task, Status.CANCELED, None, actor=actor):
            return True
        task.refresh_from_db()
    with transaction.atomic():
        now = timezone.now()
        stoppable = GenerationTask.objects.filter(
            pk=task.pk, status__in=[Status.SUBMITTING, Status.RUNNING], cancel_requested_at=None
        )
        asked = stoppable.update(cancel_requested_at=now, next_at=now, revision=changes.next_revision())
        if asked:
            _note(task, "cancel_requested", actor)
    task.refresh_from_db()
    return bool(asked)


def try_again(task: GenerationTask, actor: User, *, expected_seconds: int) -> bool:
    """A new attempt at a task that ended without a clip. The caller has said what it can cost."""
    return move(
        task,
        Status.QUEUED,
        actor=actor,
        facts={"again": True},
        job_id="",
        result_url="",
        progress=None,
        stage="",
        error_category="",
        error_message="",
        error_detail="",
        fault="",
        cancel_requested_at=None,
        started_at=None,
        finished_at=None,
        making_seconds=None,
        expected_seconds=expected_seconds,
        next_at=timezone.now(),
        **RELEASED,
    )


def stumble(task: GenerationTask, token: UUID, detail: str) -> None:
    """A step raised what it should not. Try again later, and set the row aside after five times (T-15)."""
    count = task.step_failures + 1
    if count >= STEP_FAILURES_ALLOWED and Status.FAILED in MOVES[task.status]:
        message = "Something in the studio stopped this clip five times. Your brief and files are kept."
        refuse(task, None, ProviderError(ErrorCategory.PROVIDER_ERROR, message, detail=detail), token)
        return
    later = timezone.now() + timedelta(seconds=2**count)
    held = GenerationTask.objects.filter(pk=task.pk, lease_token=token)
    held.update(step_failures=count, error_detail=detail, next_at=later, **RELEASED)


def put_in_bin(tasks: list[GenerationTask], actor: User) -> list[GenerationTask]:
    """Take finished takes out of sight for 30 days. Takes still being made stay. Returns what was moved."""
    moved = []
    for task in tasks:
        with transaction.atomic():
            rows = GenerationTask.objects.filter(pk=task.pk, binned_at=None, next_at=None)
            if rows.update(binned_at=timezone.now(), is_pick=False, revision=changes.next_revision()):
                _note(task, "binned", actor)
                _tally(task, -1)
                moved.append(task)
    return moved


def take_from_bin(tasks: list[GenerationTask], actor: User) -> list[GenerationTask]:
    """Bring takes back. Returns what was moved."""
    moved = []
    for task in tasks:
        with transaction.atomic():
            rows = GenerationTask.objects.filter(pk=task.pk, binned_at__isnull=False)
            if rows.update(binned_at=None, revision=changes.next_revision()):
                _note(task, "restored", actor)
                _tally(task, +1)
                moved.append(task)
    return moved


def set_pick(task: GenerationTask, *, is_pick: bool, actor: User) -> bool:
    """Make a ready take the pick of its version, or no longer. False if it is not ready."""
    with transaction.atomic():
        siblings = GenerationTask.objects.filter(version=task.version_id, is_pick=True).exclude(pk=task.pk)
        revision = changes.next_revision()
        if is_pick:
            siblings.update(is_pick=False, revision=revision)
        ready = GenerationTask.objects.filter(pk=task.pk, status=Status.SUCCEEDED, binned_at=None)
        if not ready.update(is_pick=is_pick, revision=revision):
            transaction.set_rollback(True)
            return False
        _note(task, "picked" if is_pick else "unpicked", actor)
    return True


RELEASED: dict[str, Any] = {"lease_until": None, "lease_token": None}


def _note(task: GenerationTask, word: str, actor: User) -> None:
    TaskEvent.objects.create(
        task=task, at=timezone.now(), from_status=task.status, to_status=task.status, word=word, actor=actor
    )


def _tally(task: GenerationTask, sign: int) -> None:
    """Keep the project's count and bytes of clips, so that no page ever counts tasks."""
    clip = GenerationTask.objects.values_list("clip__size_bytes", "project").get(pk=task.pk)
    size, project = clip
    if size is not None:
        Project.objects.filter(pk=project).update(
            clip_count=F("clip_count") + sign, clip_bytes=F("clip_bytes") + sign * size
        )
