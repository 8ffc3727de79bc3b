"""What Compare shows: its clips side by side, what each slot can be changed to, and what changed between recipes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse

from studio.compare import comparison, recipe_diff
from studio.compare import picker as take_picker
from studio.compare.comparison import Comparison
from studio.compare.picker import Picker, TakesOfShots
from studio.compare.recipe_diff import Fate, RecipeDiff
from studio.compare.recipe_sides import side_of
from studio.models import GenerationTask, Reference
from studio.reviews.film import Film, film_of
from studio.reviews.version_strip import VersionRow
from studio.takes import faults
from studio.takes.cards import Card
from studio.timecodes import timecode
from studio.words.costs import amount_words


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One clip of the comparison. `film` is None while it has no clip to play. `offset` is whole frames."""

    slot: str
    number: int
    card: Card
    name: str
    film: Film | None
    standing: VersionRow | None
    picker: Picker
    offset: int
    leave: str

    @property
    def letter(self) -> str:
        return self.slot.upper()

    @property
    def is_locked(self) -> bool:
        return self.card.task.version.locked_at is not None

    @property
    def seconds(self) -> float:
        return self.card.task.clip.duration if self.card.task.clip else 0.0


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What changed from the first slot to `to`, with chips that say it in a word each."""

    start: Slot
    to: Slot
    diff: RecipeDiff
    words: tuple[str, ...]
    references: dict[str, dict[str, Reference]]


def compare_context(asked: Comparison, shown: Sequence[Card], projects: set[UUID]) -> dict[str, Any]:
    """Everything of the page. `shown` are the clips of `asked`, in order."""
    faults.preload_all([card.task for card in shown])
    takes = TakesOfShots([card.task for card in shown])
    found = take_picker.found(asked, shown[0].task, projects)
    slots = [_slot(name, card, asked, takes, found) for name, card in zip(asked.slots, shown, strict=True)]
    films = [slot.film for slot in slots if slot.film]
    fps = max((film.fps for film in films), default=25.0)
    seconds = max((slot.seconds for slot in slots), default=0.0)
    return {
        "asked": asked,
        "slots": slots,
        "views": [
            (name, label, _address(replace(asked, view=name))) for name, label in comparison.VIEWS.items()
        ],
        "sounds": [(slot, _address(replace(asked, sound=slot.slot))) for slot in slots],
        "no_sound": _address(replace(asked, sound="")),
        "heard": next((slot for slot in slots if slot.slot == asked.sound), None),
        "speeds": comparison.SPEEDS,
        "next_picker": take_picker.picker(asked, asked.free_slot, None, takes, found)
        if asked.free_slot
        else None,
        "fps": fps,
        "length": timecode(max(1, round(seconds * fps)), fps),
        "title": _title(slots),
        "is_one_version": len({slot.card.task.version_id for slot in slots}) == 1,
        "summed": _summed(slots),
        "changes": changes(asked, slots),
        "pairs": [
            (slot, _address(replace(asked, against=slot.slot))) for slot in slots[1:] if len(slots) > 2
        ],
    }


def changes(asked: Comparison, slots: Sequence[Slot]) -> Changes | None:
    """From the first clip to the one that is asked for; nothing with a single clip."""
    to = next((slot for slot in slots[1:] if slot.slot == asked.against), slots[1] if slots[1:] else None)
    if to is None:
        return None
    diff = recipe_diff.compare(side_of(slots[0].card), side_of(to.card))
    return Changes(
        start=slots[0],
        to=to,
        diff=diff,
        words=tuple(_words(diff)),
        references={
            "before": _by_key(slots[0].card.task),
            "after": _by_key(to.card.task),
        },
    )


def _slot(
    name: str, card: Card, asked: Comparison, takes: TakesOfShots, found: Sequence[GenerationTask]
) -> Slot:
    task = card.task
    return Slot(
        slot=name,
        number=comparison.SLOTS.index(name) + 1,
        card=card,
        name=takes.name_of(task),
        film=film_of(task) if task.clip else None,
        standing=takes.row_of(task),
        picker=take_picker.picker(asked, name, task, takes, found),
        offset=asked.offset(name),
        leave=_address(asked.without(name)) if len(asked.clips) > 2 else "",
    )


def _title(slots: Sequence[Slot]) -> str:
    titles = list(dict.fromkeys(slot.card.task.version.shot.title for slot in slots))
    return " and ".join(titles) if len(titles) < 3 else f"{titles[0]} and {len(titles) - 1} more"


def _summed(slots: Sequence[Slot]) -> str:
    """What these takes cost together: "free", "$3.00"; nothing where one of them is not settled yet."""
    if all(slot.card.task.is_draft for slot in slots):
        return "free"
    paid = [slot.card.known.charges for slot in slots if not slot.card.task.is_draft]
    last = [charges[-1] for charges in paid if charges]
    amounts = [charge.amount for charge in last if charge.amount is not None]
    if len(last) < len(paid) or len(amounts) < len(paid):
        return ""
    return amount_words(sum(amounts, Decimal(0)), None)


def _words(diff: RecipeDiff) -> list[str]:
    prompt = [recipe_diff.PROMPT] if diff.is_prompt_changed else []
    chips = [*diff.references_after, *(chip for chip in diff.references_before if chip.fate == Fate.REMOVED)]
    references = [f"{chip.label} {chip.fate}" for chip in chips if chip.fate != Fate.SAME]
    return [*prompt, *references, *(setting.name for setting in diff.changed)]


def _by_key(task: GenerationTask) -> dict[str, Reference]:
    return {reference.key: reference for reference in task.version.references.all()}


def _address(asked: Comparison) -> str:
    return f"{reverse('studio:compare')}?{asked.as_query()}"
