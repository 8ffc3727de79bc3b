"""The only room where a task's status changes.

The table of moves is the state diagram. A move is compare-and-set on the status (and on the lease, for a worker),
so two processes cannot both win; each move writes an event in the same transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.models import Case, DateTimeField, F, Q, Value, When
from django.utils import timezone

from studio import changes, money, shot_status
from studio.models import (
    Attempt,
    Basis,
    Clip,
    ConnectionKey,
    GenerationTask,
    Project,
    Status,
    TaskEvent,
    Trouble,
    User,
)
from studio.providers.base import Billed, ErrorCategory, ProviderError

MOVES: dict[str, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.SUBMITTING, Status.CANCELED, Status.FAILED}),
    Status.SUBMITTING: frozenset(
        {Status.RUNNING, Status.QUEUED, Status.FAILED, Status.UNCERTAIN, Status.CANCELED}
    ),
    Status.RUNNING: frozenset({Status.SAVING, Status.FAILED, Status.CANCELED, Status.EXPIRED}),
    Status.SAVING: frozenset({Status.SUCCEEDED, Status.FAILED, Status.EXPIRED}),
    Status.UNCERTAIN: frozenset({Status.RUNNING, Status.FAILED, Status.CANCELED}),
    Status.FAILED: frozenset({Status.QUEUED, Status.SAVING}),
    Status.CANCELED: frozenset({Status.QUEUED, Status.SAVING}),
    Status.EXPIRED: frozenset({Status.QUEUED, Status.SAVING}),
    Status.SUCCEEDED: frozenset(),
}
WAITED_FOR = (Status.QUEUED, Status.RUNNING, Status.SAVING, Status.CANCELED)
LEASE = timedelta(seconds=60)
STEP_FAILURES_ALLOWED = 5
LONGEST_PAUSE_SECONDS = 300
FAULT_KEEPS = 12


@dataclass(frozen=True, kw_only=True)
class Waits:
    """What a task waits for before it goes on, since when, and how often it was tried in vain."""

    trouble: Trouble
    since: datetime
    tries: int

    def fields(self) -> dict[str, Any]:
        return {"trouble": self.trouble, "trouble_since": self.since, "tries": self.tries}


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
        fields = {"step_failures": 0} | ALL_WELL | fields
        fields |= {"status": to, "revision": changes.next_revision()}
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


def begin_attempt(
    task: GenerationTask, token: UUID, *, connection_key: ConnectionKey | None = None
) -> Attempt | None:
    """Commit the intent to send, before the first byte leaves. None if another process was first.

    What it has waited for so far goes on counting until the provider takes it.
    """
    now = timezone.now()
    waited: dict[str, Any] = {
        "trouble": task.trouble,
        "trouble_since": task.trouble_since,
        "tries": task.tries,
    }
    with transaction.atomic():
        if not move(
            task,
            Status.SUBMITTING,
            token=token,
            next_at=now,
            started_at=now,
            stage="",
            progress=None,
            **waited,
        ):
            return None
        return Attempt.objects.create(
            task=task,
            number=task.attempts.count() + 1,
            intended_at=now,
            connection_key=connection_key,
        )


def accept(
    task: GenerationTask,
    attempt: Attempt,
    job_id: str,
    token: UUID,
    *,
    look_again: datetime,
    stage: str = "",
) -> bool:
    """Link the provider's job to its attempt. The id is kept even if the lease was lost meanwhile.

    If somebody else gave the attempt up for lost by then, the answer finds it again: the take goes on.
    """
    linked = {"job_id": job_id, "accepted_at": timezone.now(), "outcome": "accepted"}
    with transaction.atomic():
        is_news = Attempt.objects.filter(pk=attempt.pk, job_id="").update(**linked)
        next_at = _unless_canceled(look_again)
        fields: dict[str, Any] = {"job_id": job_id, "next_at": next_at, "stage": stage} | RELEASED
        if move(task, Status.RUNNING, token=token, **fields):
            return True
        task.refresh_from_db()
        is_lost = task.status == Status.UNCERTAIN and task.attempts.latest("number").pk == attempt.pk
        if not (is_news and is_lost):
            return False
        return move(task, Status.RUNNING, facts={"found_by": "answer"}, **NO_BLAME, **fields)


def give_back(
    task: GenerationTask, attempt: Attempt, token: UUID, *, retry_at: datetime, waits: Waits | None = None
) -> bool:
    """Nothing was sent: the same task waits for its turn again, and for what `waits` says.

    If someone pressed "Cancel" meanwhile, it is over instead.
    """
    with transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(outcome="not_sent")
        fields = waits.fields() if waits else {}
        queued = move(task, Status.QUEUED, token=token, next_at=retry_at, **fields, **RELEASED)
        if queued and task.cancel_requested_at:
            return end_as(task, Status.CANCELED, None, cost_nothing=Basis.NOT_SENT)
        return queued


def refuse(
    task: GenerationTask,
    attempt: Attempt | None,
    error: ProviderError,
    token: UUID | None,
    *,
    cost_nothing: Basis | None = None,
    billed: Billed | None = None,
) -> bool:
    """The provider, or we, said no: the task failed and says why, and which input it points at if any.

    Its money goes back if `cost_nothing` says why, is settled if the provider told the sum, and else stays set aside.
    """
    with transaction.atomic():
        if attempt:
            Attempt.objects.filter(pk=attempt.pk).update(outcome=error.category)
        failed = move(
            task,
            Status.FAILED,
            token=token,
            next_at=None,
            finished_at=timezone.now(),
            **_said_by(error),
            **RELEASED,
        )
        if failed:
            _close_charge(task, cost_nothing, billed)
        return failed


def lose_track(
    task: GenerationTask,
    attempt: Attempt | None,
    error: ProviderError,
    token: UUID,
    *,
    look_at: datetime | None,
) -> bool:
    """The answer to a create was lost. It may have been received: it is never sent again, its money stays set aside.

    `look_at` is when to look for the job, None where there is nowhere to look.
    """
    with transaction.atomic():
        unlinked = Attempt.objects.filter(pk=attempt.pk, job_id="") if attempt else None
        if unlinked is not None and not unlinked.update(outcome=ErrorCategory.UNCERTAIN):
            return _go_on(task, token)
        return move(task, Status.UNCERTAIN, token=token, next_at=look_at, **_said_by(error), **RELEASED)


def _go_on(task: GenerationTask, token: UUID) -> bool:
    """The answer came after all, to a worker that had lost its lease by then."""
    job_id = task.attempts.latest("number").job_id
    return move(task, Status.RUNNING, token=token, job_id=job_id, next_at=timezone.now(), **RELEASED)


def found(
    task: GenerationTask,
    attempt: Attempt,
    job_id: str,
    *,
    by: str,
    token: UUID | None = None,
    actor: User | None = None,
) -> bool:
    """A lost job turned up: by the provider's list, its callback, or a person (`by`). The take goes on."""
    with transaction.atomic():
        unlinked = Attempt.objects.filter(pk=attempt.pk, job_id="")
        if not unlinked.update(job_id=job_id, accepted_at=timezone.now(), outcome="accepted"):
            return False
        went_on = move(
            task,
            Status.RUNNING,
            token=token,
            actor=actor,
            facts={"found_by": by},
            job_id=job_id,
            next_at=timezone.now(),
            **NO_BLAME,
            **RELEASED,
        )
        if not went_on:
            transaction.set_rollback(True)
        return went_on


