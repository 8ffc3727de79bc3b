"""Background steps, thin: they look at the row, do its one next thing, and let go.

A step may be delivered late or twice. The token of the claim fences it: a stale step neither
writes nor sends.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.tasks import task
from django.utils import timezone

from studio import crash_points, lifecycle, results
from studio.models import GenerationTask, Status
from studio.provider_accounts import provider_for
from studio.providers.base import ErrorCategory, Provider, ProviderError, Snapshot, State
from studio.requests import video_request

logger = logging.getLogger(__name__)
MAY_BE_SENT_LATER = {ErrorCategory.NOT_SENT, ErrorCategory.RATE_LIMITED, ErrorCategory.PROVIDER_BUSY}


@task()
def advance(pk: int, token: str) -> None:
    """Do the next step of one task, if the claim still holds."""
    claim = UUID(token)
    row = (
        GenerationTask.objects.select_related("version", "connection")
        .filter(pk=pk, lease_token=claim)
        .first()
    )
    if row is None or row.lease_until is None or row.lease_until < timezone.now():
        return
    try:
        with lifecycle.keep_lease(row, claim):
            STEPS[Status(row.status)](row, claim)
    except Exception as error:
        logger.exception("Task %s stumbled while %s", row.task_id, row.status)
        row.refresh_from_db()
        lifecycle.stumble(row, claim, f"{type(error).__name__}: {error}"[:2000])


def _submit(row: GenerationTask, token: UUID) -> None:
    crash_points.reach("c03")
    attempt = lifecycle.begin_attempt(row, token)
    if attempt is None:
        return
    crash_points.reach("c04")
    _send(row, token)


def _resume_submit(row: GenerationTask, token: UUID) -> None:
    """The row was left in submitting. Only a provider that knows our key may be asked again."""
    if provider_for(row.connection).capability.repeats_by_key:
        _send(row, token)
    else:
        lifecycle.lose_track(row, token)


def _send(row: GenerationTask, token: UUID) -> None:
    provider = provider_for(row.connection)
    attempt = row.attempts.latest("number")
    try:
        job_id = provider.submit(video_request(row, provider.capability), key=str(attempt.key))
    except ProviderError as error:
        if error.category in MAY_BE_SENT_LATER:
            wait = timedelta(seconds=error.retry_after or 10)
            lifecycle.give_back(row, attempt, token, retry_at=timezone.now() + wait)
        else:
            lifecycle.refuse(row, attempt, error, token)
        return
    crash_points.reach("c07")
    lifecycle.accept(row, attempt, job_id, token, look_again=timezone.now())
    crash_points.reach("c08")


def _look(row: GenerationTask, token: UUID) -> None:
    provider = provider_for(row.connection)
    if row.cancel_requested_at and _cancel(row, provider, token):
        return
    try:
        snapshot = provider.fetch(row.job_id)
    except ProviderError as error:
        if error.category == ErrorCategory.EXPIRED:
            lifecycle.end_as(row, Status.EXPIRED, token)
            return
        pause = timedelta(seconds=error.retry_after or _pause(row, provider))
        lifecycle.report(
            row, token, look_again=timezone.now() + pause, progress=row.progress, stage=row.stage
        )
        return
    crash_points.reach("c09")
    _settle(row, provider, snapshot, token)


def _settle(row: GenerationTask, provider: Provider, snapshot: Snapshot, token: UUID) -> None:
    if snapshot.state == State.SUCCEEDED:
        if lifecycle.made(row, token, video_url=snapshot.video_url):
            crash_points.reach("c10")
            _save(row, token)
    elif snapshot.state == State.FAILED:
        why = ProviderError(snapshot.category, snapshot.message, detail=snapshot.detail, fault=snapshot.fault)
        if lifecycle.refuse(row, None, why, token):
            provider.forget(row.job_id)
    elif snapshot.state in {State.CANCELED, State.EXPIRED}:
        if lifecycle.end_as(row, Status(snapshot.state), token):
            provider.forget(row.job_id)
    else:
        again = timezone.now() + timedelta(seconds=_pause(row, provider))
        lifecycle.report(row, token, look_again=again, progress=snapshot.progress, stage=snapshot.stage)


def _cancel(row: GenerationTask, provider: Provider, token: UUID) -> bool:
    """Ask the provider to stop. True if the task is over; otherwise it goes on and may still finish."""
    try:
        stopped = provider.cancel(row.job_id)
    except ProviderError:
        stopped = False
    crash_points.reach("c18")
    is_over = stopped and lifecycle.end_as(row, Status.CANCELED, token)
    if is_over:
        provider.forget(row.job_id)
    return is_over


def _save(row: GenerationTask, token: UUID) -> None:
    try:
        clip = results.bring_home(row)
    except results.NotYet as wait:
        again = timezone.now() + timedelta(seconds=wait.seconds)
        lifecycle.report(row, token, look_again=again, progress=None, stage=wait.sentence)
        return
    except results.Unusable as error:
        why = ProviderError(ErrorCategory.PROVIDER_ERROR, str(error))
        if lifecycle.refuse(row, None, why, token):
            provider_for(row.connection).forget(row.job_id)
        return
    crash_points.reach("c13")
    if lifecycle.succeed(row, clip, token):
        provider_for(row.connection).forget(row.job_id)


def _pause(row: GenerationTask, provider: Provider) -> float:
    """Seconds until the next look, by the provider's own rhythm."""
    age = (timezone.now() - row.started_at).total_seconds() if row.started_at else 0
    rhythm = provider.capability.poll_rhythm
    return next((pause for until, pause in rhythm if age < until), rhythm[-1][1])


STEPS = {
    Status.QUEUED: _submit,
    Status.SUBMITTING: _resume_submit,
    Status.RUNNING: _look,
    Status.SAVING: _save,
}
