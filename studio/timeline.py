"""What happened to a take, as people read it: one sentence and one quiet line for each event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from studio.models import GenerationTask, Status, TaskEvent
from studio.providers.base import Capability
from studio.templatetags.ui import file_size, long_duration


@dataclass(frozen=True, kw_only=True)
class Moment:
    at: datetime
    icon: str
    what: str
    more: str = ""
    kind: str = ""


def timeline(task: GenerationTask, events: Sequence[TaskEvent], capability: Capability) -> list[Moment]:
    """The events in order. A word tells what a status alone does not ("binned"); the rest goes by the status."""
    moments = []
    for event in events:
        told = WORDS.get(event.word) if event.word else None
        say = told or MOVES.get(event.to_status)
        if say:
            moments.append(say(task, event, capability))
    return moments


def _who(event: TaskEvent) -> str:
    return event.actor.get_short_name() if event.actor else "The studio"


def _asked(task: GenerationTask, event: TaskEvent, capability: Capability) -> Moment:
    if event.facts.get("again"):
        more = "Free" if capability.is_free else "A new attempt, which can cost again"
        return Moment(at=event.at, icon="rotate-cw", what=f"{_who(event)} tried again", more=more)
    if event.from_status == Status.SUBMITTING:
        return Moment(
            at=event.at, icon="clock", what="Not sent yet", more="It goes again by itself", kind="change"
        )
    takes = int(event.facts.get("takes", 1))
    asked = f"{_who(event)} asked for {takes} take{'s' if takes > 1 else ''}"
    return Moment(at=event.at, icon="square-pen", what=asked, more="Free draft" if capability.is_free else "")


def _sent(task: GenerationTask, event: TaskEvent, capability: Capability) -> Moment:
    count = len(task.version.references.all()) + bool(task.version.first_frame_id)
    more = f"{count} file{'s' if count != 1 else ''}"
    return Moment(at=event.at, icon="send", what=f"Sent to {_named(capability)}", more=more)


def _taken_on(task: GenerationTask, event: TaskEvent, capability: Capability) -> Moment:
    name = _named(capability)
    return Moment(
        at=event.at, icon="clapperboard", what=f"{name[0].upper()}{name[1:]} took it on", more="Once"
    )


def _made(task: GenerationTask, event: TaskEvent, capability: Capability) -> Moment:
    took = f"In {long_duration(task.making_seconds)}" if task.making_seconds else ""
    return Moment(at=event.at, icon="hard-drive-download", what="Made, then copied here", more=took)


def _ready(task: GenerationTask, event: TaskEvent, capability: Capability) -> Moment:
    size = event.facts.get("size_bytes")
    more = f"{file_size(size)}, every byte checked" if size else ""
    return Moment(at=event.at, icon="play", what="Ready", more=more, kind="good")


def _failed(task: GenerationTask, event: TaskEvent, capability: Capability) -> Moment:
    what = "It didn’t work"
    more = task.error_message if task.status == Status.FAILED else ""
    return Moment(at=event.at, icon="triangle-alert", what=what, more=more, kind="fail")


def _cancelled(task: GenerationTask, event: TaskEvent, capability: Capability) -> Moment:
    what = f"{_who(event)} cancelled it" if event.actor else "Cancelled"
    return Moment(at=event.at, icon="ban", what=what)


def _expired(task: GenerationTask, event: TaskEvent, capability: Capability) -> Moment:
    return Moment(at=event.at, icon="clock", what=f"{capability.label} no longer holds it", kind="fail")


def _uncertain(task: GenerationTask, event: TaskEvent, capability: Capability) -> Moment:
    what = "The line broke before an answer came"
    return Moment(at=event.at, icon="circle-question-mark", what=what, more="Not sent again", kind="change")


def _moved(task: GenerationTask, event: TaskEvent, capability: Capability) -> Moment:
    what = f"{_who(event)} moved it to {event.facts.get('to', 'another project')}"
    return Moment(at=event.at, icon="folder-input", what=what, more=f"From {event.facts.get('from', '')}")


def _said(icon: str, words: str) -> Any:
    def say(task: GenerationTask, event: TaskEvent, capability: Capability) -> Moment:
        return Moment(at=event.at, icon=icon, what=f"{_who(event)} {words}")

    return say


def _named(capability: Capability) -> str:
    return "the draft maker" if capability.is_free else capability.label


MOVES: dict[str, Any] = {
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
WORDS: dict[str, Any] = {
    "cancel_requested": _said("ban", "asked to cancel it"),
    "binned": _said("trash-2", "put it in the bin"),
    "restored": _said("undo-2", "took it out of the bin"),
    "picked": _said("star", "picked it"),
    "unpicked": _said("star", "took the pick back"),
    "moved": _moved,
}
