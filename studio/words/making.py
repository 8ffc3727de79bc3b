"""A take on its way, from the line to our own copy, while all goes well."""

from __future__ import annotations

from dataclasses import replace

from studio.models import PauseReason
from studio.models.generation_task import SENT
from studio.templatetags.ui import clock, file_size
from studio.words import costs, times
from studio.words.story import STATUS_ICONS, Known, Step, Story

ORDINALS = {1: "next in line", 2: "2nd in line", 3: "3rd in line"}
NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}
SAVING = "It’s made. Copying it to your own server, so it can’t expire."


def place_in_line(place: int) -> str:
    """ "next in line", "4th in line"; nothing when the place is not known."""
    return ORDINALS.get(place, f"{place}th in line") if place else "waiting"


def queued(known: Known) -> Story:
    account = known.task.connection
    steps: tuple[Step, ...] = ()
    rest = _line(known)
    if account.pause_reason == PauseReason.OWNER:
        rest = f"{known.label} is paused by an owner. This is sent as soon as that is over."
        steps = elsewhere(known)
    elif account.quiet_until and account.quiet_until > known.now:
        until = times.at(account.quiet_until, known.now)
        rest = f"{known.label} asked us to wait until {until}. Then it starts by itself."
    return Story(
        sign="queued",
        word="Waiting its turn",
        icon=STATUS_ICONS["queued"],
        rest=rest,
        aside=place_in_line(known.place),
        steps=steps,
        cancel="Cancel, free",
    )


def submitting(known: Known) -> Story:
    """Files on their way are told one by one; once the provider is being asked, money may be on its way."""
    handing, label = known.handing, known.label
    if known.task.cancel_requested_at:
        return _sending("Asked to stop. It ends before sending if it can.", cancel="")
    if known.is_free:
        return _sending(f"{label} is getting your files.")
    if handing is None or handing.done >= handing.total:
        price = costs.set_aside(known)
        return _sending(f"Asking {label} to make it." + (f" {price} is set aside." if price else ""))
    size = f", {file_size(handing.size_bytes)}" if handing.size_bytes else ""
    return replace(
        _sending(f"Sending {handing.name}{size}. Nothing spent yet.", cancel="Cancel, free"),
        strong=handing.name,
        aside=f"{handing.done + 1} of {handing.total}",
    )


def running(known: Known) -> Story:
    task, label, progress = known.task, known.label, known.progress
    if task.cancel_requested_at:
        rest = f"Asking {label} to stop. If it finishes first, the clip appears here."
        return Story(sign="running", word="Cancelling", rest=rest)
    if task.stage == SENT and not progress.is_late and not known.is_free:
        return Story(
            sign="sent",
            word="Sent",
            icon=STATUS_ICONS["sent"],
            rest=f"{label} has everything. It usually starts within a minute.",
            cancel="Cancel",
        )
    if progress.is_late:
        return _late(known)
    usual = f"Clips like this take about {progress.expected_words} here. You can close this page."
    if not known.is_free:
        length = known.task.version.duration
        usual = (
            f"{length}-second clips from {label} take about {progress.expected_words} here. "
            "You can close this page."
        )
    return Story(sign="running", word="Generating", rest=usual, cancel="Cancel")


def saving(known: Known) -> Story:
    """How far the copy is, where the download tells."""
    return Story(
        sign="saving",
        word="Saving the clip",
        icon=STATUS_ICONS["saving"],
        rest=SAVING,
        aside=known.task.stage,
    )


def ready(known: Known) -> Story:
    seconds = known.task.making_seconds
    return Story(
        sign="succeeded",
        word="Ready",
        icon=STATUS_ICONS["succeeded"],
        rest=f"Saved in Library, {known.task.project.name}.",
        aside=" · ".join(filter(None, (clock(seconds) if seconds else "", costs.ready_cost(known)))),
        cost=costs.ready_note(known),
        is_off=costs.is_off(known),
    )


def elsewhere(known: Known) -> tuple[Step, ...]:
    """The brief, opened at another account. Pressing it costs nothing yet."""
    if not known.offers:
        return ()
    offer = known.offers[0]
    return (
        Step(
            kind="elsewhere",
            label=f"Use {offer.label}",
            look="button button--ghost",
            sends=(("with", offer.provider), ("way", "open")),
        ),
    )


def free_draft(label: str) -> Step:
    """Drawn here, at once, and free."""
    sends = (("with", "local"), ("way", "send"))
    return Step(kind="elsewhere", label=label, look="button button--ghost", sends=sends)


def _sending(rest: str, *, cancel: str = "Cancel") -> Story:
    return Story(sign="submitting", word="Sending references", rest=rest, cancel=cancel)


def _late(known: Known) -> Story:
    price = costs.set_aside(known)
    stays = f"the price stays {price}"
    rest = f"{known.label} says it is still working. We keep asking"
    return Story(
        sign="running",
        word="Taking longer than usual",
        rest=f"{rest}, and {stays} however long it takes." if price else f"{rest}.",
        strong=stays if price else "",
        cancel="Cancel",
    )


def _line(known: Known) -> str:
    at_once = known.task.connection.parallel_limit
    if known.place == 1:
        return "Starts by itself in a moment."
    several = f"{NUMBERS.get(at_once, at_once)} clips" if at_once > 1 else "one clip"
    using = "" if known.task.is_draft else f" with {known.label}"
    return f"Your studio makes {several} at a time{using}. Starts by itself when one finishes."
