"""A take that ended without a clip: what happened, what is safe, what it cost, and the best next step."""

from __future__ import annotations

from dataclasses import dataclass

from studio.models import Status
from studio.providers.base import Capability, ErrorCategory
from studio.steps.waiting import holding_ends
from studio.takes.faults import FIRST_SECONDS
from studio.words import costs, times
from studio.words.making import elsewhere
from studio.words.story import STATUS_ICONS, Known, Step, Story


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a take failed. `{provider}` is filled in; `quotes`: what the provider said follows the first sentence."""

    lead: str
    safe: str
    rest: str = ""
    edit: str = ""
    quotes: bool = True


CAUSES: dict[str, Cause] = {
    ErrorCategory.AUTH: Cause(
        lead="{provider} didn’t accept the studio’s key.",
        rest="Someone may have changed it. An owner can put it right.",
        safe="Ready to send again as it is.",
        quotes=False,
    ),
    ErrorCategory.BALANCE: Cause(
        lead="The {provider} account ran out of credits.",
        safe="Ready to send again as it is.",
    ),
    ErrorCategory.INVALID_INPUT: Cause(
        lead="{provider} couldn’t use this brief.",
        safe="Prompt, references and settings kept.",
        edit="Change the brief",
    ),
    ErrorCategory.MODERATION: Cause(
        lead="{provider} declined this prompt.",
        safe="Prompt, references and settings kept.",
        edit="Edit the prompt",
    ),
    ErrorCategory.MEDIA_UNREACHABLE: Cause(
        lead="{provider} couldn’t open one of the references.",
        safe="The other references, the sentence and all settings are kept.",
        edit="Look at the references",
    ),
    ErrorCategory.RATE_LIMITED: Cause(
        lead="{provider} asked us to wait.",
        rest="It takes only so many clips at a time.",
        safe="Your brief and files are safe here.",
        quotes=False,
    ),
    ErrorCategory.PROVIDER_BUSY: Cause(
        lead="{provider} isn’t answering.",
        safe="Your brief and files are safe here.",
        quotes=False,
    ),
    ErrorCategory.NOT_SENT: Cause(
        lead="This clip couldn’t be sent to {provider}.",
        safe="Your brief and files are safe here.",
    ),
    ErrorCategory.EXPIRED: Cause(
        lead="{provider} no longer holds this clip.",
        safe="The brief is kept, so it can be made again.",
    ),
    ErrorCategory.PROVIDER_ERROR: Cause(
        lead="{provider} couldn’t finish this clip.",
        safe="Prompt, references and settings kept.",
    ),
}
ABOUT_THE_FILE = {ErrorCategory.INVALID_INPUT, ErrorCategory.MEDIA_UNREACHABLE}
MAYBE_ELSEWHERE = {ErrorCategory.RATE_LIMITED, ErrorCategory.PROVIDER_BUSY, ErrorCategory.NOT_SENT}


def failed(known: Known) -> Story:
    task = known.task
    if was_made(known):
        return _not_copied(known)
    category = ErrorCategory.EXPIRED if task.status == Status.EXPIRED else task.error_category
    cause = CAUSES.get(category, CAUSES[ErrorCategory.PROVIDER_ERROR])
    lead, rest = _said(known, cause)
    return Story(
        sign="failed",
        word="No longer held" if task.status == Status.EXPIRED else "Didn’t work",
        icon=STATUS_ICONS["failed"],
        lead=lead,
        rest=rest,
        safe=known.fault.safe if known.fault else cause.safe,
        cost=costs.cost_line(known),
        is_off=costs.is_off(known),
        steps=_steps(known, cause),
    )


def was_made(known: Known) -> bool:
    """The provider made it and still holds it; only our copy is missing."""
    task = known.task
    ends = holding_ends(task, known.capability)
    is_held = ends is not None and known.now < ends
    return task.status == Status.FAILED and bool(task.result_url) and is_held and not known.is_free


def canceled(known: Known) -> Story:
    task, label = known.task, known.label
    was_sent = bool(task.job_id) and not known.is_free
    rest = "It was stopped."
    if was_sent and task.next_at:
        rest = f"It was already sent, so {label} may still finish it. If it does, the clip will appear here."
    elif was_sent:
        rest = f"It was already sent to {label}. No clip came of it."
    ended = times.at(task.finished_at, known.now) if task.finished_at else ""
    return Story(
        sign="canceled",
        word="Cancelled",
        icon=STATUS_ICONS["canceled"],
        rest=rest,
        aside=f"by {known.canceled_by}, {ended}" if known.canceled_by else ended,
        safe="The brief is kept.",
        cost=costs.cost_line(known),
        is_off=costs.is_off(known),
        steps=(
            *(() if was_sent and task.next_at else (again(known),)),
            Step(kind="edit", label="Open the brief", look="button button--ghost"),
        ),
    )


def again(known: Known) -> Step:
    """Amber where pressing it can cost something, and nowhere else; it says what (M-11)."""
    return Step(
        kind="again",
        label=again_label(known.capability, costs.price_words(known.price) if known.price else ""),
        look=again_look(known.capability),
        icon="rotate-cw",
    )


def again_label(capability: Capability, price: str = "") -> str:
    return "Try again, free" if capability.is_free else f"Try again, {price or 'paid'}"


def again_look(capability: Capability) -> str:
    return "button" if capability.is_free else "button button--spend"


def _said(known: Known, cause: Cause) -> tuple[str, str]:
    """The sentence's bold part and the rest: as the provider's file worded it, around the input at fault."""
    fault, task = known.fault, known.task
    lead, rest = cause.lead.format(provider=known.label), cause.rest
    if task.error_message and (cause.quotes or known.is_free):
        first, said = _first_sentence(task.error_message)
        lead, rest = first, said or rest
        if fault and not known.is_free:
            lead = fault.lead(task.error_category, known.label)
    elif fault:
        lead = fault.lead(task.error_category, known.label)
    if task.error_category == ErrorCategory.BALANCE and not rest:
        rest = _short_of(known)
    return lead, rest


def _short_of(known: Known) -> str:
    """What is needed and left, by our own figures, where the provider told none."""
    charge, balance = known.charges[-1] if known.charges else None, known.task.connection.balance
    needed = (charge.credits_estimate or charge.estimate) if charge else None
    if charge is None or needed is None or balance is None:
        return ""
    if charge.credits_estimate is not None:
        return f"This clip needs {costs.plain(needed)} and {costs.plain(balance)} are left."
    return (
        f"This clip needs {costs.amount_words(needed, None)} and {costs.amount_words(balance, None)} is left."
    )


def _steps(known: Known, cause: Cause) -> tuple[Step, ...]:
    change = known.fault.act if known.fault else cause.edit
    once_more = again(known)
    if change:
        edit = Step(kind="edit", label=change, look="button button--paper")
        return (edit, *_around_fault(known), once_more)
    edit = Step(kind="edit", label="Open the brief", look="button button--ghost")
    if known.task.error_category == ErrorCategory.BALANCE and known.offers:
        return (_send_with(known), once_more)
    if known.task.error_category in MAYBE_ELSEWHERE:
        return (once_more, *elsewhere(known), edit)
    return (once_more, edit)


def _around_fault(known: Known) -> tuple[Step, ...]:
    """What else helps with an input that stood in the way: less of it, or nothing of it."""
    fault = known.fault
    steps: tuple[Step, ...] = ()
    if fault and fault.is_long and known.task.error_category in ABOUT_THE_FILE:
        label = f"Use its first {FIRST_SECONDS} seconds"
        steps += (Step(kind="first", label=label, sends=(("first", fault.key),)),)
    if fault and fault.is_spare:
        sends = (("without", fault.key),)
        steps += (Step(kind="without", label="Go without it", look="button button--ghost", sends=sends),)
    return steps


def _send_with(known: Known) -> Step:
    """The same version at another account, at once: that costs, so it is amber and says how much."""
    offer = known.offers[0]
    price = costs.price_words(offer.price) or "paid"
    return Step(
        kind="elsewhere",
        label=f"Send with {offer.label}, {price}",
        look="button button--spend",
        sends=(("with", offer.provider), ("way", "send")),
    )


def _not_copied(known: Known) -> Story:
    ends = holding_ends(known.task, known.capability)
    held = f"{known.label} keeps it until {times.at(ends, known.now)}." if ends else ""
    said = known.task.error_message.strip()
    return Story(
        sign="failed",
        word="Didn’t work",
        icon=STATUS_ICONS["failed"],
        lead="Made, but it couldn’t be copied here.",
        rest=" ".join(filter(None, (_after_made(said), held))),
        safe="The clip exists and can still be fetched.",
        cost=f"{costs.cost_line(known)} Fetching again is free.",
        is_off=costs.is_off(known),
        steps=(
            Step(kind="fetch", label="Fetch it again", look="button button--paper"),
            Step(kind="edit", label="Open the brief", look="button button--ghost"),
        ),
    )


def _after_made(said: str) -> str:
    """Why, without saying twice that it was made."""
    _, comma, why = said.partition(", but ")
    told = why.removeprefix("not copied. ") if comma else said
    return told[:1].upper() + told[1:]


def _first_sentence(message: str) -> tuple[str, str]:
    first, _, rest = message.strip().partition(". ")
    return (f"{first}.", rest) if rest else (first, "")
