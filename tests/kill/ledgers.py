"""Where a provider's ledger and the studio's rows disagree: lost, made twice, paid twice, or counted wrongly.

A job is matched to its attempt by the attempt's key, which its reference's address carries.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from studio.connections import provider_accounts
from studio.models import Attempt, Charge, ChargeState, GenerationTask, Status
from tests.simulators.ledger import Ledger
from tests.simulators.rows import Job

TOLD = {Status.FAILED, Status.EXPIRED, Status.CANCELED}


def differences(task: GenerationTask, ledger: Ledger, account: str) -> list[str]:
    """Sentences about one take whose story is over."""
    found: list[str] = []
    jobs: list[Job] = []
    for attempt in task.attempts.all():
        made = ledger.select_jobs("account = ? AND body LIKE ?", account, f"%{attempt.key}%")
        found += _of_attempt(task, attempt, made, creates_of(attempt, ledger, account))
        jobs += made
    for job in jobs:
        found += _of_job(task, job)
    return [*found, *_of_money(task, jobs, ledger)]


def creates_of(attempt: Attempt, ledger: Ledger, account: str) -> int:
    """How many creates of this attempt the provider read."""
    question = "SELECT count(*) AS n FROM creates WHERE account = ? AND body LIKE ?"
    row = ledger.run(question, account, f"%{attempt.key}%").fetchone()
    return int(row["n"])


def _of_attempt(task: GenerationTask, attempt: Attempt, jobs: list[Job], creates: int) -> Iterator[str]:
    repeats = provider_accounts.capability_for(task.connection).repeats_by_key
    if len(jobs) > 1:
        yield f"attempt {attempt.number} was made {len(jobs)} times"
    if creates > 1 and not repeats:
        yield f"attempt {attempt.number} was sent {creates} times"
    if attempt.job_id and attempt.job_id not in {job.id for job in jobs}:
        yield f"attempt {attempt.number} is linked to {attempt.job_id}, which is not its own"
    for job in jobs:
        if attempt.job_id != job.id and task.status != Status.UNCERTAIN:
            yield f"job {job.id} was accepted, is not linked, and the take is {task.status}"


def _of_job(task: GenerationTask, job: Job) -> Iterator[str]:
    if task.status == Status.UNCERTAIN:
        return
    if job.is_open:
        yield f"job {job.id} is {job.state}, and the take is {task.status}"
    if job.state == "succeeded" and task.status != Status.SUCCEEDED:
        sentence = task.error_message if task.status in TOLD else ""
        yield f"job {job.id} was made, and the take is {task.status}: {sentence or 'without a word'}"
    if job.state != "succeeded" and task.status == Status.SUCCEEDED:
        yield f"job {job.id} is {job.state}, and the take is ready"


def _of_money(task: GenerationTask, jobs: list[Job], ledger: Ledger) -> Iterator[str]:
    charges = list(task.charges.all())
    if not charges:
        yield "no money was set aside"
    taken = sum((ledger.balance(job.id) for job in jobs), Decimal(0))
    if taken and all(charge.state == ChargeState.RELEASED for charge in charges):
        yield f"the provider took {taken}, and ours came back"
    if task.status == Status.UNCERTAIN and not _has(charges, ChargeState.RESERVED):
        yield "nobody knows what became of it, and nothing is set aside"
    if task.status == Status.SUCCEEDED:
        settled = sum((counted(charge, task) for charge in charges), Decimal(0))
        if settled != taken or not _has(charges, ChargeState.SETTLED):
            yield f"the provider took {taken}, and we count {settled}"


def counted(charge: Charge, task: GenerationTask) -> Decimal:
    """What a settled charge says, in the unit of the provider's ledger: credits, dollars or seconds."""
    if charge.state != ChargeState.SETTLED:
        return Decimal(0)
    if charge.credits is not None:
        return charge.credits
    amount = charge.amount or Decimal(0)
    return amount / (task.connection.price_720p or 1) if task.provider == "dashscope" else amount


def _has(charges: list[Charge], state: ChargeState) -> bool:
    return any(charge.state == state for charge in charges)
