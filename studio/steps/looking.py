"""Asking the provider how a job is, and what follows from its answer."""

from __future__ import annotations

import logging
from uuid import UUID

from studio import crash_points, lifecycle
from studio.connections import provider_accounts
from studio.models import Basis, GenerationTask, Status, Trouble
from studio.models.generation_task import SENT
from studio.providers.base import Capability, ErrorCategory, Provider, ProviderError, Snapshot, State
from studio.requests import fault_of
from studio.steps import saving, waiting
from studio.steps.asking import fetch

logger = logging.getLogger(__name__)
# A question that was not answered is an outage, whatever stood in its way.
TROUBLES = waiting.TROUBLES | {ErrorCategory.PROVIDER_BUSY: Trouble.OUTAGE}


def look(task: GenerationTask, token: UUID) -> None:
    """One question about a running job."""
    provider = provider_of(task)
    if task.cancel_requested_at and _cancel(task, provider, token):
        return
    if waiting.is_past_holding(task, provider.capability):
        lifecycle.end_as(task, Status.EXPIRED, token)
        return
    snapshot = ask(task, provider, token)
    if snapshot is None:
        return
    crash_points.reach("c09")
    _settle(task, provider, snapshot, token)


def watch_canceled(task: GenerationTask, token: UUID) -> None:
    """A cancelled job that its provider could not stop: what it makes after all is kept (T-14)."""
    provider = provider_of(task)
    if waiting.is_past_holding(task, provider.capability):
        lifecycle.stop_watching(task, token, cost_nothing=None, billed=None)
        return
    snapshot = ask(task, provider, token)
    if snapshot is None:
        return
    if snapshot.state == State.SUCCEEDED and snapshot.video_url:
        _made(task, snapshot, token)
    elif snapshot.state in {State.FAILED, State.CANCELED, State.EXPIRED}:
        free = _why_free(snapshot, provider.capability)
        lifecycle.stop_watching(task, token, cost_nothing=free, billed=snapshot.billed)
    elif snapshot.state == State.QUEUED and _stopped(task, provider):
        lifecycle.stop_watching(task, token, cost_nothing=Basis.TERMS, billed=None)
    else:
        lifecycle.report(task, token, look_again=waiting.next_look(task, provider.capability))


def provider_of(task: GenerationTask) -> Provider:
    """With the key the job was sent with (K-03)."""
    return provider_accounts.provider_for(task.connection, provider_accounts.key_of(task))


def ask(task: GenerationTask, provider: Provider, token: UUID) -> Snapshot | None:
    """The provider's answer; None if there was none to go by, and the task waits."""
    try:
        snapshot = fetch(task, provider)
    except ProviderError as error:
        waiting.note_for_account(task.connection, error)
        trouble = TROUBLES.get(error.category, Trouble.ODD)
        logger.info("Task %s: no answer about its job (%s): %s", task.task_id, error.category, error.detail)
        waiting.wait(task, token, trouble, error)
        return None
    waiting.answered(task.connection)
    if not snapshot.is_understood:
        logger.warning("Task %s: an unknown state: %s", task.task_id, snapshot.detail)
        waiting.wait(task, token, Trouble.ODD)
        return None
    return snapshot


def _settle(task: GenerationTask, provider: Provider, snapshot: Snapshot, token: UUID) -> None:
    capability = provider.capability
    if snapshot.state == State.SUCCEEDED and not snapshot.video_url:
        waiting.wait(task, token, Trouble.RESULT)
    elif snapshot.state == State.SUCCEEDED:
        _made(task, snapshot, token)
    elif snapshot.state == State.FAILED:
        fault = fault_of(task, provider, snapshot.fault)
        why = ProviderError(snapshot.category, snapshot.message, detail=snapshot.detail, fault=fault)
        free = _why_free(snapshot, capability)
        if lifecycle.refuse(task, None, why, token, cost_nothing=free, billed=snapshot.billed):
            provider.forget(task.job_id)
    elif snapshot.state in {State.CANCELED, State.EXPIRED}:
        free, ends_as = _why_free(snapshot, capability), Status(snapshot.state)
        if lifecycle.end_as(task, ends_as, token, cost_nothing=free, billed=snapshot.billed):
            provider.forget(task.job_id)
    else:
        again = waiting.next_look(task, capability)
        stage = snapshot.stage or (SENT if snapshot.state == State.QUEUED else "")
        lifecycle.report(task, token, look_again=again, progress=snapshot.progress, stage=stage)


def _made(task: GenerationTask, snapshot: Snapshot, token: UUID) -> None:
    if lifecycle.made(task, token, video_url=snapshot.video_url, billed=snapshot.billed):
        crash_points.reach("c10")
        saving.save(task, token)


def _why_free(snapshot: Snapshot, capability: Capability) -> Basis | None:
    """Why a job that came to nothing cost nothing; None if nobody says so."""
    is_free = capability.is_free or capability.failed_jobs_are_free
    return Basis.TERMS if is_free and snapshot.state != State.EXPIRED else None


def _cancel(task: GenerationTask, provider: Provider, token: UUID) -> bool:
    """Ask the provider to stop. False if the job is finished already and only wants fetching."""
    stopped = _stopped(task, provider)
    crash_points.reach("c18")
    if stopped:
        is_over = lifecycle.end_as(task, Status.CANCELED, token, cost_nothing=Basis.TERMS)
        if is_over:
            provider.forget(task.job_id)
        return is_over
    if provider.capability.is_free:
        return False
    again = waiting.next_look(task, provider.capability)
    return lifecycle.end_as(task, Status.CANCELED, token, watch_at=again)


def _stopped(task: GenerationTask, provider: Provider) -> bool:
    """Whether the provider says that it will not be made."""
    try:
        return provider.cancel(task.job_id)
    except ProviderError as error:
        logger.info("Task %s: could not be called off: %s", task.task_id, error.detail)
        return False
