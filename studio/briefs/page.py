"""What the create page shows of a brief: everything comes from the capability records, nothing knows a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone

from studio import mentions
from studio.briefs import blame, starting, undoing
from studio.briefs.costs import Cost, cost_of, takes_at_most, takes_of
from studio.briefs.lacks import everything_left_out, files_left_out
from studio.briefs.sending import shape_of
from studio.briefs.tray import PLACES_AT_MOST, Place, Tray, tray_of
from studio.briefs.values import FREE, capability_of, free_capability, values_of, whole_number
from studio.briefs.ways import Way, chosen_ways, every_way, others_of, tightest
from studio.models import Brief, User
from studio.money import pricing
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
    """One way to make the clip, or one more. `without` is what would not be sent there."""

    way: Way
    is_chosen: bool
    rate: str
    without: tuple[str, ...] = ()


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
    others: list[Card]
    locks: dict[str, Lock]
    length: Length
    shape: str
    cost: Cost
    ways: list[Way]
    ticket: str
    undo: undoing.Offer | None
    waits_for: str
    takes: int
    has_paid: bool = False
    places_left: int = PLACES_AT_MOST
    other: str = ""
    other_is_replaced: bool = False
    prompt: str = ""
    unknown: list[Unknown] = field(default_factory=list)
    blamed: blame.Blame | None = None

    qualities: tuple[tuple[str, str], ...] = (("720p", "720P"), ("1080p", "1080P"))

    @property
    def price(self) -> pricing.PriceLine:
        return self.cost.line

    @property
    def can_generate(self) -> bool:
        return not self.cost.hold

    @property
    def why_not_paid(self) -> str:
        """The reason beside the paid button while it cannot be pressed."""
        if not self.has_paid:
            return "No service is connected yet. A free draft works right away."
        if self.capability.is_free:
            return f"{self.cost.hold} Choose a service above to generate."
        return self.cost.hold

    @property
    def takes_at_most(self) -> int:
        return takes_at_most(len(self.ways))

    @property
    def all_takes(self) -> int:
        """How many clips a press of the paid button makes."""
        return self.takes * len(self.ways)

    @property
    def is_simulated(self) -> bool:
        return any(way.is_simulated for way in self.ways)

    @property
    def experimental_voice(self) -> str:
        """What to know before a voice is sent with somebody who takes it as an experiment."""
        speaks = any(place.voice for place in self.tray.usable)
        taking = [way.capability for way in self.ways if way.capability.accepts_voice]
        notes = [each.notes.get("voice", "") for each in taking if not each.is_free]
        return next((note for note in notes if note and speaks), "")

    @property
    def shape_locked(self) -> bool:
        """The model follows a first frame and ignores the shape asked for."""
        return self.tray.first_frame is not None and self.capability.accepts_first_frame

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
        """Files that the chosen provider leaves out, as words for one sentence (C5)."""
        return files_left_out(self.capability, self.tray)


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
    ways = every_way()
    chosen = chosen_ways(brief, ways)
    prompt = mentions.to_display(brief.prompt, tray.numbered, gone=tray.gone)
    limit = tightest(chosen, has_clip=tray.first_clip is not None)
    return Page(
        brief=brief,
        tray=tray,
        values=values,
        capability=capability,
        free=free_capability(),
        cards=_cards(chosen[:1], ways.values(), values),
        others=_others(chosen, ways, tray, values),
        locks=_locks(chosen, ways.values()),
        length=_length(limit, tray, whole_number(values["duration"], 5)),
        shape=_shape(tray, capability, str(values["ratio"])),
        cost=cost_of(chosen, brief.project, tray, values, timezone.now()),
        ways=chosen,
        ticket=starting.ticket(brief) if is_new else "",
        undo=undoing.offered(brief, timezone.now()),
        waits_for=next((place.title for place in tray.broken), ""),
        takes=takes_of(values, len(chosen)),
        has_paid=any(way.account and name != FREE for name, way in ways.items()),
        places_left=max(0, PLACES_AT_MOST - len(tray.usable)),
        other_is_replaced=brief.settings.get("other_is") == "replaced",
        other=mentions.to_display(str(brief.settings.get("other", "")), tray.numbered, gone=tray.gone),
        prompt=prompt,
        unknown=_unknown(prompt, tray),
        blamed=blame.standing(brief),
    )


def _cards(chosen: Sequence[Way], ways: Iterable[Way], values: dict[str, Any]) -> list[Card]:
    return [
        Card(
            way=way,
            is_chosen=way in chosen,
            rate=pricing.rate_words(way.capability, way.account, str(values["resolution"])),
        )
        for way in ways
    ]


def _others(chosen: list[Way], ways: dict[str, Way], tray: Tray, values: dict[str, Any]) -> list[Card]:
    """Who could make the same version too, with what each would go without."""
    cards = _cards(chosen, others_of(chosen[0], ways).values(), values)
    return [
        replace(card, without=tuple(everything_left_out(card.way.capability, tray, values))) for card in cards
    ]


def _locks(chosen: list[Way], ways: Iterable[Way]) -> dict[str, Lock]:
    """Every setting that none of the chosen providers has, with its reason. What is not in here is open."""
    first = chosen[0].capability
    usable = [way.capability for way in ways if not way.reason]
    return {
        name: Lock(
            reason=first.reasons.get(name) or f"Not used by {first.label}.",
            instead=next((other for other in usable if getattr(other, flag)), None),
        )
        for name, flag in LOCKABLE.items()
        if not any(getattr(way.capability, flag) for way in chosen)
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
