"""Workers that hold a take, or die in the middle of sending it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from studio import lifecycle
from studio.connections import provider_accounts
from studio.models import GenerationTask
from studio.requests import video_request


def begin_and_die(task: GenerationTask, *, after_the_bytes: bool):
    """As a worker does, up to the moment before it would write down the answer."""
    token = claim(task)
    attempt = lifecycle.begin_attempt(
        task, token, connection_key=provider_accounts.current_key(task.connection)
    )
    assert attempt is not None
    provider = provider_accounts.provider_for(task.connection, attempt.connection_key)
    if after_the_bytes:
        provider.submit(video_request(task, attempt, provider), key=str(attempt.key))
    GenerationTask.objects.filter(pk=task.pk).update(lease_until=None, lease_token=None)
    return attempt


def claim(task: GenerationTask, *, lease: timedelta = lifecycle.leases.LEASE):
    token = uuid4()
    GenerationTask.objects.filter(pk=task.pk).update(lease_token=token, lease_until=timezone.now() + lease)
    return token
