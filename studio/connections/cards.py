"""What the Connections page shows of each provider that costs money: how it is doing, what it made and cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q

from studio import money
from studio.connections import provider_accounts
from studio.models import Attempt, Charge, Connection, ConnectionKey, GenerationTask, PauseReason, Status
from studio.providers import registry
from studio.providers.base import Capability
from studio.templatetags.ui import at_time

Look = Literal["draft", "queued", "succeeded", "retrying", "failed"]


@dataclass(frozen=True, kw_only=True)
class State:
    """A word, its icon, and which of the status colours it wears."""

    word: str
    icon: str
    look: Look


NOT_CONNECTED = State(word="Not connected", icon="circle-dashed", look="draft")


@dataclass(frozen=True, kw_only=True)
class Card:
    """`clips` and `spent` (dollars) are this month's. `waiting` takes are not sent yet, `out` may be under way."""

    capability: Capability
    connection: Connection | None = None
    hint: str = ""
    state: State = NOT_CONNECTED
    clips: int = 0
    spent: Decimal = Decimal(0)
    waiting: int = 0
    out: int = 0

    @property
    def is_refused(self) -> bool:
        return self.connection is not None and self.connection.pause_reason == PauseReason.KEY

    @property
    def is_paused(self) -> bool:
        return self.connection is not None and self.connection.pause_reason == PauseReason.OWNER

    @property
    def is_simulated(self) -> bool:
        return self.connection is not None and provider_accounts.is_simulated(self.connection)

    @property
    def host(self) -> str:
        """Where the account lives, as people know it: "Singapore", or the address itself."""
        if self.connection is None:
            return ""
        url = provider_accounts.base_url_of(self.connection)
        return next((host.label for host in self.capability.hosts if host.url == url), url)

    @property
    def shows_host(self) -> bool:
        """Worth saying only where there is a choice, or where it is not the provider's own."""
        return len(self.capability.hosts) > 1 or self.host not in {
            host.label for host in self.capability.hosts
        }

    @property
    def variable(self) -> str:
        """The environment's name for its key."""
        return f"{self.capability.name.upper()}_API_KEY"

    @property
    def has_prices(self) -> bool:
        account = self.connection
        if account is None:
            return False
        if self.capability.price.unit == "credits":
            return account.credits_price is not None
        return None not in (account.price_720p, account.price_1080p)

    @property
    def credits_per_second(self) -> str:
        """The provider's own rate: "17", or "17 and 25" where it differs by size."""
        rates = dict.fromkeys(rate for rate in self.capability.price.per_second.values() if rate is not None)
        return " and ".join(f"{rate.normalize():f}" for rate in rates)


def paid() -> dict[str, Capability]:
    """The providers that cost money, in the order of the cards."""
    return {name: each for name, each in registry.capabilities().items() if not each.is_free}


def cards(now: datetime) -> list[Card]:
    """One for each provider that costs money, connected or not. Six queries, however many there are."""
    accounts = {each.provider: each for each in Connection.objects.in_use()}
    keys = _keys()
    clips, spent, under_way = _clips_since(money.start_of_month(now)), _spent_this_month(now), _under_way()
    found = []
    for name, capability in paid().items():
        shown = Card(capability=capability, clips=clips.get(name, 0), spent=spent.get(name, Decimal(0)))
        if account := accounts.get(name):
            key, is_proven = keys.get(account.pk, (None, False))
            waiting, out = under_way.get(account.pk, (0, 0))
            shown = replace(
                shown,
                connection=account,
                hint=key.hint if key else "",
                state=state_of(account, is_proven=is_proven),
                waiting=waiting,
                out=out,
            )
        found.append(shown)
    return found


def card(name: str, now: datetime) -> Card:
    """The card of one provider. Raises KeyError for a name that no paid provider has."""
    return {each.capability.name: each for each in cards(now)}[name]


def state_of(account: Connection, *, is_proven: bool = False) -> State:
    """`is_proven`: a job was accepted with the present key, so it works without having been tested."""
    if account.pause_reason == PauseReason.OWNER:
        return State(word="Paused", icon="pause", look="queued")
    if account.pause_reason == PauseReason.KEY:
        return State(word="Key not accepted", icon="triangle-alert", look="failed")
    if account.trouble_since:
        since = at_time(account.trouble_since)
        return State(word=f"Not answering since {since}", icon="clock", look="retrying")
    if account.test_problem:
        return State(word="Not clear", icon="circle-question-mark", look="retrying")
    if account.tested_at or is_proven:
        return State(word="Working", icon="circle-check", look="succeeded")
    return State(word="Not tried yet", icon="circle-dashed", look="draft")


def may_name_a_host(capability: Capability) -> bool:
    """Whether an address of one's own may be typed: some accounts have one, and simulators live on this machine."""
    return len(capability.hosts) > 1 or settings.ALLOW_PRIVATE_ADDRESSES


def _keys() -> dict[int, tuple[ConnectionKey, bool]]:
    """The present key of each account, and whether a job was accepted with it."""
    used = Attempt.objects.filter(connection_key=OuterRef("pk"), accepted_at__isnull=False)
    current = ConnectionKey.objects.filter(retired_at=None, connection__removed_at=None)
    return {key.connection_id: (key, key.is_used) for key in current.annotate(is_used=Exists(used))}


def _clips_since(start: datetime) -> dict[str, int]:
    made = GenerationTask.objects.filter(
        making_seconds__isnull=False, finished_at__gte=start, status=Status.SUCCEEDED, provider__in=paid()
    )
    return dict(made.order_by().values_list("provider").annotate(clips=Count("pk")))


def _spent_this_month(now: datetime) -> dict[str, Decimal]:
    month = Charge.objects.counted().since(money.start_of_month(now))
    return month.totals_by("connection__provider")


def _under_way() -> dict[int, tuple[int, int]]:
    """(waiting to be sent, sent and not over) for each account with any."""
    open_tasks = GenerationTask.objects.filter(next_at__isnull=False)
    queued = Q(status=Status.QUEUED)
    rows = (
        open_tasks.order_by()
        .values_list("connection")
        .annotate(waiting=Count("pk", filter=queued), out=Count("pk", filter=~queued))
    )
    return {account: (waiting, out) for account, waiting, out in rows}
