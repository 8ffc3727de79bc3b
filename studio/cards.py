"""A take with everything its row, card or tile shows, worked out once and without a query of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from studio import faults, words
from studio.models import GenerationTask, Status
from studio.progress import Progress, progress_of
from studio.provider_accounts import capability_for
from studio.providers.base import Capability

LINE_LOOKED_AT = 200


@dataclass(frozen=True)
class Card:
    """One take as a page shows it at `now`. `place` is its place in line, 0 if it is not waiting in sight.

    `is_new`: the page that asks cannot show it yet.
    """

    task: GenerationTask
    now: datetime
    place: int = 0
    is_new: bool = False

    @cached_property
    def capability(self) -> Capability:
        return capability_for(self.task.connection)

    @cached_property
    def progress(self) -> Progress:
        return progress_of(self.task, self.now)

    @cached_property
    def fault(self) -> faults.Fault | None:
        """The input that a failure points at. `cards` has fetched what this needs."""
        return faults.fault_of(self.task)

    @cached_property
    def story(self) -> words.Story:
        return words.story(self.task, self.capability, self.progress, place=self.place, fault=self.fault)

    @cached_property
    def title(self) -> str:
        return take_title(self.task)

    @property
    def key(self) -> str:
        """The take's address as text, for ids of elements."""
        return str(self.task.task_id)

    @property
    def player_id(self) -> str:
        return f"player-{self.key}"

    @property
    def place_words(self) -> str:
        return words.place_in_line(self.place)

    @property
    def has_codes(self) -> bool:
        """Whether there is something to tell a developer: it ended badly, or nobody knows how."""
        return self.task.status in {Status.FAILED, Status.EXPIRED, Status.UNCERTAIN}

    @property
    def is_making(self) -> bool:
        """Whether time passes for it: being sent, made or saved."""
        return self.task.status in {Status.SUBMITTING, Status.RUNNING, Status.SAVING}

    @property
    def can_cancel(self) -> bool:
        stoppable = self.task.status in {Status.QUEUED, Status.SUBMITTING, Status.RUNNING}
        return stoppable and self.task.cancel_requested_at is None

    @property
    def can_be_binned(self) -> bool:
        return self.task.next_at is None and self.task.binned_at is None

    @property
    def picture(self) -> str:
        """The variant of the take's media that stands for it: its own picture, that of the input a failure points
        at, or that of its first reference."""
        if self.fault and self.fault.variant:
            return self.fault.variant
        if self.task.clip and self.task.clip.previews.get("poster"):
            return "poster"
        return "cover" if self.task.cover and self.task.cover.previews.get("thumb") else ""

    @property
    def has_sprite(self) -> bool:
        return bool(self.task.clip and self.task.clip.previews.get("sprite"))


def take_title(task: GenerationTask) -> str:
    """ "Morning stretch, take 2"."""
    return f"{task.version.shot.title}, take {task.number}"


def cards(tasks: Iterable[GenerationTask], now: datetime) -> list[Card]:
    """Cards in the given order. One more query if a take is waiting, and one if a failure points at an input."""
    rows = list(tasks)
    faults.preload(rows)
    places = places_in_line() if any(task.status == Status.QUEUED for task in rows) else {}
    return [Card(task, now, places.get(task.pk, 0)) for task in rows]


def places_in_line() -> dict[int, int]:
    """The place of each waiting take in its connection's line, for the first 200 that wait."""
    waiting = GenerationTask.objects.active().filter(status=Status.QUEUED).order_by("next_at", "pk")
    ahead: dict[int, int] = {}
    places: dict[int, int] = {}
    for pk, connection in waiting.values_list("pk", "connection_id")[:LINE_LOOKED_AT]:
        ahead[connection] = places[pk] = ahead.get(connection, 0) + 1
    return places
