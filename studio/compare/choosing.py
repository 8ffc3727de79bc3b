"""Choosing among takes: one is picked, the others go to the bin, and the last press can be taken back.

Takes stand in slots 1 to 4. A state is written "2.134": the picks before the dot, what lies in the bin after it. A
page carries the states that its presses left, so that taking back needs no memory here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from studio import lifecycle
from studio.models import GenerationTask, Status, User

STATE = re.compile(r"([1-4]{0,4})\.([1-4]{0,4})")
ACT = re.compile(r"(pick|unpick|bin|bring) ([1-4])|(rest|back)")
REMEMBERS = 20
LOCKED = "is approved and stays. Only an owner can open it again."
PICK_STAYS = "The pick of an approved version stays. Only an owner can open it again."


def choose(
    tasks: Sequence[GenerationTask], press: str, past: Sequence[str], actor: User
) -> tuple[str, list[str]]:
    """Do what a press asks for. Returns the sentence about it, and the states that taking back leads to."""
    wanted = ACT.fullmatch(press)
    if wanted is None or (wanted[2] and int(wanted[2]) > len(tasks)):
        return "", list(past)
    if wanted[3] == "back":
        return _take_back(tasks, past, actor)
    before = state_of(tasks)
    if wanted[3] == "rest":
        said = _bin_the_rest(tasks, actor)
    else:
        said = ACTS[wanted[1]](tasks[int(wanted[2]) - 1], int(wanted[2]), actor)
    _refresh(tasks)
    return said, [*past, before][-REMEMBERS:] if state_of(tasks) != before else list(past)


def state_of(tasks: Sequence[GenerationTask]) -> str:
    picked = "".join(str(slot) for slot, task in enumerate(tasks, 1) if task.is_pick)
    binned = "".join(str(slot) for slot, task in enumerate(tasks, 1) if task.binned_at)
    return f"{picked}.{binned}"


def read_past(text: str) -> list[str]:
    """The states that a page carries; what is none is left out."""
    return [state for state in text.split(",") if STATE.fullmatch(state)][-REMEMBERS:]


def _pick(task: GenerationTask, slot: int, actor: User) -> str:
    if lifecycle.set_pick(task, is_pick=True, actor=actor):
        return f"Take {slot} is the pick."
    if task.version.locked_at:
        return PICK_STAYS
    return "Only a ready clip outside the bin can be the pick."


def _unpick(task: GenerationTask, slot: int, actor: User) -> str:
    if lifecycle.set_pick(task, is_pick=False, actor=actor):
        return f"Take {slot} is no longer the pick."
    return PICK_STAYS if task.version.locked_at else f"Take {slot} is not the pick."


def _bin(task: GenerationTask, slot: int, actor: User) -> str:
    if _is_locked(task):
        return f"Take {slot} {LOCKED}"
    if lifecycle.put_in_bin([task], actor):
        return f"Take {slot} is in the bin for 30 days."
    return f"Take {slot} can’t go to the bin now."


def _bring(task: GenerationTask, slot: int, actor: User) -> str:
    lifecycle.take_from_bin([task], actor)
    return f"Take {slot} is back."


ACTS = {"pick": _pick, "unpick": _unpick, "bin": _bin, "bring": _bring}


def _bin_the_rest(tasks: Sequence[GenerationTask], actor: User) -> str:
    if not any(task.is_pick for task in tasks):
        return "Pick one first. Then the others can go to the bin."
    rest = [task for task in tasks if not task.is_pick and not task.binned_at]
    moved = {task.pk for task in lifecycle.put_in_bin(rest, actor)}
    stayed = [task for task in rest if task.pk not in moved]
    slots = [str(slot) for slot, task in enumerate(tasks, 1) if task.pk in moved]
    if not slots:
        return (
            "Nothing went to the bin: what is approved stays."
            if stayed
            else "The others are in the bin already."
        )
    said = f"Take {slots[0]} is" if len(slots) == 1 else f"Takes {', '.join(slots[:-1])} and {slots[-1]} are"
    return f"{said} in the bin for 30 days." + (" What is approved stays." if stayed else "")


def _take_back(tasks: Sequence[GenerationTask], past: Sequence[str], actor: User) -> tuple[str, list[str]]:
    if not past:
        return "There is nothing to take back.", []
    picks, binned = past[-1].split(".")
    for slot, task in enumerate(tasks, 1):
        if task.binned_at and str(slot) not in binned:
            lifecycle.take_from_bin([task], actor)
        elif not task.binned_at and str(slot) in binned:
            lifecycle.put_in_bin([task], actor)
    _refresh(tasks)
    for slot, task in enumerate(tasks, 1):
        is_pick = str(slot) in picks
        if task.is_pick != is_pick:
            lifecycle.set_pick(task, is_pick=is_pick, actor=actor)
    _refresh(tasks)
    return "Taken back." if state_of(tasks) == past[-1] else PICK_STAYS, list(past[:-1])


def _is_locked(task: GenerationTask) -> bool:
    return task.version.locked_at is not None and task.status == Status.SUCCEEDED


def _refresh(tasks: Sequence[GenerationTask]) -> None:
    for task in tasks:
        task.refresh_from_db(fields=["is_pick", "binned_at", "status"])
