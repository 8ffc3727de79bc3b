"""What people read about a take: one status, one sentence, what is safe, what it cost, what to do next.

Pure: no request, no query. Sentences follow the design's section 6: what happened, what is safe, what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from studio.faults import Fault
from studio.models import GenerationTask, Status
from studio.progress import Progress
from studio.providers.base import Capability, ErrorCategory

STATUS_ICONS = {
    "queued": "clock",
    "saving": "hard-drive-download",
    "succeeded": "play",
    "retrying": "rotate-cw",
    "failed": "triangle-alert",
    "expired": "triangle-alert",
    "canceled": "ban",
    "uncertain": "circle-question-mark",
}
ORDINALS = {1: "next in line", 2: "2nd in line", 3: "3rd in line"}


@dataclass(frozen=True, kw_only=True)
class Step:
    """A button: `kind` names what it does (again, edit), `look` how it is dressed."""

    kind: str
    label: str
    look: str = ""


@dataclass(frozen=True, kw_only=True)
class Story:
    """`sign` is the status as it is drawn; no icon means a turning ring. `lead` is the sentence's bold part."""

    sign: str
    word: str
    icon: str = ""
    lead: str = ""
    rest: str = ""
    safe: str = ""
    cost: str = ""
    steps: tuple[Step, ...] = ()
    cancel: str = ""


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a take failed. `{provider}` is filled in; `quotes` shows the provider's own words as its reason."""

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
        quotes=False,
    ),
    ErrorCategory.PROVIDER_ERROR: Cause(
        lead="{provider} couldn’t finish this clip.",
        safe="Prompt, references and settings kept.",
    ),
}


def story(
    task: GenerationTask,
    capability: Capability,
    progress: Progress,
    *,
    place: int = 0,
    fault: Fault | None = None,
) -> Story:
    """Everything a card says about a take. `place` is its place in line from 1, 0 if that is not known."""
    label = capability.label
    match task.status:
        case Status.QUEUED:
            return _waiting(task, capability, place)
        case Status.SUBMITTING:
            return Story(
                sign="submitting",
                word="Sending references",
                rest=f"{label} is getting your files. " + ("" if task.is_draft else "Nothing spent yet."),
                cancel="Cancel",
            )
        case Status.RUNNING:
            return _generating(task, capability, progress)
        case Status.SAVING:
            return Story(
                sign="saving",
                word="Saving the clip",
                icon=STATUS_ICONS["saving"],
                rest=f"{task.stage}. We try again by itself." if task.stage else _SAVING,
            )
        case Status.SUCCEEDED:
            return Story(
                sign="succeeded",
                word="Ready",
                icon=STATUS_ICONS["succeeded"],
                rest=f"Saved in Library, {task.project.name}.",
            )
        case Status.CANCELED:
            return _cancelled(task, capability)
        case Status.EXPIRED:
            return _failed(task, capability, CAUSES[ErrorCategory.EXPIRED])
        case Status.UNCERTAIN:
            return _unknown(capability)
        case _:
            cause = CAUSES.get(task.error_category, CAUSES[ErrorCategory.PROVIDER_ERROR])
            return _failed(task, capability, cause, fault)


_SAVING = "It’s made. Copying it to your own server, so it can’t expire."


def place_in_line(place: int) -> str:
    """ "next in line", "4th in line"; nothing when the place is not known."""
    return ORDINALS.get(place, f"{place}th in line") if place else "waiting"


def cost_line(task: GenerationTask, capability: Capability) -> str:
    """What an ended take cost, claimed only where we know it."""
    if capability.is_free:
        return "Free drafts cost nothing."
    if not task.job_id:
        return "Not charged: nothing was started."
    return f"May have cost something: {capability.label} had started it."


def again_label(capability: Capability) -> str:
    return "Try again, free" if capability.is_free else "Try again, paid"


def again_look(capability: Capability) -> str:
    """Amber where pressing it can cost something, and nowhere else."""
    return "button" if capability.is_free else "button button--spend"


