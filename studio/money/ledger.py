"""Whether the books add up: what was set aside is settled, given back, or still set aside, and each is told once.

Charges are the account, the events of the takes its journal: both are written in the same transactions, so what one
knows the other knows too. These functions only read, and yield a sentence for everything that does not add up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from studio.lifecycle.late import LATE_FETCH, LATE_JOB
from studio.models import Charge, ChargeState, GenerationTask, Status, TaskEvent
from studio.providers import registry

AT_A_TIME = 500
# Until it is known what became of them, their money stays set aside.
UNDECIDED = (Status.QUEUED, Status.SUBMITTING, Status.RUNNING, Status.UNCERTAIN)
OPENING_WORDS = ("", LATE_JOB, LATE_FETCH)
CLOSING_WORDS = (ChargeState.SETTLED, ChargeState.RELEASED)


def unbalanced() -> Iterator[str]:
    yield from _takes_without_charge()
    yield from _undecided_without_reserve()
    yield from _wrong_amounts()
    yield from _counted_elsewhere()
    yield from _untold()


def _paid_takes() -> Any:
    names = [name for name, capability in registry.capabilities().items() if not capability.is_free]
    return GenerationTask.objects.filter(provider__in=names)


def _takes_without_charge() -> Iterator[str]:
    charges = Charge.objects.filter(task=OuterRef("pk"))
    for task in _paid_takes().exclude(Exists(charges)).iterator(chunk_size=AT_A_TIME):
        yield f"task {task.task_id} was asked of {task.provider}, and has no charge"


def _undecided_without_reserve() -> Iterator[str]:
    reserved = Charge.objects.filter(task=OuterRef("pk"), state=ChargeState.RESERVED)
    undecided = _paid_takes().filter(status__in=UNDECIDED, charges__isnull=False).distinct()
    for task in undecided.exclude(Exists(reserved)).iterator(chunk_size=AT_A_TIME):
        yield f"task {task.task_id} is {task.status}, and no money is set aside for it"


def _wrong_amounts() -> Iterator[str]:
    """Given back means nothing was charged; settled means a sum, where there was a price to expect."""
    given_back = Q(state=ChargeState.RELEASED) & (Q(amount=None) | ~Q(amount=0))
    unknown = Q(state=ChargeState.SETTLED, amount=None, estimate__isnull=False)
    for charge in Charge.objects.filter(given_back | unknown).iterator(chunk_size=AT_A_TIME):
        yield f"charge {charge.pk} is {charge.state}, and its amount is {charge.amount}"


def _counted_elsewhere() -> Iterator[str]:
    """What a take costs counts in the project where it is, or that project's limit would not hold."""
    elsewhere = Charge.objects.exclude(task=None).exclude(project=F("task__project"))
    for charge in elsewhere.iterator(chunk_size=AT_A_TIME):
        yield f"charge {charge.pk} counts in another project than its take is in"


def _untold() -> Iterator[str]:
    """Every charge was set aside in one event of its take, and closed in one more, with the same figures."""
    charges, events = _account(), _journal()
    for task_id in sorted(charges.keys() | events.keys()):
        missing = charges[task_id] - events[task_id]
        surplus = events[task_id] - charges[task_id]
        for line in sorted(missing, key=str):
            yield f"task row {task_id} has {_spelled(line)}, and no event tells of it"
        for line in sorted(surplus, key=str):
            yield f"task row {task_id} tells of {_spelled(line)}, and has no such charge"


type Line = tuple[str, Decimal | None, Decimal | None]


def _account() -> dict[int, Counter[Line]]:
    lines: dict[int, Counter[Line]] = defaultdict(Counter)
    fields = ("task_id", "state", "estimate", "credits_estimate", "amount", "credits")
    of_takes = Charge.objects.exclude(task=None)  # a take that was deleted for good took its journal along
    for task_id, state, *sums in of_takes.values_list(*fields).iterator(chunk_size=AT_A_TIME):
        estimate, credits_estimate, amount, credits = sums
        lines[task_id][("set aside", estimate, credits_estimate)] += 1
        if state != ChargeState.RESERVED:
            lines[task_id][(state, amount, credits)] += 1
    return lines


def _journal() -> dict[int, Counter[Line]]:
    lines: dict[int, Counter[Line]] = defaultdict(Counter)
    is_opening = Q(word__in=OPENING_WORDS, facts__has_key="dollars")
    told = TaskEvent.objects.filter(Q(word__in=CLOSING_WORDS) | is_opening)
    for task_id, word, facts in told.values_list("task_id", "word", "facts").iterator(chunk_size=AT_A_TIME):
        what = word if word in CLOSING_WORDS else "set aside"
        lines[task_id][(what, _amount(facts.get("dollars")), _amount(facts.get("credits")))] += 1
    return lines


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _spelled(line: Line) -> str:
    what, amount, credits = line
    sums = [f"${amount:.4f}"] if amount is not None else []
    sums += [f"{credits:.2f} credits"] if credits is not None else []
    return f"{' and '.join(sums) or 'an unknown sum'} {what}"
