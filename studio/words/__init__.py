"""What people read about a take: one status, one sentence, what is safe, what it cost, what to do next.

Pure: no request, no query. Sentences follow the design's section 6: what happened, what is safe, what to do.
One file for each group of states.
"""

from __future__ import annotations

from studio.models import Status
from studio.words import ended, making, unknown, waits
from studio.words.costs import amount_words, percent_words, price_words, ready_cost
from studio.words.costs import fact as cost_fact
from studio.words.story import LEFT, Handing, Known, Offer, Step, Story, listed

__all__ = [
    "LEFT",
    "Handing",
    "Known",
    "Offer",
    "Step",
    "Story",
    "amount_words",
    "cost_fact",
    "listed",
    "percent_words",
    "price_words",
    "ready_cost",
    "story",
]

STORIES = {
    Status.QUEUED: making.queued,
    Status.SUBMITTING: making.submitting,
    Status.RUNNING: making.running,
    Status.SAVING: making.saving,
    Status.SUCCEEDED: making.ready,
    Status.CANCELED: ended.canceled,
    Status.UNCERTAIN: unknown.unknown,
}


def story(known: Known) -> Story:
    """Everything a card says about a take."""
    if waits.is_waiting(known):
        return waits.waiting(known)
    return STORIES.get(Status(known.task.status), ended.failed)(known)
