"""What a slot of Compare can be changed to: the takes of its shot, and any other clip of the project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from studio import history
from studio.compare.comparison import Comparison
from studio.history import Filters
from studio.models import GenerationTask
from studio.reviews.version_strip import Take, VersionRow, strip
from studio.takes.cards import take_title

FOUND_AT_MOST = 12


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A clip that can be put in the slot, and the address that does it."""

    name: str
    address: str
    row: VersionRow | None = None
    is_here: bool = False


@dataclass(frozen=True, kw_only=True)
class Picker:
    """`is_open` after a search for this slot."""

    slot: str
    takes: tuple[Choice, ...]
    others: tuple[Choice, ...]
    is_open: bool
    find: str


class TakesOfShots:
    """The versions of every shot that stands on the page, read once for each shot."""

    def __init__(self, tasks: Sequence[GenerationTask]) -> None:
        self._first = tasks[0]
        self._rows = {task.version.shot_id: strip(task) for task in _one_of_each_shot(tasks)}

    def rows_of(self, task: GenerationTask | None) -> list[VersionRow]:
        """Without a take: the versions of the first take's shot."""
        return self._rows[(task or self._first).version.shot_id]

    def row_of(self, task: GenerationTask) -> VersionRow | None:
        """Its version; none where all takes of it lie in the bin."""
        return next((row for row in self.rows_of(task) if row.number == task.version.number), None)

    def name_of(self, task: GenerationTask) -> str:
        """ "v3", or "v4, take 1" where there are more; with its title where the page shows several shots."""
        row = self.row_of(task)
        name = _take_name(task.version.number, task.number, len(row.takes) if row else 2)
        return name if len(self._rows) == 1 else f"{task.version.shot.title} {name}"


def picker(
    asked: Comparison,
    slot: str,
    here: GenerationTask | None,
    takes: TakesOfShots,
    found: Sequence[GenerationTask],
) -> Picker:
    """What slot `slot`, which holds `here` or nothing, can be changed to."""
    own = [(row, take) for row in reversed(takes.rows_of(here)) for take in row.takes if take.is_ready]
    return Picker(
        slot=slot,
        takes=tuple(_choice(asked, slot, here, row, take) for row, take in own),
        others=tuple(
            Choice(
                name=f"{take_title(task)}, v{task.version.number}",
                address=_address(asked, slot, task.task_id),
            )
            for task in found
        ),
        is_open=asked.at == slot,
        find=asked.find if asked.at == slot else "",
    )


def found(asked: Comparison, first: GenerationTask, projects: set[UUID]) -> list[GenerationTask]:
    """Ready clips of the first clip's project: of its other shots, newest first, or what a search finds."""
    filters = Filters(project=first.project_id, status="ready", q=asked.find)
    tasks = history.page(projects, filters, size=2 * FOUND_AT_MOST).tasks
    others = [task for task in tasks if asked.find or task.version.shot_id != first.version.shot_id]
    return others[:FOUND_AT_MOST]


def counterpart(task: GenerationTask) -> UUID | None:
    """The take to hold this one against: the version before it, else the one after, else another take of its own."""
    rows = strip(task)
    before = [row for row in rows if row.number < task.version.number and row.opens]
    after = [row for row in rows if row.number > task.version.number and row.opens]
    for row in before[-1:] or after[:1]:
        if row.opens:
            return row.opens.task_id
    own = [take for row in rows if row.is_here for take in row.takes if take.is_ready and not take.is_here]
    return own[0].task_id if own else None


def takes_of_version(task: GenerationTask) -> list[UUID]:
    """The ready takes of one version, in their order: what the grid opens with."""
    rows = [row for row in strip(task) if row.is_here]
    return [take.task_id for row in rows for take in row.takes if take.is_ready]


def _choice(asked: Comparison, slot: str, here: GenerationTask | None, row: VersionRow, take: Take) -> Choice:
    return Choice(
        name=_take_name(row.number, take.number, len(row.takes)),
        address=_address(asked, slot, take.task_id),
        row=row,
        is_here=bool(here and here.task_id == take.task_id),
    )


def _take_name(version: int, take: int, takes: int) -> str:
    return f"v{version}, take {take}" if takes > 1 else f"v{version}"


def _one_of_each_shot(tasks: Sequence[GenerationTask]) -> list[GenerationTask]:
    return list({task.version.shot_id: task for task in tasks}.values())


def _address(asked: Comparison, slot: str, clip: UUID) -> str:
    return f"{reverse('studio:compare')}?{asked.put(slot, clip).as_query()}"
