"""A take whose create was never answered: what is known, by what evidence, and the two choices of a person."""

from __future__ import annotations

from studio.lifecycle import RESTORED
from studio.models import Attempt
from studio.steps.lost import NONE, SEVERAL
from studio.words import costs, times
from studio.words.making import free_draft
from studio.words.story import STATUS_ICONS, Known, Step, Story, listed


def unknown(known: Known) -> Story:
    label = known.label
    lead, evidence = _evidence(known)
    steps: tuple[Step, ...] = ()
    if not known.is_free:
        steps = (
            Step(kind="now", label="Check again", icon="rotate-cw"),
            Step(kind="looked", label=f"I looked in {label}"),
            free_draft("Free draft meanwhile"),
        )
    return Story(
        sign="uncertain",
        word="We don’t know yet",
        icon=STATUS_ICONS["uncertain"],
        lead=f"We don’t know yet whether {label} received this.",
        rest=f"{'' if _is_restored(known) else 'The line broke after sending. '}We will not send it twice.",
        evidence_lead=lead,
        evidence=evidence,
        safe="Everything is kept. If the clip turns up, it appears here by itself.",
        cost=_cost(known),
        steps=steps,
    )


def _is_restored(known: Known) -> bool:
    return known.attempt is not None and known.attempt.finding == RESTORED


def _evidence(known: Known) -> tuple[str, str]:
    """What was found so far: a fetch of our files proves most, the provider's list comes next."""
    attempt, label = known.attempt, known.label
    if attempt is None or known.is_free:
        return "", ""
    looked = _looked(known, attempt)
    if attempt.first_fetched_at:
        what = listed(known.picked_up) or "your files"
        at = times.at(attempt.first_fetched_at, known.now)
        return "It probably has it:", f"it picked up {what} from this studio at {at}. {looked}".strip()
    if attempt.finding == SEVERAL:
        return (
            f"{label} lists several clips of that moment,",
            "so a person has to say which of them this is.",
        )
    return "", looked


def _looked(known: Known, attempt: Attempt) -> str:
    capability, label = known.capability, known.label
    if attempt.finding == RESTORED:
        return "The studio was restored from a backup, and this may have been sent before that. A person can look."
    if not (capability.repeats_by_key or capability.lists_jobs):
        return f"{label} has no list to look in."
    if capability.repeats_by_key:
        asked = f"Asking {label} again with the same number can’t make it twice."
    elif attempt.finding == NONE and attempt.investigated_at:
        asked = f"{label} listed no such clip at {times.at(attempt.investigated_at, known.now)}."
    elif attempt.finding == SEVERAL:
        asked = f"{label} lists several clips of that moment."
    else:
        asked = f"We look for it in {label}’s list."
    if known.task.next_at is None:
        return f"{asked} We have stopped looking; a person can say."
    return f"{asked} We go on looking by ourselves."


def _cost(known: Known) -> str:
    line = costs.up_to(known)
    is_open = line.startswith("May cost") and known.charges
    return f"{line} That much stays set aside until this is settled." if is_open else line
