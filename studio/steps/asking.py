"""One question to the provider about a job, with the right key."""

from __future__ import annotations

from studio.connections import provider_accounts
from studio.models import GenerationTask
from studio.providers.base import ErrorCategory, Provider, ProviderError, Snapshot


def fetch(task: GenerationTask, provider: Provider) -> Snapshot:
    """By the job's own key; once that is no longer accepted, by the one that replaced it (T-05)."""
    try:
        return provider.fetch(task.job_id)
    except ProviderError as error:
        own, current = provider_accounts.key_of(task), provider_accounts.current_key(task.connection)
        if error.category != ErrorCategory.AUTH or own is None or current is None or own.pk == current.pk:
            raise
        return provider_accounts.provider_for(task.connection, current).fetch(task.job_id)
