"""Everything a guest may know, and nothing else: pages, fragments and polls for guests are drawn from these alone.

Templates of guests never get a model, so that a field added to one cannot leave the studio by itself (L-06).
What the team writes is signed by the studio, not by the person; only who shared it is named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from studio.context import studio_name
from studio.guests.making import making_of
from studio.guests.told import GuestClip, GuestDecision, GuestFilm, GuestNote, GuestPage
from studio.guests.visit import Visit
from studio.models import Decision, GenerationTask, Note, Share, Verdict
from studio.sharing.visits import watched
from studio.timecodes import frame_count

NOTES_AT_MOST = 300


type Address = Callable[[UUID, str], str]


def page_of(visit: Visit, tasks: Sequence[GenerationTask], *, token: str, wanted: UUID | None) -> GuestPage:
    """The page as this visit sees it, on the wanted clip or the first one."""

    def address(task_id: UUID, variant: str) -> str:
        return reverse("studio:guest-media", args=[token, task_id, variant])

    return _page(visit, tasks, token=token, wanted=wanted, address=address)


def preview_of(share: Share, tasks: Sequence[GenerationTask], *, wanted: UUID | None) -> GuestPage:
    """The same page for those who share it, as somebody new would see it, by the doors of the studio."""

    def address(task_id: UUID, variant: str) -> str:
        return reverse("studio:clip-media", args=[task_id, variant])

    return _page(Visit(share, {}), tasks, token="", wanted=wanted, address=address)


def _page(
    visit: Visit, tasks: Sequence[GenerationTask], *, token: str, wanted: UUID | None, address: Address
) -> GuestPage:
    share = visit.share
    task = next((each for each in tasks if each.task_id == wanted), tasks[0] if tasks else None)
    titles = _titles(tasks)
    decisions = _decisions(visit, tasks)
    notes = _notes(visit, task) if task and share.may_comment else []
    mine = decisions.get(task.version_id) if task else None
    return GuestPage(
        token=token,
        studio=studio_name(),
        title=share.title,
        message=share.message,
        sender=share.created_by.name,
        ends_at=share.ends_at,
        me=visit.guest.name if visit.guest else "",
        may_comment=share.may_comment,
        may_decide=share.may_decide,
        clips=_clips(visit, tasks, task, titles, decisions, address),
        film=_film(task, titles[task.pk], share, address) if task else None,
        decision=_decision(mine),
        notes=notes,
        making=making_of(task) if task and share.shows_making else None,
        terms=_terms(share, tasks),
        revision=_revision(notes, decisions.values()),
        is_preview=not token,
    )


def _titles(tasks: Sequence[GenerationTask]) -> dict[int, str]:
    """The shots' titles; takes of one shot are told apart by their place on this page, never by their version."""
    seen: dict[str, int] = {}
    counts = [task.version.shot.title for task in tasks]
    titles = {}
    for task in tasks:
        title = task.version.shot.title
        seen[title] = seen.get(title, 0) + 1
        titles[task.pk] = f"{title}, {seen[title]}" if counts.count(title) > 1 else title
    return titles


def _clips(
    visit: Visit,
    tasks: Sequence[GenerationTask],
    current: GenerationTask | None,
    titles: dict[int, str],
    decisions: dict[UUID, Decision],
    address: Address,
) -> list[GuestClip]:
    seen = watched(visit, list(tasks))

    def state(task: GenerationTask) -> str:
        decision = decisions.get(task.version_id)
        if decision:
            return "approved" if decision.verdict == Verdict.APPROVED else "asked"
        if current and task.pk == current.pk:
            return "now"
        return "watched" if task.pk in seen else "new"

    return [
        GuestClip(
            key=str(task.task_id),
            title=titles[task.pk],
            address=f"?clip={task.task_id}",
            poster=_poster(task, address),
            state=state(task),
        )
        for task in tasks
    ]


def _film(task: GenerationTask, title: str, share: Share, address: Address) -> GuestFilm | None:
    clip = task.clip
    if clip is None:
        return None
    return GuestFilm(
        key=str(task.task_id),
        title=title,
        src=address(task.task_id, "video"),
        poster=_poster(task, address),
        sprite=address(task.task_id, "sprite") if clip.previews.get("sprite") else "",
        download=address(task.task_id, "download") if share.may_download else "",
        width=clip.width,
        height=clip.height,
        seconds=clip.duration,
        fps=clip.fps,
        frames=frame_count(clip.duration, clip.fps),
    )


def _poster(task: GenerationTask, address: Address) -> str:
    return address(task.task_id, "poster") if task.clip and task.clip.previews.get("poster") else ""


def _decisions(visit: Visit, tasks: Sequence[GenerationTask]) -> dict[UUID, Decision]:
    """What this guest decided, by version. What others decided is the studio's."""
    if visit.guest is None:
        return {}
    versions = {task.version_id for task in tasks}
    rows = Decision.objects.standing().filter(guest=visit.guest, version__in=versions)
    return {row.version_id: row for row in rows}


def _decision(row: Decision | None) -> GuestDecision | None:
    return GuestDecision(verdict=row.verdict, sentence=row.sentence, at=row.at) if row else None


def _notes(visit: Visit, task: GenerationTask) -> list[GuestNote]:
    """Notes for all about the clip: of this link's guests and of the team, threads in the order of the film."""
    share = visit.share
    rows = list(
        Note.objects.for_guests()
        .filter(Q(guest=None) | Q(guest__share=share), task=task)
        .exclude(parent__deleted_at__isnull=False)
        .filter(Q(parent=None) | Q(parent__guest=None) | Q(parent__guest__share=share))
        .select_related("guest", "parent")
        .order_by("pk")[:NOTES_AT_MOST]
    )
    fps = task.clip.fps if task.clip else 1.0
    threads = sorted(
        (row for row in rows if row.parent_id is None), key=lambda row: (row.first_frame or 0, row.pk)
    )
    answers: dict[int, list[Note]] = {}
    for row in rows:
        if row.parent_id:
            answers.setdefault(row.parent_id, []).append(row)
    return [_note(each, visit, fps) for thread in threads for each in (thread, *answers.get(thread.pk, []))]


def _note(row: Note, visit: Visit, fps: float) -> GuestNote:
    is_mine = visit.guest is not None and row.guest_id == visit.guest.pk
    return GuestNote(
        key=str(row.note_id),
        who="you" if is_mine else "guest" if row.guest else "studio",
        name=row.guest.name if row.guest else studio_name(),
        text=row.text,
        frame=row.first_frame,
        seconds=(row.first_frame or 0) / fps,
        drawing=list(row.drawing),
        at=row.created_at,
        is_answer=row.parent_id is not None,
        is_done=row.done_at is not None,
        is_changed=row.edited_at is not None,
    )


def _terms(share: Share, tasks: Sequence[GenerationTask]) -> str:
    switches = [share.may_comment, share.may_decide, share.may_download, share.shows_making]
    said = [share.title, share.message, share.ends_at.isoformat()]
    return _word([*switches, *said, [[task.pk, task.version.shot.title] for task in tasks]])


def _revision(notes: Sequence[GuestNote], decisions: Iterable[Decision]) -> str:
    shown = [[note.key, note.text, note.is_done, note.frame, len(note.drawing)] for note in notes]
    return _word([shown, [decision.pk for decision in decisions]])


def _word(shown: list[Any]) -> str:
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]
