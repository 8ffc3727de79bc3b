"""Bringing the clip home: only what is stored here, whole, is ready."""

from __future__ import annotations

import logging
from uuid import UUID

from django.utils import timezone

from studio import crash_points, lifecycle, loose_clips
from studio.connections import provider_accounts
from studio.models import GenerationTask, Trouble
from studio.providers.base import ErrorCategory, ProviderError, State
from studio.steps import results, waiting
from studio.steps.asking import fetch
from studio.storage import store

logger = logging.getLogger(__name__)
TRIES_AT_AN_ADDRESS = 2


def save(task: GenerationTask, token: UUID) -> None:
    """Fetch, check and store our own copy."""
    _save(task, token)
    loose_clips.settle(store.clip_path(task.task_id))


def _save(task: GenerationTask, token: UUID) -> None:
    try:
        clip = results.bring_home(task, token)
    except results.NotYet as problem:
        _again(task, token, problem)
        return
    except results.Unusable as error:
        why = ProviderError(ErrorCategory.PROVIDER_ERROR, str(error), detail=error.detail)
        if lifecycle.refuse(task, None, why, token):
            provider_accounts.provider_for(task.connection, provider_accounts.key_of(task)).forget(
                task.job_id
            )
        return
    crash_points.reach("c13")
    if lifecycle.succeed(task, clip, token):
        provider_accounts.provider_for(task.connection, provider_accounts.key_of(task)).forget(task.job_id)


def _again(task: GenerationTask, token: UUID, problem: results.NotYet) -> None:
    """Try later while the provider still holds it; a stale address is asked for anew first (T-08), and so is one where
    nobody answered several times.
    """
    capability = provider_accounts.capability_for(task.connection)
    if not capability.is_free and waiting.is_past_holding(task, capability):
        message = f"Made, but it couldn’t be copied here, and {capability.label} no longer holds it."
        why = ProviderError(ErrorCategory.EXPIRED, message, detail=problem.detail)
        lifecycle.refuse(task, None, why, token)
        return
    if problem.is_stale or (problem.is_away and task.tries >= TRIES_AT_AN_ADDRESS):
        _renew_address(task)
    trouble = Trouble.RESULT if problem.is_stale or problem.is_away else Trouble.STORING
    waits = waiting.waits_for(task, trouble)
    waiting.warn_if_long(task, waits, str(problem))
    pause = waiting.pause_after(waits) if problem.seconds is None else problem.pause
    again = timezone.now() + pause
    lifecycle.report(task, token, look_again=again, stage=problem.sentence[:60], waits=waits)


def _renew_address(task: GenerationTask) -> None:
    """Where the clip lies now, as the provider says."""
    try:
        provider = provider_accounts.provider_for(task.connection, provider_accounts.key_of(task))
        snapshot = fetch(task, provider)
    except ProviderError as error:
        logger.info("Task %s: its result's address could not be renewed: %s", task.task_id, error.detail)
        return
    if snapshot.state == State.SUCCEEDED and snapshot.video_url:
        GenerationTask.objects.filter(pk=task.pk).update(result_url=snapshot.video_url)
