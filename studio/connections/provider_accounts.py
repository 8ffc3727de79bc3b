"""Which provider object speaks for a connection, with which key, and what each provider can do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from studio import changes
from studio.connections import vault
from studio.models import Connection, ConnectionKey, GenerationTask, PauseReason, Studio
from studio.money.charges import Disconnected
from studio.providers import registry
from studio.providers.base import Account, Capability, ErrorCategory, PaidProvider, Provider, ProviderError

PARALLEL_AT_FIRST = 3
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def provider_for(connection: Connection, key: ConnectionKey | None = None) -> Provider:
    """The provider behind a connection. `key` is the one its job was sent with, else the current one.

    Raises ProviderError if a paid connection has no key that can be opened.
    """
    if capability_for(connection).is_free:
        return registry.provider(connection.provider, jobs_dir=Path(settings.JOBS_DIR))
    return paid_provider_for(connection, key)


def paid_provider_for(connection: Connection, key: ConnectionKey | None = None) -> PaidProvider:
    key = key or current_key(connection)
    if key is None:
        raise ProviderError(
            ErrorCategory.AUTH, f"{connection.label} has no key in this studio.", detail="no current key"
        )
    try:
        secret = vault.unlock(key.secret)
    except vault.CannotOpen as error:
        raise ProviderError(
            ErrorCategory.AUTH, f"The studio can’t open its key for {connection.label}.", detail=str(error)
        ) from error
    account = Account(
        key=secret, base_url=base_url_of(connection), allow_private=settings.ALLOW_PRIVATE_ADDRESSES
    )
    return registry.paid_provider(connection.provider, account)


def key_of(task: GenerationTask) -> ConnectionKey | None:
    """The key that the task's job was sent with."""
    attempt = task.attempts.exclude(connection_key=None).select_related("connection_key").last()
    return attempt.connection_key if attempt else None


def current_key(connection: Connection) -> ConnectionKey | None:
    return connection.keys.filter(retired_at=None).first()


def base_url_of(connection: Connection) -> str:
    return connection.base_url or capability_for(connection).hosts[0].url


def capability_for(connection: Connection) -> Capability:
    return registry.capabilities()[connection.provider]


def free_draft() -> Connection:
    return Connection.objects.get(provider="local")


def capability_named(name: str) -> Capability | None:
    return registry.capabilities().get(name)


def is_simulated(connection: Connection) -> bool:
    """Whether the account lives on this machine: no real provider does."""
    host = urlsplit(connection.base_url).hostname or ""
    return host in LOOPBACK or host.startswith("127.")


def hold(accounts: Sequence[Connection]) -> None:
    """Keep accounts from being disconnected until this transaction ends. Raises money.Disconnected.

    Call it before the transaction takes anything else: who disconnects takes the account first, too.
    """
    rows = Connection.objects.select_for_update(no_key=True)
    for account in rows.filter(pk__in=[account.pk for account in accounts]).order_by("pk"):
        if account.removed_at is not None:
            raise Disconnected(f"{account.label} is not connected any more. Another service can make this.")


@transaction.atomic
def set_key(connection: Connection, secret: str) -> ConnectionKey:
    """Make this the current key. What waited for a key that works goes on; older jobs keep theirs (K-03)."""
    print_of_it = vault.fingerprint(secret)
    current = current_key(connection)
    if current is None or current.print != print_of_it:
        connection.keys.filter(retired_at=None).update(retired_at=timezone.now())
        current = connection.keys.create(
            secret=vault.lock(secret), hint=vault.hint(secret), print=print_of_it
        )
    resume(connection)
    return current


def resume(connection: Connection) -> None:
    """Send again after a key was refused. What an owner paused stays paused."""
    refused = Connection.objects.filter(pk=connection.pk, pause_reason=PauseReason.KEY)
    with transaction.atomic():
        if refused.update(paused_at=None, pause_reason=""):
            connection.tasks.active().update(next_at=timezone.now(), revision=changes.next_revision())
    connection.refresh_from_db()


def pause_for_key(connection: Connection) -> None:
    """The provider did not accept the key: nothing new is sent until an owner puts it right (T-05).

    Every card of the account says so.
    """
    running = Connection.objects.filter(pk=connection.pk, paused_at=None)
    with transaction.atomic():
        if running.update(paused_at=timezone.now(), pause_reason=PauseReason.KEY):
            connection.tasks.active().update(revision=changes.next_revision())


@transaction.atomic
def connect(provider: str, secret: str, *, base_url: str = "", **fields: object) -> Connection:
    """The provider's connection with this key; made if there is none."""
    capability = registry.capabilities()[provider]
    connection, _ = Connection.objects.in_use().get_or_create(
        provider=provider,
        removed_at=None,
        defaults={"label": capability.label, "parallel_limit": PARALLEL_AT_FIRST},
    )
    Connection.objects.filter(pk=connection.pk).update(base_url=base_url, **fields)
    connection.refresh_from_db()
    set_key(connection, secret)
    return connection


@transaction.atomic
def connect_from_environment() -> None:
    """Accounts named in the environment, at every start: it wins over what the page says."""
    Studio.objects.select_for_update().get(pk=1)  # several programs may start at once
    for provider, account in settings.PROVIDER_ACCOUNTS.items():
        if account:
            connect(provider, account.key, base_url=account.base_url, is_from_environment=True)
        else:
            Connection.objects.filter(provider=provider).update(is_from_environment=False)
