"""The end of a soak: every job of every ledger against every row of the studio."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from studio import invariants
from studio.models import Attempt, ChargeState, GenerationTask, Status
from studio.models.status import ACTIVE
from tests.kill.ledgers import counted
from tests.simulators.ledger import Ledger
from tests.simulators.rows import Job

LINK = re.compile(r"/r/([0-9a-f-]{36})/")
SHOWN = 20


@dataclass(kw_only=True)
class Reckoning:
    """`difference` is in each ledger's own unit. All but `for_a_person` must be nothing."""

    takes: Counter[str] = field(default_factory=Counter)
    jobs: int = 0
    lost: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    paid_twice: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    difference: dict[str, Decimal] = field(default_factory=dict)
    for_a_person: Counter[str] = field(default_factory=Counter)

    @property
    def is_clean(self) -> bool:
        wrong = [*self.lost, *self.stuck, *self.duplicated, *self.paid_twice, *self.broken]
        return not wrong and not any(self.difference.values())

    def to_dict(self) -> dict[str, Any]:
        """For printing: numbers, and the first few of what they count."""
        shown = dict(vars(self))
        lists = ("lost", "stuck", "duplicated", "paid_twice", "broken")
        numbers = {name: len(shown[name]) for name in lists}
        samples = {f"{name}_first": shown[name][:SHOWN] for name in lists if shown[name]}
        differences = {name: str(value) for name, value in self.difference.items()}
        return {**shown, **numbers, **samples, "difference": differences}


def unfinished() -> QuerySet[GenerationTask]:
    """Takes that the studio still does something about by itself, a lost job that was looked for in vain aside."""
    looked_for = Q(status=Status.UNCERTAIN, attempts__finding__in=["none", "several"])
    going_on = Q(status__in=ACTIVE) | Q(status__in=[Status.UNCERTAIN, Status.CANCELED])
    return GenerationTask.objects.filter(going_on, next_at__isnull=False).exclude(looked_for)


def reckon(ledgers: Mapping[str, Ledger]) -> Reckoning:
    found = Reckoning(broken=invariants.broken())
    found.stuck = [_state(task) for task in unfinished()]
    tasks = GenerationTask.objects.select_related("connection", "version")
    for name, ledger in ledgers.items():
        _reckon(found, name, ledger, tasks.filter(provider=name).prefetch_related("attempts", "charges"))
    return found


def _state(task: GenerationTask) -> str:
    said = f"{task.trouble} {task.tries} {task.error_detail}".strip()
    return f"{task.provider} {task.status} until {task.next_at}, {task.step_failures} stumbles: {said}"


def _reckon(found: Reckoning, name: str, ledger: Ledger, tasks: QuerySet[GenerationTask]) -> None:
    made, creates, taken = _jobs_by_attempt(ledger), _creates_by_attempt(ledger), _money_by_job(ledger)
    found.jobs += sum(map(len, made.values()))
    found.difference[name] = Decimal(0)
    for task in tasks:
        found.takes[task.status] += 1
        jobs = [job for attempt in task.attempts.all() for job in made.pop(str(attempt.key), [])]
        for attempt in task.attempts.all():
            _twice(found, name, attempt, jobs, creates[str(attempt.key)])
        if len([job for job in jobs if taken[job.id]]) > 1:
            found.paid_twice.append(str(task.task_id))
        _lost(found, task, jobs)
        found.difference[name] += _difference(task, jobs, taken)
        if task.status == Status.UNCERTAIN:
            found.for_a_person[f"{name}: {_why(task)}"] += 1
    found.lost += [f"job {job.id} belongs to nothing" for jobs in made.values() for job in jobs]


def _twice(found: Reckoning, name: str, attempt: Attempt, jobs: list[Job], creates: int) -> None:
    own = [job for job in jobs if str(attempt.key) in json.dumps(job.body)]
    if len(own) > 1 or (creates > 1 and name != "apiframe"):
        found.duplicated.append(f"attempt {attempt.key}: {creates} creates, {len(own)} jobs")


def _lost(found: Reckoning, task: GenerationTask, jobs: list[Job]) -> None:
    """Of takes that are over: a made job is a clip or a sentence; an accepted one linked, or its take uncertain."""
    linked = {attempt.job_id for attempt in task.attempts.all()}
    for job in jobs:
        if task.status == Status.UNCERTAIN or task.status in ACTIVE:
            continue
        is_clip = task.status == Status.SUCCEEDED and task.clip_id is not None
        is_said = bool(task.error_message) or task.status == Status.CANCELED
        if job.id not in linked or (job.state == "succeeded" and not is_clip and not is_said):
            found.lost.append(f"job {job.id} ({job.state}) of {task.task_id} ({task.status})")


def _difference(task: GenerationTask, jobs: list[Job], taken: Mapping[str, Decimal]) -> Decimal:
    """What we count less what was taken. What is still set aside is counted in full, and is no difference."""
    charges = list(task.charges.all())
    if any(charge.state == ChargeState.RESERVED for charge in charges):
        return Decimal(0)
    ours = sum((counted(charge, task) for charge in charges), Decimal(0))
    return abs(ours - sum((taken[job.id] for job in jobs), Decimal(0)))


def _why(task: GenerationTask) -> str:
    attempt = max(task.attempts.all(), key=lambda each: each.number)
    looked = {"none": "looked for, not found", "several": "several could be it"}
    return looked.get(attempt.finding, "the answer was lost, and there is nowhere to look")


def _jobs_by_attempt(ledger: Ledger) -> dict[str, list[Job]]:
    found: dict[str, list[Job]] = defaultdict(list)
    for job in ledger.jobs():
        link = LINK.search(json.dumps(job.body))
        found[link.group(1) if link else job.id].append(job)
    return found


def _creates_by_attempt(ledger: Ledger) -> Counter[str]:
    bodies = ledger.run("SELECT body FROM creates").fetchall()
    return Counter(link.group(1) for row in bodies if (link := LINK.search(row["body"])))


def _money_by_job(ledger: Ledger) -> dict[str, Decimal]:
    taken: dict[str, Decimal] = defaultdict(Decimal)
    for row in ledger.money():
        taken[row.job_id] += row.amount if row.kind == "charge" else -row.amount
    return taken
