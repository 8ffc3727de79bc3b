"""What happened to a take, as people read it: one sentence and one quiet line for each event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from studio.models import Basis, GenerationTask, Status, TaskEvent, Version
from studio.money.charges import OFF_BY
from studio.providers.base import Capability
from studio.takes.around import names_of
from studio.templatetags.ui import file_size, long_duration
from studio.words import amount_words, listed, percent_words


@dataclass(frozen=True, kw_only=True)
class Moment:
    at: datetime
    icon: str
    what: str
    more: str = ""
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class About:
    """Whose moments they are. The version's references have been fetched, with their files.

    `lead` and `rest` are what its card says now.
    """

    task: GenerationTask
    capability: Capability
    lead: str = ""
    rest: str = ""

    @property
    def label(self) -> str:
        return self.capability.label


def timeline(about: About, events: Sequence[TaskEvent]) -> list[Moment]:
    """The events in order. A word tells what a status alone does not ("binned"); the rest goes by the status."""
    moments = []
    for event in _fetches_together(events):
        say = WORDS.get(event.word) if event.word else MOVES.get(event.to_status)
        moment = say(about, event) if say else None
        if moment:
            moments.append(moment)
    return moments


def _fetches_together(events: Sequence[TaskEvent]) -> list[TaskEvent]:
    """Files that were picked up one after the other are one moment; the first of them tells all."""
    told: list[TaskEvent] = []
    for event in events:
        if told and event.word == told[-1].word == PICKED_UP:
            told[-1].facts = {"files": [*_files(told[-1]), *_files(event)]}
        else:
            told.append(event)
    return told


def _files(event: TaskEvent) -> list[str]:
    files: list[str] = event.facts.get("files") or [str(event.facts.get("file", ""))]
    return files


def _who(event: TaskEvent) -> str:
    return event.actor.get_short_name() if event.actor else "The studio"


def _asked(about: About, event: TaskEvent) -> Moment:
    if event.from_status == Status.SUBMITTING:
        return Moment(
            at=event.at, icon="clock", what="Not sent yet", more="It goes again by itself", kind="change"
        )
    aside = _set_aside(about, event)
    if event.facts.get("again"):
        more = "Free" if about.capability.is_free else aside or "A new attempt, which can cost again"
        return Moment(at=event.at, icon="rotate-cw", what=f"{_who(event)} tried again", more=more)
    takes = int(event.facts.get("takes", 1))
    asked = f"{_who(event)} asked for {takes} take{'s' if takes > 1 else ''}"
    if aside and takes > 1:
        aside = f"For this one {aside[:1].lower()}{aside[1:]}"
    return Moment(at=event.at, icon="square-pen", what=asked, more=aside)


def _set_aside(about: About, event: TaskEvent) -> str:
    if about.capability.is_free:
        return "Free draft"
    words = _amount(event.facts, "dollars", "credits")
    return f"{words} set aside from {about.task.project.name}" if words else ""


def _sent(about: About, event: TaskEvent) -> Moment:
    sizes = _sizes(about.task.version)
    more = f"{len(sizes)} file{'s' if len(sizes) != 1 else ''}, {file_size(sum(sizes.values()))}"
    return Moment(at=event.at, icon="send", what=f"Sent to {_named(about)}", more=more)


def _sizes(version: Version) -> dict[str, int]:
    """The bytes of each file by its SHA-256."""
    references = list(version.references.all())
    files = [each.media for each in references] + [each.voice.media for each in references if each.voice]
    files += [version.first_frame.media] if version.first_frame else []
    return {media.sha256: media.size_bytes for media in files}


def _taken_on(about: About, event: TaskEvent) -> Moment:
    name, by = _named(about), event.facts.get("found_by")
    if by == "person":
        return Moment(at=event.at, icon="search", what=f"{_who(event)} found it at {name}", more=FOUND_ONCE)
    if by:
        what = FOUND_BY.get(by, "{name} has it after all").format(name=name)
        return Moment(at=event.at, icon="search", what=what, more=_set_aside(about, event) or FOUND_ONCE)
    more = "Once, with the number this studio gave it" if about.capability.repeats_by_key else "Once"
    return Moment(at=event.at, icon="clapperboard", what=f"{_first_up(name)} took it on", more=more)


def _made(about: About, event: TaskEvent) -> Moment:
    if event.facts.get("again"):
        more = "Fetching again is free"
        return Moment(
            at=event.at, icon="hard-drive-download", what=f"{_who(event)} fetched it again", more=more
        )
    seconds = about.task.making_seconds
    took = f"In {long_duration(seconds)}" if seconds else ""
    what = "Made, then copied here"
    if event.from_status == Status.CANCELED:
        what, took = "Made after all, then copied here", "It could not be stopped in time"
    return Moment(at=event.at, icon="hard-drive-download", what=what, more=took)


def _ready(about: About, event: TaskEvent) -> Moment:
    size = event.facts.get("size_bytes")
    more = f"{file_size(size)}, every byte checked" if size else ""
    return Moment(at=event.at, icon="play", what="Ready", more=more, kind="good")


def _failed(about: About, event: TaskEvent) -> Moment:
    if event.from_status == Status.UNCERTAIN and event.actor:
        what = f"{_who(event)} looked in {about.label}: it is not there"
        return Moment(at=event.at, icon="search", what=what, more="It may be sent again")
    ended = about.task.finished_at if about.task.status == Status.FAILED and about.lead else None
    is_this = ended is not None and event.at >= ended - SAME_MOMENT
    what, more = (about.lead.rstrip(".:"), about.rest) if is_this else ("It didn’t work", "")
    return Moment(at=event.at, icon="triangle-alert", what=what, more=more, kind="fail")


def _cancelled(about: About, event: TaskEvent) -> Moment:
    what = f"{_who(event)} cancelled it" if event.actor else "Cancelled"
    return Moment(at=event.at, icon="ban", what=what)


def _expired(about: About, event: TaskEvent) -> Moment:
    return Moment(at=event.at, icon="clock", what=f"{about.label} no longer holds it", kind="fail")


def _uncertain(about: About, event: TaskEvent) -> Moment:
    if event.facts.get("found_by"):
        what = f"{about.label} picked a file up, so it has this after all"
        aside = _set_aside(about, event)
        return Moment(at=event.at, icon="image-play", what=what, more=aside, kind="change")
    if event.from_status == Status.QUEUED:
        what = "The studio was restored from a backup"
        more = "It may have been sent before that"
        return Moment(at=event.at, icon="circle-question-mark", what=what, more=more, kind="change")
    what = "The line broke before an answer came"
    return Moment(at=event.at, icon="circle-question-mark", what=what, more="Not sent again", kind="change")


def _moved(about: About, event: TaskEvent) -> Moment:
    what = f"{_who(event)} moved it to {event.facts.get('to', 'another project')}"
    return Moment(at=event.at, icon="folder-input", what=what, more=f"From {event.facts.get('from', '')}")


def _settled(about: About, event: TaskEvent) -> Moment:
    words = _amount(event.facts, "dollars", "credits", about=True)
    what = f"{words} charged" if words else "Charged; how much is not known yet"
    by = event.facts.get("basis")
    more = f"By {about.label}’s own figure" if by == Basis.TOLD else "By the price entered here"
    off = _off(event.facts)
    return Moment(at=event.at, icon="wallet", what=what, more=off or more, kind="change" if off else "")


def _released(about: About, event: TaskEvent) -> Moment:
    words = _amount(event.facts, "estimate", "credits_estimate")
    what = f"{words} released" if words else "What was set aside is released"
    return Moment(at=event.at, icon="wallet", what=what, more=f"Back in {about.task.project.name}")


def _picked_up(about: About, event: TaskEvent) -> Moment:
    names = names_of(about.task, _files(event))
    what = listed(names) or "The files"
    verb = "were" if len(names) != 1 else "was"
    more = f"By {about.label}, from the address made for this clip only"
    return Moment(at=event.at, icon="image-play", what=f"{_first_up(what)} {verb} picked up", more=more)


def _called_back(about: About, event: TaskEvent) -> Moment:
    what = f"{about.label} called: something changed"
    return Moment(at=event.at, icon="bell", what=what, more="We looked at once")


def _late(about: About, event: TaskEvent) -> Moment:
    """An earlier attempt was made too: it is told by its number, and that it costs as much again."""
    number = event.facts.get("job")
    what = f"{about.label} has an earlier try of this too" + (f", as {number}" if number else "")
    words = _amount(event.facts, "dollars", "credits")
    more = f"It may be charged as well: {words} counted" if words else "It may be charged as well"
    return Moment(at=event.at, icon="triangle-alert", what=what, more=more, kind="change")


def _said(icon: str, words: str) -> Callable[[About, TaskEvent], Moment]:
    def say(about: About, event: TaskEvent) -> Moment:
        return Moment(at=event.at, icon=icon, what=f"{_who(event)} {words}")

    return say


def _decided(icon: str, words: str, *, kind: str = "") -> Callable[[About, TaskEvent], Moment]:
    """Somebody's word about the version; a guest goes by the name they gave."""

    def say(about: About, event: TaskEvent) -> Moment:
        who = f"{event.facts['guest']} (guest)" if event.facts.get("guest") else _who(event)
        sentence = str(event.facts.get("sentence") or "")
        more = f"“{sentence}”" if sentence else f"v{about.task.version.number}"
        return Moment(at=event.at, icon=icon, what=f"{who} {words}", more=more, kind=kind)

    return say


