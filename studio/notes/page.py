"""The notes beside a clip: each thread with what this person may do to it, the marks on the timeline, the composer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import QueryDict

from studio import access, changes, notes
from studio.access import May
from studio.http import read_uuid
from studio.models import GenerationTask, User
from studio.notes import Remark, Thread
from studio.notes.people import people_of, pieces_of
from studio.notes.threads import THREADS_AT_MOST, THREADS_SHOWN, Threads
from studio.reviews.poll import Look
from studio.timecodes import timecode

CHOICES = (("all", "All"), ("open", "Open"), ("mine", "Mine"))


@dataclass(frozen=True, kw_only=True)
class Said:
    """A remark as one person sees it. `pieces` are its words, those that name somebody told apart."""

    remark: Remark
    pieces: tuple[tuple[str, bool], ...]
    may_change: bool
    may_delete: bool


@dataclass(frozen=True, kw_only=True)
class Row(Said):
    """A thread as one person sees it. `spoken` is its mark on the timeline in words."""

    thread: Thread
    answers: tuple[Said, ...]
    is_selected: bool
    spoken: str


def panel_context(task: GenerationTask, user: User, asked: QueryDict | None = None) -> dict[str, Any]:
    """The panel of a page that opens. `asked` is the page's own query: which notes, how many, the selected one.

    `start` is the frame of the selected note, to open the film on; None without one.
    """
    look = Look.read(asked) if asked is not None else Look()
    look = look.now(seen=changes.latest_revision(), decided="", here="")
    context = list_context(task, user, look)
    chosen = next((each.thread.first_frame for each in context["rows"] if each.is_selected), None)
    return context | {
        "start": chosen,
        "new_note_id": uuid4(),
        "may_note": access.may(user, May.NOTE),
        "deleted": read_uuid(asked.get("deleted")) if asked is not None else None,
    }


def list_context(task: GenerationTask, user: User, look: Look) -> dict[str, Any]:
    """The list and the marks, without the composer."""
    part = notes.threads(task, wanted=look.wanted(user))
    return {
        "task": task,
        "notes": part,
        "rows": rows(task, part, user, selected=look.note),
        "note_count": part.total,
        "look": look,
        "more": min(look.count + THREADS_SHOWN, THREADS_AT_MOST) if part.older else 0,
        "choices": CHOICES,
        "choice": dict(CHOICES)[look.which],
        "poll_query": look.query(task),
    }


def rows(task: GenerationTask, part: Threads, user: User, *, selected: UUID | None = None) -> list[Row]:
    named = _who_is_named(task, part.shown)
    return [_row(task, thread, user, named, selected) for thread in part.shown]


def row(task: GenerationTask, thread: Thread, user: User, *, selected: UUID | None = None) -> Row:
    return _row(task, thread, user, _who_is_named(task, [thread]), selected)


def _row(
    task: GenerationTask, thread: Thread, user: User, named: Sequence[User], selected: UUID | None
) -> Row:
    keys = {thread.key, *(answer.key for answer in thread.answers)}
    said = _said(thread, user, named)
    return Row(
        **{name: getattr(said, name) for name in Said.__dataclass_fields__},
        thread=thread,
        answers=tuple(_said(answer, user, named) for answer in thread.answers),
        is_selected=str(selected) in keys,
        spoken=_spoken(thread, task.clip.fps if task.clip else 0.0),
    )


def _said(remark: Remark, user: User, named: Sequence[User]) -> Said:
    pieces = pieces_of(remark.text, named) if remark.person else ((remark.text, False),)
    return Said(remark=remark, pieces=pieces, **_rights(remark, user))


def _who_is_named(task: GenerationTask, shown: Sequence[Thread]) -> list[User]:
    """Those whose names are told apart: asked for only if a member wrote an @."""
    said = (remark for thread in shown for remark in (thread, *thread.answers))
    return people_of(task.project) if any(each.person and "@" in each.text for each in said) else []


def _rights(remark: Remark, user: User) -> dict[str, bool]:
    is_own = remark.person == user and access.may(user, May.NOTE)
    return {
        "may_change": is_own and not remark.is_gone,
        "may_delete": (is_own or access.may(user, May.SETTLE)) and not remark.is_gone,
    }


def _spoken(thread: Thread, fps: float) -> str:
    """ "Priya Nair at 2 seconds 14 frames, open"."""
    if thread.first_frame is None or thread.last_frame is None or not fps:
        return ""
    when = f"at {_in_words(thread.first_frame, fps)}"
    if thread.is_stretch:
        when = f"from {_in_words(thread.first_frame, fps)} to {_in_words(thread.last_frame, fps)}"
    drawn = f", with {thread.drawing}" if thread.drawing else ""
    return f"{thread.name} {when}{drawn}, {'done' if thread.is_done else 'open'}"


def _in_words(frame: int, fps: float) -> str:
    minutes, _, rest = timecode(frame, fps).partition(":")
    seconds, _, frames = rest.partition(".")
    parts = [_count(int(minutes), "minute"), _count(int(seconds), "second"), _count(int(frames), "frame")]
    return " ".join(part for part in parts if part) or "the beginning"


def _count(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}" if number else ""