def settle_as_not_sent(task: GenerationTask, actor: User) -> bool:
    """Someone looked at the provider: it never got this. The money comes back, and it may be sent again."""
    error = ProviderError(ErrorCategory.NOT_SENT, "It never arrived. Someone looked there.")
    with transaction.atomic():
        done = move(
            task,
            Status.FAILED,
            actor=actor,
            next_at=None,
            finished_at=timezone.now(),
            **_said_by(error),
            **RELEASED,
        )
        if done:
            money.release(task, Basis.PERSON)
        return done


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
    fields: dict[str, Any] = {"next_at": _unless_canceled(look_again), "step_failures": 0} | RELEASED
    with transaction.atomic():
        if any(getattr(task, name) != value for name, value in shown.items()):
            fields |= shown | {"revision": changes.next_revision()}
        held = GenerationTask.objects.filter(pk=task.pk, status=task.status, lease_token=token)
        return bool(held.update(**fields))


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
        _tally(task, +1)
        shot_status.refresh(task.version.shot_id)
        # Still open only if the take had ended before its clip came home after all.
        money.settle(task, None)
    return True


def end_as(
    task: GenerationTask,
    to: Status,
    token: UUID | None,
    *,
    actor: User | None = None,
    cost_nothing: Basis | None = None,
    billed: Billed | None = None,
    watch_at: datetime | None = None,
) -> bool:
    """Canceled or expired: over, without a clip and without blame.

    A job that its provider cannot stop is watched from `watch_at` on: if it is made after all, the clip is kept.
    """
    with transaction.atomic():
        ended = move(
            task, to, token=token, actor=actor, next_at=watch_at, finished_at=timezone.now(), **RELEASED
        )
        if ended:
            _close_charge(task, cost_nothing, billed)
        return ended


