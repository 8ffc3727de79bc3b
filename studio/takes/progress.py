"""How far a take is, as a bar and as words. making-progress.js runs the same curve in the browser."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from studio.models import GenerationTask, Status
from studio.steps import waiting
from studio.templatetags.ui import long_duration

FULLEST = 96
STRAIGHT_UNTIL = 0.8
ROOM_LEFT = 0.16


@dataclass(frozen=True, kw_only=True)
class Countdown:
    """Whole seconds to the next try, of how many it waits in all."""

    left: int
    whole: int

    @property
    def percent(self) -> int:
        """What is still to be waited: the ring empties."""
        return round(100 * self.left / self.whole)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """`percent` is 0-96 while a clip is being made. `told` is the provider's own figure. Times are whole seconds.

    `countdown` is there while the take waits out some trouble.
    """

    percent: int
    elapsed: int
    expected: int
    told: int | None
    is_late: bool
    countdown: Countdown | None = None

    @property
    def expected_words(self) -> str:
        return long_duration(self.expected)

    @property
    def words(self) -> str:
        """For people who cannot see the bar: "52 seconds of about 90"."""
        return f"{self.elapsed} seconds of about {self.expected}"


def progress_of(task: GenerationTask, now: datetime) -> Progress:
    """Elapsed over the expected time, or what the provider tells."""
    elapsed = max(0, int((now - task.started_at).total_seconds())) if task.started_at else 0
    expected = max(1, task.expected_seconds)
    told = task.progress if task.status in {Status.RUNNING, Status.SAVING} else None
    percent = min(told, FULLEST) if told is not None else eased(elapsed / expected)
    is_late = (
        task.status == Status.RUNNING and elapsed > late_after(expected) and not task.cancel_requested_at
    )
    return Progress(
        percent=percent,
        elapsed=elapsed,
        expected=expected,
        told=told,
        is_late=is_late,
        countdown=_countdown(task, now) if task.trouble else None,
    )


def _countdown(task: GenerationTask, now: datetime) -> Countdown | None:
    if task.next_at is None:
        return None
    left = max(0, math.ceil((task.next_at - now).total_seconds()))
    return Countdown(left=left, whole=max(1, left, round(waiting.usual_pause(task.tries))))


def late_after(expected: int) -> float:
    """When "about" is over: half of all runs take longer than their median, and none of those is late."""
    return 1.25 * expected + 3


def eased(share: float) -> int:
    """Straight up to four fifths of the expected time, then ever slower, and never past 96."""
    if share <= STRAIGHT_UNTIL:
        return round(100 * max(0.0, share))
    over = (share - STRAIGHT_UNTIL) / ROOM_LEFT
    return min(FULLEST, round(100 * (STRAIGHT_UNTIL + ROOM_LEFT * (1 - math.exp(-over)))))
