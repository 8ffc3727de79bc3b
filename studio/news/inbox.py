"""What waits for one person: clips to judge, takes to pick from, what is out with a client, what came back, mentions.

Nothing is ticked off here: an item is there because something is not done yet, and leaves when it is, from anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.utils import timezone

from studio import access
from studio.access import May
from studio.models import (
    Decision,
    GenerationTask,
    Note,
    NoteMention,
    Notice,
    Project,
    ReviewStatus,
    Shot,
    User,
    Verdict,
)
from studio.models.status import ACTIVE
from studio.news import notices
from studio.prepared import SOMEBODY, Prepared
from studio.reviews.dock import DOES, said
from studio.sharing.with_client import WithClient, newest_ready, waiting
from studio.takes.cards import Card, tiles

COUNTED_AT_MOST = 99
SHOWN_AT_MOST = 60
DONE_SHOWN = 40


class Kind(StrEnum):
    REVIEW = "review"
    PICK = "pick"
    CLIENT = "client"
    CHANGES = "changes"


@dataclass(frozen=True, kw_only=True)
class ShotItem:
    """A shot that waits. `takes` are those ready of its newest version; `with_client` if it is out with somebody."""

    kind: Kind
    card: Card
    at: datetime
    takes: int
    open_notes: int
    decisions: Sequence[Decision]
    with_client: WithClient | None = None

    @property
    def line(self) -> str:
        """ "Mara made it. Theo approved, 5 notes open." """
        maker = self.card.task.created_by.get_short_name()
        if self.kind == Kind.PICK:
            return f"{maker} made {self.takes} takes and has no pick yet"
        if self.kind == Kind.CLIENT and self.with_client:
            return f"With {self.with_client.name}, not decided there yet"
        if self.kind == Kind.CHANGES:
            return said(self.decisions, Verdict.NEEDS_CHANGES)
        told = [each for verdict in DOES if (each := said(self.decisions, verdict))]
        if self.open_notes:
            told.append(f"{self.open_notes} note{'' if self.open_notes == 1 else 's'} open")
        return f"{maker} made it. {', '.join(told)}" if told else f"{maker} made it. Nobody has decided yet"


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """`shots` the newest first, at most 60; `mentions` likewise."""

    shots: Sequence[ShotItem]
    mentions: Sequence[NoteMention]

    @property
    def reviews(self) -> list[ShotItem]:
        return [item for item in self.shots if item.kind != Kind.CHANGES]

    @property
    def changes(self) -> list[ShotItem]:
        return [item for item in self.shots if item.kind == Kind.CHANGES]

    @property
    def count(self) -> int:
        return len(self.shots) + len(self.mentions)

    @property
    def oldest(self) -> datetime | None:
        times = [item.at for item in self.shots] + [mention.created_at for mention in self.mentions]
        return min(times, default=None)


@dataclass(frozen=True)
class Bell:
    """For the bar: how many things wait, 100 for more than 99, and the key of the newest notice not seen, or 0."""

    count: int
    newest: int

    @property
    def words(self) -> str:
        return f"{COUNTED_AT_MOST}+" if self.count > COUNTED_AT_MOST else str(self.count)


def bell(user: User) -> Bell:
    """One query, of as many rows as are counted."""
    found = [key for (key,) in _question(user.role).ask({SOMEBODY: user.pk})]
    return Bell(count=found.count(0), newest=max(found, default=0))


@cache
def _question(role: str) -> Prepared:
    user = User(pk=SOMEBODY, role=role)
    news = Notice.objects.filter(notices.in_sight(user), user=user, seen_at=None).order_by()
    unseen = User.objects.filter(pk=user.pk, notices__in=news).order_by()
    newest = unseen.annotate(newest=Subquery(news.order_by("-pk").values("pk")[:1])).values_list("newest")
    rows: QuerySet[Any, Any] = newest.distinct().union(
        _shots(user).annotate(newest=Value(0)).values_list("newest"),
        _mentions(user).annotate(newest=Value(0)).values_list("newest"),
        all=True,
    )
    return Prepared(rows[: COUNTED_AT_MOST + 2])


def waiting_for(user: User) -> Waiting:
    """A fixed number of queries, however much waits."""
    mentions = _mentions(user).select_related(
        "note__author", "note__guest", "note__task__version__shot", "note__task__clip", "note__task__cover"
    )
    return Waiting(
        shots=_shot_items(user, timezone.now()), mentions=list(mentions.order_by("-pk")[:SHOWN_AT_MOST])
    )


def _shot_items(user: User, now: datetime) -> list[ShotItem]:
    rows = _shots(user).order_by("-moved_at", "pk").values_list("pk", "face", "moved_at")[:SHOWN_AT_MOST]
    moved = {face: at for _, face, at in rows}
    faces = GenerationTask.objects.for_cards().filter(pk__in=moved)
    drawn = {card.task.pk: card for card in tiles(faces, now)}
    takes, decisions = _takes_of(faces), _decisions_of(faces)
    notes, out = _notes_of(key for key, *_ in rows), waiting(access.projects_for(user), now)
    return [
        ShotItem(
            kind=_kind(user, card.task, takes.get(card.task.version_id, 1), out.get(shot)),
            card=card,
            at=moved[face] or card.task.created_at,
            takes=takes.get(card.task.version_id, 1),
            open_notes=notes.get(shot, 0),
            decisions=decisions.get(card.task.version_id, ()),
            with_client=out.get(shot),
        )
        for shot, face, _ in rows
        if (card := drawn.get(face))
    ]


def done_by(user: User) -> list[Decision]:
    """What a person decided lately and may still see, the newest first."""
    rows = Decision.objects.standing().filter(user=user, version__shot__project__in=access.projects_for(user))
    return list(rows.select_related("version__shot__project").order_by("-pk")[:DONE_SHOWN])


def handle(user: User, mention_id: int, now: datetime) -> bool:
    """A mention that needs no answer. False if it is not theirs, or was handled."""
    return bool(NoteMention.objects.filter(pk=mention_id, user=user, handled_at=None).update(handled_at=now))


def _shots(user: User) -> Any:
    """Those that wait for review, and for this person: not decided by them, and not their own unless they settle it.

    Where nobody picked one of several takes, it waits for those who make too. What came back for changes waits for
    who made it, until the next take of it is under way.
    """
    mine = Decision.objects.standing().filter(version=OuterRef("current"), user=user)
    ready = GenerationTask.objects.ready_takes().filter(version=OuterRef("current"))
    rows = Shot.objects.filter(
        project__in=access.projects_for(user),
        review_status__in=[ReviewStatus.TO_REVIEW, ReviewStatus.NEEDS_CHANGES],
    ).annotate(
        face=Subquery(newest_ready().values("pk")[:1]), current=Subquery(newest_ready().values("version")[:1])
    )
    to_judge = Q(~Exists(mine), review_status=ReviewStatus.TO_REVIEW)
    is_own = Exists(GenerationTask.objects.filter(pk=OuterRef("face"), created_by=user))
    if not access.may(user, May.SETTLE):
        is_unpicked = Exists(ready.exclude(pk=OuterRef("face"))) & ~Exists(ready.filter(is_pick=True))
        to_judge &= ~is_own | is_unpicked
    return rows.filter(to_judge | _came_back(user, is_own), face__isnull=False)


def _came_back(user: User, is_own: Exists) -> Q:
    if not access.may(user, May.MAKE):
        return Q(pk__in=[])
    being_made = GenerationTask.objects.filter(version__shot=OuterRef("pk"), status__in=ACTIVE)
    return Q(is_own, ~Exists(being_made), review_status=ReviewStatus.NEEDS_CHANGES)


def _kind(user: User, face: GenerationTask, ready: int, out: WithClient | None) -> Kind:
    if face.version.shot.review_status == ReviewStatus.NEEDS_CHANGES:
        return Kind.CHANGES
    if ready > 1 and not face.is_pick and access.may(user, May.MAKE):
        return Kind.PICK
    return Kind.CLIENT if out else Kind.REVIEW


def _mentions(user: User) -> QuerySet[NoteMention]:
    """Somebody named this person; nobody ticked it off, and they have not answered since."""
    answered = Note.objects.shown().filter(
        Q(parent=OuterRef("note")) | Q(parent=OuterRef("note__parent")), author=user, pk__gt=OuterRef("note")
    )
    rows = NoteMention.objects.filter(
        user=user,
        handled_at=None,
        note__deleted_at=None,
        note__shot__project__in=Project.objects.visible_to(user),
    )
    rows = rows.filter(note__done_at=None).exclude(note__parent__done_at__isnull=False)
    return rows.filter(~Exists(answered))


def _notes_of(shots: Iterable[Any]) -> dict[Any, int]:
    rows = Note.objects.undone().filter(shot__in=list(shots)).order_by().values_list("shot")
    return dict(rows.annotate(count=Count("pk")))


def _takes_of(faces: Iterable[GenerationTask]) -> dict[Any, int]:
    """Ready takes by version."""
    rows = GenerationTask.objects.ready_takes().filter(version__in=[face.version_id for face in faces])
    return dict(rows.order_by().values_list("version").annotate(count=Count("pk")))


def _decisions_of(faces: Iterable[GenerationTask]) -> dict[Any, list[Decision]]:
    rows = Decision.objects.standing().filter(version__in=[face.version_id for face in faces])
    found: dict[Any, list[Decision]] = {}
    for decision in rows.select_related("user", "guest").order_by("pk"):
        found.setdefault(decision.version_id, []).append(decision)
    return found
