"""What a task does when it cannot go on just now: note why, wait longer each time, and never give up in silence."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from studio import lifecycle
from studio.connections import provider_accounts
from studio.delivery.links import NotDelivered
from studio.models import Attempt, Connection, ConnectionKey, GenerationTask, Trouble
from studio.providers.base import Capability, ErrorCategory, ProviderError

logger = logging.getLogger(__name__)
ALARM_AFTER = timedelta(hours=1)
FIRST_PAUSE, LONGEST_PAUSE, GROWS = 10.0, 300.0, 1.6
KEY_PAUSE = timedelta(seconds=60)
TRY_FOR = timedelta(hours=24)
BUSY_TRIES = 2
TROUBLES = {
    ErrorCategory.NOT_SENT: Trouble.OUTAGE,
    ErrorCategory.UNCERTAIN: Trouble.OUTAGE,
    ErrorCategory.PROVIDER_BUSY: Trouble.BUSY,
    ErrorCategory.RATE_LIMITED: Trouble.RATE,
    ErrorCategory.AUTH: Trouble.KEY,
}
OF_THE_ACCOUNT = {Trouble.OUTAGE, Trouble.BUSY, Trouble.RATE}


def waits_for(task: GenerationTask, trouble: Trouble) -> lifecycle.Waits:
    """The same trouble goes on counting; another one begins anew."""
    is_same = task.trouble == trouble and task.trouble_since is not None
    since = task.trouble_since if is_same and task.trouble_since else timezone.now()
    return lifecycle.Waits(trouble=trouble, since=since, tries=task.tries + 1 if is_same else 1)


def pause_after(waits: lifecycle.Waits, error: ProviderError | None = None) -> timedelta:
    """As long as the provider asked for; else longer with each try."""
    if waits.trouble == Trouble.KEY:
        return KEY_PAUSE
    if error is not None and error.retry_after:
        return timedelta(seconds=error.retry_after)
    return timedelta(seconds=usual_pause(waits.tries))


def usual_pause(tries: int) -> float:
    """Seconds to wait after so many tries in vain."""
    return min(FIRST_PAUSE * GROWS ** min(max(0, tries - 1), 20), LONGEST_PAUSE)


def is_over(waits: lifecycle.Waits, now: datetime) -> bool:
    """Whether trying to send has gone on for long enough."""
    if waits.trouble == Trouble.BUSY:
        return waits.tries > BUSY_TRIES
    return waits.trouble != Trouble.KEY and now - waits.since > TRY_FOR


def note_for_account(
    connection: Connection, error: ProviderError, *, key: ConnectionKey | None = None
) -> None:
    """What one task met holds for its whole account: no key works, or nobody answers, or all shall wait.

    `key` is the one that was used: an old one that is refused says nothing about the one that replaced it (K-03).
    """
    now = timezone.now()
    if error.category == ErrorCategory.AUTH:
        current = provider_accounts.current_key(connection)
        if key is None or current is None or key.pk == current.pk:
            provider_accounts.pause_for_key(connection)
        return
    if TROUBLES.get(error.category) not in OF_THE_ACCOUNT:
        return
    fields: dict[str, datetime] = {}
    if connection.trouble_since is None:
        fields["trouble_since"] = now
    if error.category == ErrorCategory.RATE_LIMITED and error.retry_after:
        fields["quiet_until"] = now + timedelta(seconds=error.retry_after)
    if fields:
        Connection.objects.filter(pk=connection.pk).update(**fields)


def answered(connection: Connection) -> None:
    """The account answers again."""
    if connection.trouble_since is not None:
        Connection.objects.filter(pk=connection.pk).update(trouble_since=None)
        connection.trouble_since = None


def wait(task: GenerationTask, token: UUID, trouble: Trouble, error: ProviderError | None = None) -> None:
    """Look again later, with the reason on the card."""
    waits = waits_for(task, trouble)
    if trouble in {Trouble.ODD, Trouble.RESULT}:
        warn_if_long(task, waits, error.message if error else "no sense in its provider's answers")
    again = timezone.now() + pause_after(waits, error)
    lifecycle.report(task, token, look_again=again, progress=task.progress, stage=task.stage, waits=waits)


def warn_if_long(task: GenerationTask, waits: lifecycle.Waits, why: str) -> None:
    """Raise the alarm for what nobody but a person can put right (T-08)."""
    if timezone.now() - waits.since > ALARM_AFTER:
        logger.error("Task %s has had the same trouble for over an hour: %s", task.task_id, why)


def send_later(task: GenerationTask, attempt: Attempt, token: UUID, error: ProviderError) -> bool:
    """Nothing was sent: queue it again for later. False if it has been tried for long enough."""
    now = timezone.now()
    trouble = Trouble.STORING if isinstance(error, NotDelivered) else TROUBLES[error.category]
    waits = waits_for(task, trouble)
    if is_over(waits, now):
        return False
    lifecycle.give_back(task, attempt, token, retry_at=now + pause_after(waits, error), waits=waits)
    return True


def age_seconds(task: GenerationTask) -> float:
    """Seconds since the job was sent."""
    return (timezone.now() - task.started_at).total_seconds() if task.started_at else 0.0


def next_look(task: GenerationTask, capability: Capability) -> datetime:
    """When to look next, by the provider's own rhythm."""
    age, rhythm = age_seconds(task), capability.poll_rhythm
    pause = next((pause for until, pause in rhythm if age < until), rhythm[-1][1])
    return timezone.now() + timedelta(seconds=pause)


def is_past_holding(task: GenerationTask, capability: Capability) -> bool:
    """Whether the provider's time is over: it holds no result any longer, and polling ends (T-04)."""
    ends = holding_ends(task, capability)
    return ends is not None and timezone.now() > ends


def holding_ends(task: GenerationTask, capability: Capability) -> datetime | None:
    """Until when the provider holds what it makes, counted from when it was sent; None before that."""
    if task.started_at is None:
        return None
    seconds = max(capability.holds_results_seconds, capability.gives_up_after_seconds)
    return task.started_at + timedelta(seconds=seconds)
