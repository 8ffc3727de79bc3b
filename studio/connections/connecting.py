"""What an owner does with a provider account: connect, replace the key, try it, pause, limit, disconnect."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from studio import audit, changes, lifecycle
from studio.connections import provider_accounts
from studio.models import Basis, Connection, ConnectionKey, PauseReason, Status, User
from studio.providers.base import ErrorCategory, KeyCheck, ProviderError
from studio.steps import waiting

NOT_ANSWERING = {
    ErrorCategory.NOT_SENT,
    ErrorCategory.UNCERTAIN,
    ErrorCategory.PROVIDER_BUSY,
    ErrorCategory.RATE_LIMITED,
}
NOT_UNDERSTOOD = (
    "{label} answered in a way that does not tell whether the key works. A first short clip will show."
)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What an account costs and may spend, in dollars. None: not entered, or no limit."""

    parallel_limit: int
    daily_cap: Decimal | None
    price_720p: Decimal | None = None
    price_1080p: Decimal | None = None
    credits_price: Decimal | None = None

    def is_looser_than(self, other: Terms) -> bool:
        """Whether more could be spent than under the other ones: a limit raised or lifted, a price lowered."""
        prices = [
            (self.price_720p, other.price_720p),
            (self.price_1080p, other.price_1080p),
            (self.credits_price, other.credits_price),
        ]
        is_cheaper = any(old is not None and (new is None or new < old) for new, old in prices)
        return is_cheaper or is_raised(other.daily_cap, self.daily_cap)


def is_raised(old: Decimal | None, new: Decimal | None) -> bool:
    """Whether a limit went up or away."""
    return old is not None and (new is None or new > old)


def terms_of(connection: Connection) -> Terms:
    return Terms(**{name: getattr(connection, name) for name in Terms.__dataclass_fields__})


@transaction.atomic
def connect(provider: str, secret: str, *, base_url: str, actor: User) -> Connection:
    """Use this key from now on. Prices and limits of an earlier connection to the provider come back."""
    before = Connection.objects.filter(provider=provider).order_by("-pk").first()
    kept = asdict(terms_of(before)) if before else {}
    connection = provider_accounts.connect(
        provider, secret, base_url=base_url, is_from_environment=False, **kept
    )
    audit.note(actor, "connected a provider", provider=provider, key=_hint(connection))
    return connection


@transaction.atomic
def replace_key(connection: Connection, secret: str, *, base_url: str, actor: User) -> None:
    """The new key is used from now on; jobs under way keep the old one (K-03). It has not been tried yet."""
    Connection.objects.filter(pk=connection.pk).update(
        base_url=base_url,
        tested_at=None,
        test_seconds=None,
        test_problem="",
        balance=None,
        balance_at=None,
        trouble_since=None,
    )
    provider_accounts.set_key(connection, secret)
    audit.note(actor, "replaced a key", provider=connection.provider, key=_hint(connection))


def present_address(connection: Connection) -> str:
    return provider_accounts.base_url_of(connection)


def may_move(connection: Connection) -> bool:
    """Whether the account's address may change: no job is out at the present one."""
    out = connection.tasks.filter(next_at__isnull=False).exclude(status=Status.QUEUED)
    return not (out.exists() or connection.tasks.filter(status=Status.UNCERTAIN).exists())


def try_key(connection: Connection) -> str:
    """Ask the provider, at no cost, whether it takes the key, and keep its answer on the connection.

    A key that works again sends what waited for it; one that is refused pauses the account. Returns the provider's
    remark, if it has one.
    """
    key = provider_accounts.current_key(connection)
    began = time.monotonic()
    try:
        check = provider_accounts.paid_provider_for(connection, key).check_key()
    except ProviderError as error:
        _keep_problem(connection, key, error, time.monotonic() - began)
        return ""
    if _keep_answer(connection, key, check, time.monotonic() - began):
        waiting.answered(connection)
        provider_accounts.resume(connection)
    return check.note


def _keep_answer(connection: Connection, key: ConnectionKey | None, check: KeyCheck, seconds: float) -> bool:
    """False if the key was replaced meanwhile: the answer is about another one."""
    now = timezone.now()
    balance = {} if check.balance is None else {"balance": check.balance, "balance_at": now}
    asked = Connection.objects.filter(pk=connection.pk, keys=key, keys__retired_at=None)
    return bool(asked.update(tested_at=now, test_seconds=seconds, test_problem="", **balance))


def _keep_problem(
    connection: Connection, key: ConnectionKey | None, error: ProviderError, seconds: float
) -> None:
    problem = error.message
    if error.category != ErrorCategory.AUTH and error.category not in NOT_ANSWERING:
        problem = NOT_UNDERSTOOD.format(label=connection.label)
    asked = Connection.objects.filter(pk=connection.pk, keys=key, keys__retired_at=None)
    if asked.update(tested_at=timezone.now(), test_seconds=seconds, test_problem=problem[:300]):
        waiting.note_for_account(connection, error)


def set_terms(connection: Connection, terms: Terms, actor: User) -> None:
    Connection.objects.filter(pk=connection.pk).update(**asdict(terms))
    audit.note(actor, "set prices and limits", provider=connection.provider, **asdict(terms))


@transaction.atomic
def pause(connection: Connection, actor: User) -> None:
    """Send nothing new. What is being made goes on; what waits to be sent waits, and its cards say so."""
    sending = Connection.objects.sending().filter(pk=connection.pk)
    if sending.update(paused_at=timezone.now(), pause_reason=PauseReason.OWNER):
        _redraw_cards(connection)
        audit.note(actor, "paused a connection", provider=connection.provider)


@transaction.atomic
def go_on(connection: Connection, actor: User) -> None:
    """Send again, also what waited."""
    paused = Connection.objects.filter(pk=connection.pk, pause_reason=PauseReason.OWNER)
    if paused.update(paused_at=None, pause_reason=""):
        _redraw_cards(connection)
        audit.note(actor, "let a connection go on", provider=connection.provider)


@transaction.atomic
def disconnect(connection: Connection, actor: User) -> int:
    """Use the account no more. Jobs under way keep their key and come home; the row stays for their history.

    Takes that were never sent are cancelled, at no cost. Returns how many.
    """
    now = timezone.now()
    left = Connection.objects.filter(pk=connection.pk, removed_at=None)
    if not left.update(removed_at=now, paused_at=now, pause_reason=PauseReason.OWNER):
        return 0
    unsent = connection.tasks.filter(status=Status.QUEUED)
    cancelled = [
        lifecycle.end_as(task, Status.CANCELED, None, actor=actor, cost_nothing=Basis.NOT_SENT)
        for task in unsent
    ]
    audit.note(actor, "disconnected a provider", provider=connection.provider)
    return sum(cancelled)


def _redraw_cards(connection: Connection) -> None:
    """What the cards of the account's takes say has changed: every page shows it at its next poll."""
    connection.tasks.active().update(revision=changes.next_revision())


def _hint(connection: Connection) -> str:
    key = provider_accounts.current_key(connection)
    return key.hint if key else ""