def is_retrying(task: GenerationTask, now: datetime) -> bool:
    """A queued take that is not due: its last try could not be sent, and it goes again at `next_at`."""
    return (
        task.status == Status.QUEUED
        and task.next_at is not None
        and task.next_at > now
        and bool(task.started_at)
    )


def _waiting(task: GenerationTask, capability: Capability, place: int) -> Story:
    at_once = task.connection.parallel_limit
    several = f"{at_once} clips" if at_once > 1 else "one clip"
    what = "free drafts" if task.is_draft else f"clips with {capability.label}"
    rest = f"Your studio makes {several} at a time" + (f" from its {what}." if at_once > 1 else ".")
    return Story(
        sign="queued",
        word="Waiting its turn",
        icon=STATUS_ICONS["queued"],
        rest=f"{rest} Starts by itself when one finishes." if place != 1 else "Starts by itself in a moment.",
        cancel="Cancel, free",
    )


def _generating(task: GenerationTask, capability: Capability, progress: Progress) -> Story:
    if task.cancel_requested_at:
        return Story(
            sign="running",
            word="Cancelling",
            rest=f"Asking {capability.label} to stop. If it finishes first, the clip appears here.",
        )
    late = f"{capability.label} is still working. We keep asking."
    usual = f"Clips like this take about {progress.expected_words} here. You can close this page."
    return Story(
        sign="running",
        word="Taking longer than usual" if progress.is_late else "Generating",
        rest=late if progress.is_late else usual,
        cancel="Cancel",
    )


def _cancelled(task: GenerationTask, capability: Capability) -> Story:
    was_sent = bool(task.job_id) and not capability.is_free
    return Story(
        sign="canceled",
        word="Cancelled",
        icon=STATUS_ICONS["canceled"],
        rest=f"It was already sent, so {capability.label} may still finish it."
        if was_sent
        else "It was stopped.",
        safe="The brief is kept.",
        cost=cost_line(task, capability),
        steps=(
            Step(kind="again", label=again_label(capability), look=again_look(capability)),
            Step(kind="edit", label="Open the brief", look="button button--ghost"),
        ),
    )


def _failed(task: GenerationTask, capability: Capability, cause: Cause, fault: Fault | None = None) -> Story:
    lead, rest = cause.lead.format(provider=capability.label), cause.rest
    if fault:
        lead = fault.lead(task.error_category, capability.label)
    if task.error_message and capability.is_free:
        lead, rest = _first_sentence(task.error_message)
    elif task.error_message and cause.quotes:
        rest = f"Its reason: “{task.error_message.strip().rstrip('.')}”."
    change = fault.act if fault else cause.edit
    again = Step(kind="again", label=again_label(capability), look=again_look(capability))
    edit = Step(kind="edit", label=change or "Open the brief", look="button button--ghost")
    if change:
        edit = Step(kind="edit", label=change, look="button button--paper")
    return Story(
        sign="failed",
        word="No longer held" if task.status == Status.EXPIRED else "Didn’t work",
        icon=STATUS_ICONS["failed"],
        lead=lead,
        rest=rest,
        safe=fault.safe if fault else cause.safe,
        cost=cost_line(task, capability),
        steps=(edit, again) if change else (again, edit),
    )


def _first_sentence(message: str) -> tuple[str, str]:
    first, _, rest = message.strip().partition(". ")
    return (f"{first}.", rest) if rest else (first, "")


def _unknown(capability: Capability) -> Story:
    free = capability.is_free
    return Story(
        sign="uncertain",
        word="We don’t know yet",
        icon=STATUS_ICONS["uncertain"],
        lead=f"We don’t know yet whether {capability.label} received this.",
        rest="The line broke after sending. We will not send it twice.",
        safe="Everything is kept. If the clip turns up, it appears here by itself.",
        cost="Free drafts cost nothing." if free else "May cost what was shown before sending, at most once.",
    )
