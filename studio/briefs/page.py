"""What the create page shows of a brief: everything comes from the capability records, nothing knows a name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from studio import estimates, mentions, pricing
from studio.briefs import blame, changing, starting
from studio.briefs.sending import shape_of
from studio.briefs.tray import PLACES_AT_MOST, Place, Tray, tray_of
from studio.briefs.values import FREE, capability_of, free_capability, values_of, whole_number
from studio.models import Brief, Connection, User
from studio.provider_accounts import connected
from studio.providers import registry
from studio.providers.base import Capability

LOCKABLE = {
    "first_frame": "accepts_first_frame",
    "voice": "accepts_voice",
    "prompt_extend": "accepts_prompt_extend",
    "watermark": "accepts_watermark",
    "shot_type": "accepts_shot_type",
    "seed": "accepts_seed",
}


@dataclass(frozen=True, kw_only=True)
class Card:
    """One way to make the clip. `reason` says why it cannot be chosen now."""

    capability: Capability
    is_chosen: bool
    rate: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Lock:
    """A setting the chosen provider lacks: the reason, and a provider one could switch to for it."""

    reason: str
    instead: Capability | None = None


@dataclass(frozen=True, kw_only=True)
class Length:
    """The slider: seconds from `least` to `most`, hatched up to `beyond`; `problem` when the value is outside."""

    value: int
    least: int
    most: int
    beyond: int
    clip: str
    problem: bool
    reason: str

    @property
    def grow(self) -> int:
        return (self.beyond if self.problem else self.most) - self.least

    @property
    def rest(self) -> int:
        return 0 if self.problem else self.beyond - self.most

    @property
    def ends_at(self) -> int:
        return self.beyond if self.problem else self.most

    @property
    def marks(self) -> list[tuple[int, int]]:
        """(second, seconds to the next mark) for the scale under the slider, without its end."""
        if self.most == self.beyond:
            return [(self.least, self.most - self.least)]
        return [(self.least, self.most - self.least), (self.most, self.beyond - self.most)]

    @property
    def spoken(self) -> str:
        words = f"{self.value} second{'' if self.value == 1 else 's'}"
        return f"{words}, up to {self.most} while {self.clip} is used" if self.clip and self.rest else words


@dataclass(frozen=True, kw_only=True)
class Page:
    """Everything the templates of the create page read."""

    brief: Brief
    tray: Tray
    values: dict[str, Any]
    capability: Capability
    free: Capability
    cards: list[Card]
    locks: dict[str, Lock]
    length: Length
    shape: str
    price: pricing.PriceLine
    ticket: str
    undo: str
    waits_for: str
    takes: int
    can_generate: bool
    has_paid: bool = False
    places_left: int = PLACES_AT_MOST
    other: str = ""
    prompt: str = ""
    unknown: list[Unknown] = field(default_factory=list)
    blamed: blame.Blame | None = None

    qualities: tuple[tuple[str, str], ...] = (("720p", "720P"), ("1080p", "1080P"))

    @property
    def why_not_paid(self) -> str:
        """The reason beside the paid button while it cannot be pressed."""
        if self.has_paid:
            return f"{self.capability.label} costs nothing. Choose a service above to generate."
        return "No service is connected yet. A free draft works right away."

    @property
    def shape_locked(self) -> bool:
        """The model follows a first frame and ignores the shape asked for."""
        return self.tray.first_frame is not None and "first_frame" not in self.locks

    @property
    def seed_limit(self) -> str:
        return f"{self.capability.max_seed:,}".replace(",", " ")

    @property
    def unmentioned(self) -> set[str]:
        return set(mentions.unmentioned(self.brief.prompt, self.tray.numbered))

    @property
    def mention_names(self) -> str:
        *first, last = [place.label for place in self.tray.places if place.label] or ["nothing yet"]
        return f"{', '.join(first)} and {last}" if first else last

    @property
    def voiced(self) -> list[Place]:
        return [place for place in self.tray.places if place.voice]

    @property
    def voiceless(self) -> Place | None:
        """Where the empty voice well points: the first reference, as long as nobody speaks."""
        ready = self.tray.usable
        return ready[0] if ready and not self.voiced else None

    @property
    def not_used(self) -> list[str]:
        """What the person entered that the chosen provider leaves out, as words for one sentence (C5)."""
        left_out = []
        if self.tray.first_frame and "first_frame" in self.locks:
            left_out.append("a first frame")
        if self.voiced and "voice" in self.locks:
            left_out.append("a voice")
        return left_out


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """A name in the prompt that points at nothing, and the name it could be changed to."""

    name: str
    instead: str

    @property
    def is_lost(self) -> bool:
        return self.name.endswith("?")


def page_of(brief: Brief, user: User, *, is_new: bool = False) -> Page:
    """A constant number of queries, whatever lies in the tray."""
    capability = capability_of(brief)
    tray = tray_of(brief, user, capability)
    values = values_of(brief)
    accounts = connected()
    paid = [name for name in accounts if name != FREE]
    prompt = mentions.to_display(brief.prompt, tray.numbered, gone=tray.gone)
    length = _length(capability, tray, whole_number(values["duration"], 5))
    takes = min(max(whole_number(values["takes"], 1), 1), 4)
    return Page(
        brief=brief,
        tray=tray,
        values=values,
        capability=capability,
        free=free_capability(),
        cards=_cards(capability, accounts, str(values["resolution"])),
        locks=_locks(capability, accounts),
        length=length,
        shape=_shape(tray, capability, str(values["ratio"])),
        price=price_of(capability, values),
        ticket=starting.ticket(brief) if is_new else "",
        undo=changing.undo_words(brief, timezone.now()),
        waits_for=next((place.title for place in tray.broken), ""),
        takes=takes,
        has_paid=bool(paid),
        can_generate=bool(paid) and capability.name in paid,
        places_left=max(0, PLACES_AT_MOST - len(tray.usable)),
        other=mentions.to_display(str(brief.settings.get("other", "")), tray.numbered, gone=tray.gone),
        prompt=prompt,
        unknown=_unknown(prompt, tray),
        blamed=blame.standing(brief),
    )


def price_of(capability: Capability, values: dict[str, Any]) -> pricing.PriceLine:
    """The price line for settings as they were typed; out of range counts as the nearest in range."""
    resolution = values["resolution"] if values["resolution"] in capability.resolutions else "720p"
    duration = min(max(whole_number(values["duration"], 5), capability.min_duration), capability.max_duration)
    takes = min(max(whole_number(values["takes"], 1), 1), 4)
    seconds = (
        estimates.expected_seconds(capability, resolution=resolution, duration=duration)
        if capability.is_free
        else 0
    )
    return pricing.price_line(
        capability, resolution=resolution, duration=duration, takes=takes, seconds=seconds
    )


def _cards(chosen: Capability, accounts: dict[str, Connection], resolution: str) -> list[Card]:
    return [
        Card(
            capability=capability,
            is_chosen=capability.name == chosen.name,
            rate=pricing.rate_words(capability, resolution),
            reason="" if capability.name in accounts else "Not connected yet.",
        )
        for capability in registry.capabilities().values()
    ]


def _locks(capability: Capability, accounts: dict[str, Connection]) -> dict[str, Lock]:
    """Every setting the provider lacks, with its reason. What is not in here is open."""
    others = [other for name, other in registry.capabilities().items() if name in accounts]
    return {
        name: Lock(
            reason=capability.reasons.get(name) or f"Not used by {capability.label}.",
            instead=next((other for other in others if getattr(other, flag)), None),
        )
        for name, flag in LOCKABLE.items()
        if not getattr(capability, flag)
    }


def _length(capability: Capability, tray: Tray, value: int) -> Length:
    clip = tray.first_clip.label if tray.first_clip else ""
    most = capability.max_duration_with_video if clip else capability.max_duration
    is_out = not capability.min_duration <= value <= most
    limited = bool(clip) and most < capability.max_duration
    return Length(
        value=value,
        least=capability.min_duration,
        most=most,
        beyond=max(capability.max_duration, value if is_out and value <= 15 else 0),
        clip=clip,
        problem=is_out,
        reason=f"Up to {most} s while {clip} is used."
        if limited
        else f"{capability.label} makes {capability.min_duration} to {most} seconds."
        if is_out
        else capability.notes.get("duration", ""),
    )


def _shape(tray: Tray, capability: Capability, chosen: str) -> str:
    return shape_of(tray.first_frame) if tray.first_frame and capability.accepts_first_frame else chosen


def _unknown(prompt: str, tray: Tray) -> list[Unknown]:
    """Names that point at nothing, each with the last name of its kind that does."""
    names = list(mentions.labels(tray.numbered).values())
    stored = mentions.to_stored(prompt, tray.numbered)
    return [
        Unknown(name=name, instead=next((known for known in reversed(names) if known[:5] == name[:5]), ""))
        for name in mentions.unknown_names(stored)
    ]
