"""What a brief would cost as it stands, and what keeps it from being sent to those who charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from studio import delivery, money
from studio.briefs.tray import Tray
from studio.briefs.values import whole_number
from studio.briefs.ways import Way
from studio.models import MediaFile, Project
from studio.money import pricing
from studio.providers.base import Capability
from studio.recipes import TAKES_AT_MOST
from studio.takes import estimates


@dataclass(frozen=True, kw_only=True)
class Cost:
    """The price line, and `hold`: the sentence beside a paid button that cannot be pressed; empty if it can."""

    line: pricing.PriceLine
    hold: str = ""


@dataclass(frozen=True, kw_only=True)
class OutOfReach:
    """A file that cannot reach a provider: its place as a finding names it, and why in a sentence."""

    place: str
    key: str
    sentence: str


def cost_of(
    ways: Sequence[Way], project: Project, tray: Tray, values: Mapping[str, Any], now: datetime
) -> Cost:
    """For settings as they were typed; out of range counts as the nearest in range. `ways` begins with the chosen."""
    first, takes = ways[0].capability, takes_of(values, len(ways))
    if first.is_free:
        return Cost(line=_free(first, values, takes), hold=f"{first.label} costs nothing.")
    quotes = [quote_of(way, tray, values) for way in ways]
    line = pricing.price_line(quotes, takes)
    return Cost(line=line, hold=_hold(ways, quotes, takes, project, tray, now))


def takes_of(values: Mapping[str, Any], ways: int) -> int:
    """How many takes of each provider: all of them fit in one version."""
    return min(max(whole_number(values["takes"], 1), 1), takes_at_most(ways))


def takes_at_most(ways: int) -> int:
    return max(1, TAKES_AT_MOST // ways)


def quote_of(way: Way, tray: Tray, values: Mapping[str, Any]) -> pricing.Quote:
    """One clip with one provider."""
    capability = way.capability
    resolution, duration = _shown(capability, values)
    clips = [_seconds(place.file.media) for place in tray.usable if place.file and place.kind == "video"]
    each = money.price(capability, way.account, resolution=resolution, duration=duration, clip_seconds=clips)
    return pricing.Quote(
        capability=capability,
        account=way.account,
        each=each,
        resolution=resolution,
        duration=duration,
        clips=len(clips),
    )


def out_of_reach(capability: Capability, tray: Tray) -> Iterator[OutOfReach]:
    """Files that would be sent and that no way leads to, with what helps."""
    for place in tray.usable:
        if place.file and (why := _why_out_of_reach(capability, place.file.media)):
            yield OutOfReach(
                place="references", key=place.key, sentence=f"{place.title} can’t be sent. {why}"
            )
        if place.voice and capability.accepts_voice:
            why = _why_out_of_reach(capability, place.voice.media)
            if why:
                sentence = f"{place.voice_title} can’t be sent. {why}"
                yield OutOfReach(place="references", key=place.key, sentence=sentence)
    if tray.first_frame and capability.accepts_first_frame:
        why = _why_out_of_reach(capability, tray.first_frame.media)
        if why:
            yield OutOfReach(place="first_frame", key="", sentence=f"The first frame can’t be sent. {why}")


def _hold(
    ways: Sequence[Way],
    quotes: Sequence[pricing.Quote],
    takes: int,
    project: Project,
    tray: Tray,
    now: datetime,
) -> str:
    for way in ways:
        if way.sentence:
            return way.sentence
        for file in out_of_reach(way.capability, tray):
            return file.sentence
    wanted = [(quote.account, quote.each.times(takes)) for quote in quotes if quote.account]
    try:
        money.check_caps(project, wanted, now)
    except money.OverCap as over:
        return str(over)
    return ""


def _free(capability: Capability, values: Mapping[str, Any], takes: int) -> pricing.PriceLine:
    resolution, duration = _shown(capability, values)
    seconds = estimates.expected_seconds(capability, resolution=resolution, duration=duration)
    return pricing.free_line(takes, seconds)


def _shown(capability: Capability, values: Mapping[str, Any]) -> tuple[str, int]:
    """Quality and length as a price can be told for them."""
    resolution = values["resolution"] if values["resolution"] in capability.resolutions else "720p"
    seconds = whole_number(values["duration"], 5)
    return resolution, min(max(seconds, capability.min_duration), capability.max_duration)


def _seconds(stored: MediaFile) -> float:
    return float(stored.facts.get("duration") or 0)


def _why_out_of_reach(capability: Capability, stored: MediaFile) -> str:
    return delivery.problem(capability, stored.kind, stored.size_bytes)
