"""Notes as a page shows them: threads with their answers, in plain values.

A long list is read in parts: the newest threads first, of each thread its last answers. So a page about a take
costs the same whether it has ten notes or thousands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from studio import drawings
from studio.drawings import Stroke
from studio.models import GenerationTask, Guest, Note, User
from studio.timecodes import timecode

THREADS_SHOWN = 25
THREADS_AT_MOST = 400
ANSWERS_SHOWN = 3
ANSWERS_AT_MOST = 400
PEOPLE = ("author", "guest", "done_by")

type Which = Literal["all", "open", "mine"]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which part of the list: `count` newest threads of one kind, and the whole thread that the note `also` is in."""

    which: Which = "all"
    count: int = THREADS_SHOWN
    user: User | None = None
    also: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One thing that somebody said. Of a deleted one nothing is left but who wrote it."""

    key: str
    name: str
    person: User | None
    guest: Guest | None
    text: str
    at: datetime
    is_edited: bool
    is_team_only: bool
    is_gone: bool

    @property
    def is_guest(self) -> bool:
        return self.guest is not None


@dataclass(frozen=True, kw_only=True)
class Thread(Remark):
    """A note with its answers. `time` is "0:02.14", "0:03.06 to 0:04.00", or empty for the whole clip.

    `drawing` says in words what was drawn, `earlier` counts answers that are not in `answers`.
    """

    first_frame: int | None
    last_frame: int | None
    time: str
    drawing: str
    done_by: str
    is_done: bool
    answers: tuple[Remark, ...] = field(default=())
    earlier: int = 0

    @property
    def is_stretch(self) -> bool:
        return self.first_frame is not None and self.last_frame != self.first_frame


@dataclass(frozen=True, kw_only=True)
class Threads:
    """Part of a take's list. `older` says that there are more; `total` and `open_count` count all of them."""

    shown: tuple[Thread, ...]
    older: bool
    total: int
    open_count: int


def threads(task: GenerationTask, *, for_guest: bool = False, wanted: Wanted | None = None) -> Threads:
    """The newest threads of a take. Three queries, however many there are."""
    wanted = wanted or Wanted()
    every = _visible(task, for_guest=for_guest)
    rows = list(_of_kind(every, wanted).order_by("-pk")[: wanted.count + 1])
    older, rows = len(rows) > wanted.count, rows[: wanted.count]
    if wanted.also and not any(row.note_id == wanted.also for row in rows):
        asked = Q(note_id=wanted.also) | Exists(
            Note.objects.filter(parent=OuterRef("pk"), note_id=wanted.also)
        )
        rows += list(every.filter(asked).exclude(pk__in=[row.pk for row in rows])[:1])
    counted = every.filter(deleted_at=None).aggregate(
        total=Count("pk"), open=Count("pk", filter=Q(done_at=None))
    )
    return Threads(
        shown=_with_answers(task, rows, for_guest=for_guest, whole=wanted.also),
        older=older,
        total=counted["total"],
        open_count=counted["open"],
    )


def thread(note: Note, *, for_guest: bool = False) -> Thread | None:
    """The whole thread that a note is in, None if it may not be seen."""
    rows = list(_visible(note.task, for_guest=for_guest).filter(pk=note.parent_id or note.pk))
    found = _with_answers(note.task, rows, for_guest=for_guest, whole=rows[0].note_id if rows else None)
    return found[0] if found else None


def drawings_of(
    task: GenerationTask, note_ids: Iterable[UUID], *, for_guest: bool = False
) -> dict[str, list[Stroke]]:
    """The strokes of these notes of a take, by note."""
    rows = _visible(task, for_guest=for_guest).filter(
        note_id__in=list(note_ids)[:THREADS_AT_MOST], deleted_at=None
    )
    return {str(note_id): drawing for note_id, drawing in rows.values_list("note_id", "drawing") if drawing}


def _visible(task: GenerationTask, *, for_guest: bool) -> QuerySet[Note]:
    """Threads of a take: what is there, and what was deleted while others had answered it."""
    answers = Note.objects.filter(parent=OuterRef("pk"), deleted_at=None)
    rows = Note.objects.threads().filter(task=task).select_related(*PEOPLE)
    if for_guest:
        rows, answers = rows.filter(is_team_only=False), answers.filter(is_team_only=False)
    return rows.filter(Q(deleted_at=None) | Exists(answers))


def _of_kind(rows: QuerySet[Note], wanted: Wanted) -> QuerySet[Note]:
    if wanted.which == "open":
        return rows.filter(done_at=None, deleted_at=None)
    if wanted.which == "mine" and wanted.user:
        return rows.filter(author=wanted.user, deleted_at=None)
    return rows


def _with_answers(
    task: GenerationTask, rows: Sequence[Note], *, for_guest: bool, whole: UUID | None
) -> tuple[Thread, ...]:
    answers: dict[int, list[Remark]] = {}
    counts: dict[int, int] = {}
    for answer in _last_answers(rows, for_guest=for_guest, whole=whole):
        answers.setdefault(answer.parent_id or 0, []).append(_remark(answer))
        counts[answer.parent_id or 0] = answer.said_in_all  # type: ignore[attr-defined]
    fps = task.clip.fps if task.clip else 0.0
    return tuple(_thread(row, fps, tuple(answers.get(row.pk, ())), counts.get(row.pk, 0)) for row in rows)


def _last_answers(rows: Sequence[Note], *, for_guest: bool, whole: UUID | None) -> list[Note]:
    """The last answers of each of these threads, oldest first, each with how many its thread has in all.

    Of the thread that `whole` is in, all of them.
    """
    if not rows:
        return []
    every = Note.objects.filter(parent__in=[row.pk for row in rows], deleted_at=None)
    if for_guest:
        every = every.filter(is_team_only=False)
    ranked = every.annotate(
        rank=Window(RowNumber(), partition_by=F("parent"), order_by=F("pk").desc()),
        said_in_all=Window(Count("pk"), partition_by=F("parent")),
    )
    last = Q(rank__lte=ANSWERS_SHOWN)
    if whole:
        last |= Q(rank__lte=ANSWERS_AT_MOST, is_whole=True)
        in_it = Q(parent__note_id=whole) | Exists(
            Note.objects.filter(parent=OuterRef("parent"), note_id=whole)
        )
        ranked = ranked.annotate(is_whole=in_it)
    return list(ranked.filter(last).select_related("author", "guest").order_by("pk"))


def _thread(row: Note, fps: float, answers: tuple[Remark, ...], in_all: int) -> Thread:
    said = _remark(row)
    return Thread(
        **{name: getattr(said, name) for name in said.__dataclass_fields__},
        first_frame=row.first_frame,
        last_frame=row.last_frame,
        time=_time(row, fps),
        drawing="" if said.is_gone else drawings.in_words(row.drawing),
        done_by=str(row.done_by or ""),
        is_done=row.done_at is not None,
        answers=answers,
        earlier=in_all - len(answers),
    )


def _remark(note: Note) -> Remark:
    said = Remark(
        key=str(note.note_id),
        name=str(note.author or note.guest),
        person=note.author,
        guest=note.guest,
        text=note.text,
        at=note.created_at,
        is_edited=note.edited_at is not None,
        is_team_only=note.is_team_only,
        is_gone=note.deleted_at is not None,
    )
    return replace(said, text="") if said.is_gone else said


def _time(note: Note, fps: float) -> str:
    if note.first_frame is None or note.last_frame is None or not fps:
        return ""
    first = timecode(note.first_frame, fps)
    if note.last_frame == note.first_frame:
        return first
    return f"{first} to {timecode(note.last_frame, fps)}"
