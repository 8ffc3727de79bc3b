"""A take that cannot go on just now, and does so by itself: since when, what for, until when."""

from __future__ import annotations

from studio.models import PauseReason, Status, Trouble
from studio.steps.waiting import BUSY_TRIES, TRY_FOR, holding_ends
from studio.words import costs, times
from studio.words.making import elsewhere, free_draft
from studio.words.story import LEFT, STATUS_ICONS, Known, Step, Story

# A job under way is fine though a question about it went wrong: so many in a row before the card says so (T-07).
SHOWN_FROM = {Trouble.OUTAGE: 2, Trouble.BUSY: 2, Trouble.RATE: 3, Trouble.ODD: 10}
SAFE = "Your brief and files are safe here."
TRY_NOW = Step(kind="now", label="Try now")


def is_waiting(known: Known) -> bool:
    """Whether the card tells of the trouble."""
    task = known.task
    if is_without_key(known):
        return True
    if not task.trouble or task.cancel_requested_at:
        return False
    if task.status == Status.RUNNING:
        return task.tries >= SHOWN_FROM.get(Trouble(task.trouble), 1)
    return task.status in {Status.QUEUED, Status.SAVING}


def is_without_key(known: Known) -> bool:
    """Not sent, or not to be asked about, until an owner puts the key right."""
    task = known.task
    paused = task.status == Status.QUEUED and task.connection.pause_reason == PauseReason.KEY
    return paused or (task.is_active and task.trouble == Trouble.KEY)


def waiting(known: Known) -> Story:
    task = known.task
    if is_without_key(known):
        return _key(known)
    if task.status == Status.SAVING:
        return _copying(known)
    return _unsent(known) if task.status == Status.QUEUED else _unanswered(known)


def _unsent(known: Known) -> Story:
    """Nothing has left this studio, so it can go anywhere else."""
    task, label = known.task, known.label
    since = task.trouble_since or known.now
    lead, rest = {
        Trouble.BUSY: (f"{label} is too busy to take this clip.", f"We try again in {LEFT}."),
        Trouble.RATE: (
            f"{label} asked us to wait.",
            f"It takes only so many clips at a time. We try again in {LEFT}.",
        ),
        Trouble.STORING: (
            "The studio’s storage for references isn’t answering.",
            f"Nothing was sent. We try again in {LEFT}.",
        ),
    }.get(
        Trouble(task.trouble),
        (
            f"{label} isn’t answering",
            f"since {times.at(since, known.now)}. We try again in {LEFT}, then less often, "
            f"until {times.at(since + TRY_FOR, known.now)}.",
        ),
    )
    return Story(
        sign="retrying",
        word="Trying again soon",
        icon=STATUS_ICONS["retrying"],
        lead=lead,
        rest=rest,
        aside=_tries(known),
        safe=SAFE,
        cost=costs.NOTHING_YET,
        steps=(*(() if task.trouble == Trouble.RATE else (TRY_NOW,)), *elsewhere(known)),
        cancel="Cancel, free",
        countdown=known.progress.countdown,
    )


def _unanswered(known: Known) -> Story:
    """The provider has the clip; it is only our questions that go wrong."""
    task, label = known.task, known.label
    since = times.at(task.trouble_since or known.now, known.now)
    told = {
        Trouble.RATE: (f"{label} asked us to wait.", f"The clip goes on there. We ask again in {LEFT}."),
        Trouble.RESULT: (
            f"{label} says it’s made, but hasn’t handed it out yet.",
            f"We ask again in {LEFT}.",
        ),
        Trouble.ODD: (
            f"{label} answers in a way we don’t understand",
            f"since {since}. The clip may well be under way: we keep asking, next in {LEFT}.",
        ),
    }
    otherwise = (
        f"{label} isn’t answering",
        f"since {since}. It has this clip already and may be making it. We ask again in {LEFT}.",
    )
    lead, rest = told.get(Trouble(task.trouble), otherwise)
    return Story(
        sign="retrying",
        word="Trying again soon",
        icon=STATUS_ICONS["retrying"],
        lead=lead,
        rest=rest,
        aside=_tries(known),
        safe="Your brief and files are safe here. If the clip is made, it appears here.",
        cost=costs.up_to(known),
        steps=() if task.trouble == Trouble.RATE else (TRY_NOW,),
        cancel="Cancel",
        countdown=known.progress.countdown,
    )


def _copying(known: Known) -> Story:
    """Made, and only our own copy is missing."""
    task, label = known.task, known.label
    why = (
        f"{label} hasn’t handed it out since {times.at(task.trouble_since or known.now, known.now)}."
        if task.trouble == Trouble.RESULT
        else "your server didn’t take it; its disk may be full."
    )
    ends = holding_ends(task, known.capability)
    held = "" if ends is None or known.is_free else f" {label} keeps it until {times.at(ends, known.now)}."
    return Story(
        sign="retrying",
        word="Trying again soon",
        icon=STATUS_ICONS["retrying"],
        lead="Made, but it couldn’t be copied here yet:",
        rest=f"{why}{held} We try again in {LEFT}.",
        aside=_tries(known),
        safe="The clip exists and can still be fetched.",
        cost=_fetching_is_free(known),
        is_off=costs.is_off(known),
        steps=(Step(kind="now", label="Fetch it again", look="button button--paper"),),
        countdown=known.progress.countdown,
    )


def _key(known: Known) -> Story:
    """The one trouble that time does not heal: an owner has to do something."""
    is_unsent = known.task.status == Status.QUEUED
    since = known.task.trouble_since or known.task.connection.paused_at
    rest = "Someone may have changed it. Owners can put it right on Connections."
    if not is_unsent:
        rest = f"The clip goes on there, and we can’t ask about it. {rest}"
    tell = Step(kind="tell", label=f"Tell {known.owners[0].split()[0]}" if known.owners else "Tell an owner")
    return Story(
        sign="failed" if is_unsent else "retrying",
        word="Didn’t work" if is_unsent else "Waiting for a key",
        icon=STATUS_ICONS["failed" if is_unsent else "retrying"],
        lead=f"{known.label} didn’t accept the studio’s key.",
        rest=rest,
        aside=times.at(since, known.now) if since else "",
        safe="It will be sent as soon as the key works."
        if is_unsent
        else "If the clip is made, it is fetched as soon as the key works.",
        cost="Not charged." if is_unsent else costs.up_to(known),
        steps=(tell, free_draft("Make a free draft")),
        cancel="Cancel, free" if is_unsent else "Cancel",
    )


def _fetching_is_free(known: Known) -> str:
    line = costs.cost_line(known)
    return line if known.is_free else f"{line} Fetching again is free."


def _tries(known: Known) -> str:
    coming = known.task.tries + 1
    is_last_known = known.task.trouble == Trouble.BUSY and known.task.status == Status.QUEUED
    return f"try {coming} of {BUSY_TRIES + 1}" if is_last_known else f"try {coming}"
