"""Which provider object speaks for a connection, and what each provider can do."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from studio.models import Connection
from studio.providers import registry
from studio.providers.base import Capability, Provider


def provider_for(connection: Connection) -> Provider:
    return registry.provider(connection.provider, jobs_dir=Path(settings.JOBS_DIR))


def capability_for(connection: Connection) -> Capability:
    return registry.capabilities()[connection.provider]


def free_draft() -> Connection:
    return Connection.objects.get(provider="local")


def capability_named(name: str) -> Capability | None:
    return registry.capabilities().get(name)


def connected() -> dict[str, Connection]:
    """The accounts that clips can be made with now, by provider."""
    return {connection.provider: connection for connection in Connection.objects.filter(paused_at=None)}
