"""The ways a brief can be made: which accounts there are, which of them it asks for, what keeps one from being used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.briefs.values import FREE, also_of, capability_of
from studio.connections.provider_accounts import is_simulated
from studio.models import Brief, Connection, PauseReason
from studio.providers import registry
from studio.providers.base import Capability


@dataclass(frozen=True, kw_only=True)
class Way:
    """One provider, and the account it would be made with if there is one."""

    capability: Capability
    account: Connection | None

    @property
    def name(self) -> str:
        return self.capability.name

    @property
    def label(self) -> str:
        return self.capability.label

    @property
    def reason(self) -> str:
        """Why it cannot be used now, beside its name; empty if it can."""
        if self.account is None:
            return "Not connected yet."
        if self.account.paused_at is None:
            return ""
        return PAUSED[self.account.pause_reason]

    @property
    def sentence(self) -> str:
        """The same as a whole sentence, with who can put it right."""
        if self.account is None:
            return f"{self.label} is not connected yet."
        if self.account.paused_at is None:
            return ""
        return f"{self.label} {SENTENCES[self.account.pause_reason]}"

    @property
    def is_simulated(self) -> bool:
        return self.account is not None and is_simulated(self.account)


PAUSED: dict[str, str] = {
    PauseReason.OWNER: "Paused by an owner.",
    PauseReason.KEY: "The studio’s key is not accepted.",
}
SENTENCES: dict[str, str] = {
    PauseReason.OWNER: "is paused. An owner can resume it on Connections.",
    PauseReason.KEY: "didn’t accept the studio’s key. An owner can put it right on Connections.",
}


def every_way() -> dict[str, Way]:
    """All providers in the order of the cards, with their accounts: one query."""
    accounts = {account.provider: account for account in Connection.objects.in_use()}
    return {
        name: Way(capability=capability, account=accounts.get(name))
        for name, capability in registry.capabilities().items()
    }


def chosen_ways(brief: Brief, ways: Mapping[str, Way]) -> list[Way]:
    """The provider the brief is for, and those that are to make it too: connected ones that cost money."""
    first = ways[capability_of(brief).name]
    if first.name == FREE:
        return [first]
    return [first, *(ways[name] for name in also_of(brief) if name in others_of(first, ways))]


def others_of(first: Way, ways: Mapping[str, Way]) -> dict[str, Way]:
    """Who else could make the same version: the other accounts that cost money."""
    if first.name == FREE:
        return {}
    return {
        name: way
        for name, way in ways.items()
        if way.account is not None and not way.capability.is_free and name != first.name
    }


def tightest(ways: Sequence[Way], has_clip: bool) -> Capability:
    """The one that makes the shortest clips, which is as long as all of them can go."""
    return min(
        (way.capability for way in ways),
        key=lambda each: each.max_duration_with_video if has_clip else each.max_duration,
    )
