"""A take with everything its row, card or tile shows, worked out once and without a query of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from studio import words
from studio.connections.provider_accounts import capability_for, is_simulated
from studio.models import GenerationTask, Status, User
from studio.providers.base import Capability
from studio.takes import faults
from studio.takes.around import Around, around
from studio.takes.progress import Progress, progress_of

LINE_LOOKED_AT = 200
MAKING = {"submitting", "sent", "running", "saving"}


@dataclass(frozen=True)
class Card:
    """One take as a page shows it at `now`. `place` is its place in line, 0 if it is not waiting in sight.

    `is_new`: the page that asks cannot show it yet. `around` holds what `cards` read for the whole page; without it
    a card has its status and picture, and no word about money.
    """

    task: GenerationTask
    now: datetime
    place: int = 0
    is_new: bool = False
    around: Around = field(default_factory=Around)

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
        return words.story(self.known)

    @property
    def known(self) -> words.Known:
        task, page = self.task, self.around
        if task.is_draft:
            return words.Known(
                task=task,
                capability=self.capability,
                progress=self.progress,
                now=self.now,
                place=self.place,
                fault=self.fault,
            )
        return words.Known(
            task=task,
            capability=self.capability,
            progress=self.progress,
            now=self.now,
            place=self.place,
            fault=self.fault,
            charges=page.charges_of(task),
            attempt=page.attempts.get(task.pk),
            picked_up=page.picked_up(task),
            handing=page.handing(task),
            offers=page.offers(task),
            price=page.price(task),
            canceled_by=page.canceled_by(task),
            owners=tuple(owner.get_short_name() for owner in page.owners),
        )

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
    def has_codes(self) -> bool:
        """Whether there is something to tell a developer: it ended badly, or nobody knows how."""
        return self.task.status in {Status.FAILED, Status.EXPIRED, Status.UNCERTAIN}

    @property
    def is_making(self) -> bool:
        """Whether time passes for it: being sent, made or saved."""
        return self.story.sign in MAKING

    @property
    def cost(self) -> str:
        """What a ready take cost, in a word or two: "$0.90", "85 credits"; nothing for a free draft."""
        return "" if self.capability.is_free else words.ready_cost(self.known)

    @property
    def is_simulated(self) -> bool:
        """Made, or to be made, by a stand-in of a provider: no money is moved."""
        return not self.task.is_draft and is_simulated(self.task.connection)

    @property
    def again_costs(self) -> str:
        """What a new attempt can cost, where one is offered (M-11)."""
        if self.task.is_draft or not any(step.kind == "again" for step in self.story.steps):
            return ""
        price = self.around.price(self.task)
        return f"Trying again can cost {(words.price_words(price) if price else '') or 'again'}."

    @property
    def owner(self) -> User | None:
        """Whom to tell about a key."""
        return self.around.owners[0] if self.around.owners else None

    @property
    def can_cancel(self) -> bool:
        stoppable = self.task.status in {Status.QUEUED, Status.SUBMITTING, Status.RUNNING}
        return stoppable and self.task.cancel_requested_at is None

    @property
    def can_be_binned(self) -> bool:
        """Not while it may still be charged and nobody knows: its money would lie out of sight. Nor once approved."""
        is_open = self.task.status == Status.UNCERTAIN and not self.task.is_draft
        is_kept = self.task.status == Status.SUCCEEDED and self.task.version.locked_at is not None
        return self.task.next_at is None and self.task.binned_at is None and not is_open and not is_kept

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


def takes_title(tasks: Sequence[GenerationTask]) -> str:
    """ "Morning stretch, takes 2 and 3" for those of one version, else "3 clips". One take has its own title."""
    if len(tasks) == 1:
        return take_title(tasks[0])
    if len({task.version_id for task in tasks}) > 1:
        return f"{len(tasks)} clips"
    *others, last = sorted(task.number for task in tasks)
    return f"{tasks[0].version.shot.title}, takes {', '.join(map(str, others))} and {last}"


def tiles(tasks: Iterable[GenerationTask], now: datetime) -> list[Card]:
    """For lists that show a status, a picture and a title, and no money. One query if a failure points at an input."""
    rows = list(tasks)
    faults.preload(rows)
    return [Card(task, now) for task in rows]


def cards(
    tasks: Iterable[GenerationTask],
    now: datetime,
    *,
    newest: int | None = None,
    places: dict[int, int] | None = None,
) -> list[Card]:
    """Cards in the given order, with a fixed number of queries. Takes after `newest`, and those that wait, are new.

    `places` are the places in line where the caller has them already.
    """
    rows = list(tasks)
    faults.preload(rows)
    if places is None:
        places = places_in_line() if any(task.status == Status.QUEUED for task in rows) else {}
    page = around(rows)
    return [
        Card(
            task,
            now,
            places.get(task.pk, 0),
            newest is not None and (task.pk > newest or task.status == Status.QUEUED),
            page,
        )
        for task in rows
    ]


def places_in_line() -> dict[int, int]:
    """The place of each waiting take in its connection's line, for the first 200 that wait."""
    waiting = GenerationTask.objects.active().filter(status=Status.QUEUED).order_by("next_at", "pk")
    ahead: dict[int, int] = {}
    places: dict[int, int] = {}
    for pk, connection in waiting.values_list("pk", "connection_id")[:LINE_LOOKED_AT]:
        ahead[connection] = places[pk] = ahead.get(connection, 0) + 1
    return places
