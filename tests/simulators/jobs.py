"""The life of a simulated job: accepted, queued, running, over. Money moves in the same transaction as the state."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from tests.simulators.clock import Clock
from tests.simulators.faults import Script
from tests.simulators.ledger import Ledger
from tests.simulators.options import Options
from tests.simulators.references import Wanted
from tests.simulators.rows import Job

Trouble = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Order:
    """A create that was found right: what is to be made, from what, and whom to tell."""

    seconds: int
    resolution: str
    ratio: str
    references: tuple[Wanted, ...]
    callback: str = ""
    events: tuple[str, ...] = ()
    resolves_oss: bool = False
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Tariff:
    """What a job costs and when it is taken. Taken at the start, it is given back when the job fails."""

    unit: Literal["usd", "credits", "seconds"]
    taken: Literal["at_start", "at_success"]
    price: Callable[[Job], Decimal]


class TooLittleMoney(Exception):
    def __init__(self, needed: int, available: int) -> None:
        super().__init__(f"{needed} needed, {available} there")
        self.needed, self.available = needed, available


class Jobs:
    """All jobs of one simulator. `troubles` are the provider's words (code, message) for every way to fail."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        script: Script,
        options: Options,
        tariff: Tariff,
        troubles: Mapping[str, Trouble],
    ) -> None:
        self.ledger, self.clock, self.script, self.options = ledger, clock, script, options
        self.tariff, self.troubles = tariff, troubles
        self.on_end: list[Callable[[Job], None]] = []

    def accept(self, job_id: str, account: str, body: dict[str, Any], order: Order, **more: Any) -> Job:
        """Keep the job and take its price. Raises TooLittleMoney where an account has too few credits."""
        now = self.clock.now()
        planned = self.script.next("job", now=now, job=job_id)
        if planned:
            self.ledger.keep_count(planned)
        outcome = planned.fault.what if planned else ""
        runs, ends = self._times(now, order.seconds, outcome, job_id)
        with self.ledger.together():
            self.ledger.add_job(
                id=job_id,
                account=account,
                body=body,
                wall=self.clock.wall(),
                made=now,
                runs=runs,
                ends=ends,
                outcome="" if outcome in ("stuck", "long") else outcome,
                is_checked=int(not order.references or self.options.fetching == "none"),
                seconds=order.seconds,
                resolution=order.resolution.upper(),
                ratio=order.ratio,
                callback=order.callback,
                events=",".join(order.events),
                resolves_oss=int(order.resolves_oss),
                **more,
            )
            job = self.known(job_id)
            if self.tariff.taken == "at_start":
                self._take(job)
        return job

    def _times(self, now: float, seconds: int, outcome: str, job_id: str) -> tuple[float, float]:
        options = self.options
        dice = random.Random(f"{options.seed}:{job_id}")
        factor = 1 + dice.uniform(-options.spread, options.spread)
        runs = now + options.queue_seconds * factor
        length = options.run_seconds * factor * (0.5 + seconds / 10)
        if outcome == "stuck":
            return runs, 1e15
        return runs, runs + length * (10 if outcome == "long" else 1)

    def known(self, job_id: str) -> Job:
        job = self.ledger.job(job_id)
        if job is None:
            raise KeyError(job_id)
        return job

    def settled(self, job_id: str) -> Job | None:
        """The job as it is at this moment."""
        job = self.ledger.job(job_id)
        while job is not None and self._is_due(job):
            self._move(job)
            job = self.ledger.job(job_id)
        return job

    def tick(self) -> None:
        for job in self.ledger.due_jobs(self.clock.now()):
            self.settled(job.id)

    def cancel(self, job_id: str) -> bool:
        """Only a queued job can be canceled; it costs nothing."""
        with self.ledger.together():
            job = self.settled(job_id)
            if job is None or job.state != "queued":
                return False
            self.ledger.change_job(job_id, state="canceled", ends=self.clock.now())
            return True

    def fail_soon(self, job_id: str, outcome: str, code: str, message: str) -> None:
        """A reference was no good: the job ends as soon as it has begun."""
        job = self.known(job_id)
        ends = max(self.clock.now(), job.runs) + 1
        self.ledger.change_job(
            job_id, outcome=outcome, code=code, message=message, is_checked=1, ends=min(ends, job.ends)
        )

    def progress(self, job: Job) -> int:
        if job.state == "queued":
            return 0
        if job.state == "running":
            done = (self.clock.now() - job.runs) / max(job.ends - job.runs, 0.001)
            return max(1, min(99, math.floor(done * 100)))
        return 100 if job.state == "succeeded" else 0

    def is_expired(self, job: Job) -> bool:
        """The provider no longer holds the clip."""
        if job.is_open:
            return False
        return job.outcome == "expired" or self.clock.now() > job.ends + self.options.retention_seconds

    def _is_due(self, job: Job) -> bool:
        now = self.clock.now()
        if job.state == "queued":
            return job.runs <= now
        return job.state == "running" and job.is_checked and job.ends <= now

    def _move(self, job: Job) -> None:
        with self.ledger.together():
            fresh = self.known(job.id)
            if fresh.state != job.state or not self._is_due(fresh):
                return
            if fresh.state == "queued":
                self.ledger.change_job(fresh.id, state="running")
                return
            self._end(fresh)
        for tell in self.on_end:
            tell(self.known(job.id))

    def _end(self, job: Job) -> None:
        state = {"": "succeeded", "expired": "succeeded", "canceled": "canceled"}.get(job.outcome, "failed")
        code, message = job.code, job.message
        if state == "failed" and not message:
            code, message = self.troubles.get(job.outcome, self.troubles["provider_error"])
        ends = min(max(job.ends, job.runs), self.clock.now())
        self.ledger.change_job(job.id, state=state, code=code, message=message, ends=ends)
        keeps_money = state == "succeeded" or job.outcome == "charged_failure"
        if keeps_money and self.tariff.taken == "at_success":
            self._take(job)
        if not keeps_money and self.tariff.taken == "at_start":
            self._give_back(job)

    def _take(self, job: Job) -> None:
        amount = self.tariff.price(job)
        if self.tariff.unit == "credits":
            available = self.ledger.credits(job.account)
            if available < amount:
                raise TooLittleMoney(int(amount), available)
        self._book(job, "charge", amount)

    def _give_back(self, job: Job) -> None:
        self._book(job, "refund", self.tariff.price(job))

    def _book(self, job: Job, kind: str, amount: Decimal) -> None:
        self.ledger.record(
            "money",
            at=time.time(),
            account=job.account,
            job_id=job.id,
            kind=kind,
            amount=str(amount),
            unit=self.tariff.unit,
        )
        if self.tariff.unit == "credits":
            change = int(amount) * (-1 if kind == "charge" else 1)
            self.ledger.run(
                "UPDATE accounts SET credits = credits + ? WHERE account = ?", change, job.account
            )