def stop_watching(
    task: GenerationTask, token: UUID, *, cost_nothing: Basis | None, billed: Billed | None
) -> bool:
    """A cancelled job came to nothing, or its time is over."""
    with transaction.atomic():
        held = GenerationTask.objects.filter(pk=task.pk, status=task.status, lease_token=token)
        fields = {"next_at": None, "revision": changes.next_revision()} | RELEASED
        if not held.update(**fields):
            return False
        _close_charge(task, cost_nothing, billed)
        return True


def request_cancel(task: GenerationTask, actor: User) -> bool:
    """Stop a waiting task at once; ask a worker to stop one under way. False if it is past stopping."""
    if task.status == Status.QUEUED:
        if end_as(task, Status.CANCELED, None, actor=actor, cost_nothing=Basis.NOT_SENT):
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


def try_again(
    task: GenerationTask, actor: User, *, expected_seconds: int, price: money.Price | None = None
) -> bool:
    """A new attempt at a task that ended without a clip. The caller has said what it can cost.

    Raises money.OverCap if a limit would be passed. What an earlier attempt may have cost stays counted.
    """
    with transaction.atomic():
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
        if queued and price is not None:
            money.reserve([task], price)
        return queued


def stumble(task: GenerationTask, token: UUID, detail: str) -> None:
    """A step raised what it should not. Try again later, and set the row aside after five times (T-15)."""
    count = task.step_failures + 1
    can_fail = task.status in {Status.QUEUED, Status.SUBMITTING, Status.RUNNING, Status.SAVING}
    if count >= STEP_FAILURES_ALLOWED and can_fail:
        _set_aside(task, token, detail)
        return
    later = timezone.now() + timedelta(seconds=min(2**count, LONGEST_PAUSE_SECONDS))
    held = GenerationTask.objects.filter(pk=task.pk, lease_token=token)
    held.update(step_failures=count, error_detail=detail, next_at=later, **RELEASED)


def _set_aside(task: GenerationTask, token: UUID, detail: str) -> None:
    """What may have been sent stays uncertain; what waited in line cost nothing."""
    message = "Something in the studio stopped this clip five times. Your brief and files are kept."
    error = ProviderError(ErrorCategory.PROVIDER_ERROR, message, detail=detail)
    attempt = task.attempts.latest("number") if task.status == Status.SUBMITTING else None
    if attempt and not task.is_draft:
        lose_track(task, attempt, error, token, look_at=None)
    else:
        free = Basis.NOT_SENT if task.status == Status.QUEUED else None
        refuse(task, attempt, error, token, cost_nothing=free)


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
                _note(task, "binned", actor)
                _tally(task, -1)
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
                _note(task, "restored", actor)
                _tally(task, +1)
                shot_status.refresh(task.version.shot_id)
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
NO_BLAME: dict[str, Any] = {"error_category": "", "error_message": "", "error_detail": "", "fault": ""}
ALL_WELL: dict[str, Any] = {"trouble": "", "trouble_since": None, "tries": 0}


def _unless_canceled(look_again: datetime | None) -> Case | None:
    """The next look; at once if someone pressed "Cancel" while this step ran."""
    if look_again is None:
        return None
    at_once = When(
        cancel_requested_at__isnull=False,
        status__in=[Status.SUBMITTING, Status.RUNNING],
        then=Value(timezone.now()),
    )
    return Case(at_once, default=Value(look_again), output_field=DateTimeField())


def _said_by(error: ProviderError) -> dict[str, Any]:
    return {
        "error_category": error.category,
        "error_message": error.message,
        "error_detail": error.detail,
        "fault": error.fault[:FAULT_KEEPS],
    }


def _close_charge(task: GenerationTask, cost_nothing: Basis | None, billed: Billed | None) -> None:
    if billed is not None:
        money.settle(task, billed)
    elif cost_nothing is not None:
        money.release(task, cost_nothing)


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