def _named(about: About) -> str:
    return "the draft maker" if about.capability.is_free else about.label


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def _amount(facts: dict[str, Any], dollars: str, credits: str, *, about: bool = False) -> str:
    """What an event's facts say in money; nothing where they say nothing."""
    told, counted = _number(facts.get(dollars)), _number(facts.get(credits))
    return amount_words(told, counted, short=not about)


def _off(facts: dict[str, Any]) -> str:
    """ "20 % more than expected" where a bill is more than 1 % off."""
    amount, estimate = _number(facts.get("dollars")), _number(facts.get("estimate"))
    if amount is None or not estimate or abs(amount - estimate) <= OFF_BY * estimate:
        return ""
    return f"{percent_words(amount, estimate)} than expected"


def _number(text: object) -> Decimal | None:
    return Decimal(str(text)) if text is not None else None


PICKED_UP = "picked_up"
SAME_MOMENT = timedelta(seconds=5)
FOUND_ONCE = "It was sent once, and goes on"
FOUND_BY = {
    "list": "Found in {name}’s own list",
    "key": "{name} knows it by the number this studio gave it",
    "callback": "{name} called: it has it",
    "answer": "{name} answered late: it has it",
}
MOVES: dict[str, Callable[[About, TaskEvent], Moment]] = {
    Status.QUEUED: _asked,
    Status.SUBMITTING: _sent,
    Status.RUNNING: _taken_on,
    Status.SAVING: _made,
    Status.SUCCEEDED: _ready,
    Status.FAILED: _failed,
    Status.CANCELED: _cancelled,
    Status.EXPIRED: _expired,
    Status.UNCERTAIN: _uncertain,
}
WORDS: dict[str, Callable[[About, TaskEvent], Moment]] = {
    "cancel_requested": _said("ban", "asked to cancel it"),
    "binned": _said("trash-2", "put it in the bin"),
    "restored": _said("undo-2", "took it out of the bin"),
    "picked": _said("star", "picked it"),
    "unpicked": _said("star", "took the pick back"),
    "moved": _moved,
    "approved": _decided("circle-check", "approved", kind="good"),
    "asked_for_changes": _decided("message-square-warning", "asked for changes", kind="change"),
    "took_decision_back": _decided("undo-2", "took the decision back"),
    "settled": _settled,
    "released": _released,
    PICKED_UP: _picked_up,
    "called_back": _called_back,
    "late_job": _late,
    "late_fetch": _late,
}
