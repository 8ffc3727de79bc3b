"""The producer's board: where every shot of a project stands, what it cost, and what waits for whom.

A shot stands in the column of its review status, under the newest take that is ready. Takes being made have cards of
their own, so a shot that is changed while it waits for review shows in both. The number of queries is the same
however full the columns are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from studio.models import (
    Charge,
    Decision,
    GenerationTask,
    Note,
    Project,
    ReviewStatus,
    Shot,
    Verdict,
)
from studio.models.charge import DOLLARS
from studio.models.status import ACTIVE
from studio.money.prices import dollars
from studio.reviews.dock import who
from studio.sharing.with_client import WithClient, newest_ready, waiting
from studio.takes.cards import Card, tiles

PAGE = 12
SHOWN_AT_MOST = 240
NOTHING = Decimal(0)
MAKING = ReviewStatus.MAKING.value
APPROVED = ReviewStatus.APPROVED.value


@dataclass(frozen=True, kw_only=True)
class ShotCard:
    """One card. `decided_by` are those who approved it; `open_notes` are threads that wait for somebody."""

    card: Card
    column: str
    cost: Decimal = NOTHING
    open_notes: int = 0
    decided_by: tuple[str, ...] = ()
    with_client: WithClient | None = None

    @property
    def is_take(self) -> bool:
        """Whether it stands for a take that is made, or failed, and not for a shot to be judged."""
        return self.column == MAKING


@dataclass(frozen=True, kw_only=True)
class Column:
    key: str
    name: str
    sign: str
    icon: str
    cards: tuple[ShotCard, ...]
    count: int
    cost: Decimal

    @property
    def more(self) -> int:
        """How many cards to ask for to see more of them, 0 if all are here."""
        is_all = len(self.cards) >= min(self.count, SHOWN_AT_MOST)
        return 0 if is_all else min(len(self.cards) + PAGE, SHOWN_AT_MOST)


@dataclass(frozen=True, kw_only=True)
class Board:
    project: Project
    columns: tuple[Column, ...]
    spent: Decimal
    shots: int
    approved: int
    on_client: int
    since: datetime | None

    @property
    def per_approved(self) -> Decimal | None:
        """What an approved shot has cost so far, with every try of every shot in it."""
        return self.spent / self.approved if self.approved and self.spent else None

    @property
    def cap_words(self) -> str:
        """ "$60", or with cents where the limit has some; nothing without one."""
        cap = self.project.cap
        return "" if cap is None else dollars(cap).removesuffix(".00")

    @property
    def bar(self) -> list[tuple[str, str, str]]:
        """Parts of the coloured line: the column's sign, where it begins and how wide it is, in percent."""
        whole, begin, parts = sum(column.count for column in self.columns), 0.0, []
        for column in self.columns:
            width = 100 * column.count / whole if whole else 0
            gap = 0.25 if begin + width < 99.9 else 0
            if column.count:
                parts.append((column.sign, f"{begin:.2f}%", f"{max(width - gap, 0.5):.2f}%"))
            begin += width
        return parts


COLUMNS = (
    (MAKING, "In the works", "running", ""),
    (ReviewStatus.TO_REVIEW.value, "To review", "to-review", "eye"),
    (ReviewStatus.NEEDS_CHANGES.value, "Needs changes", "needs-changes", "message-square-warning"),
    (APPROVED, "Approved", "approved", "circle-check"),
)


def board_of(project: Project, now: datetime, shown: Mapping[str, int]) -> Board:
    """`shown` is how many cards each column shows, by its key; a page of them where it says nothing."""
    counts, costs = _counts(project), _costs(project)
    sizes = {key: min(max(shown.get(key, PAGE), PAGE), SHOWN_AT_MOST) for key, *_ in COLUMNS}
    under_way = _under_way(project)
    faces = {key: _faces(project, key, sizes[key]) for key, *_ in COLUMNS}
    resting = counts.get(MAKING, 0)
    making = [*under_way, *faces[MAKING].values()][: sizes[MAKING]]
    judged = {key: list(faces[key].values()) for key, *_ in COLUMNS[1:]}
    out = waiting(Project.objects.filter(pk=project.pk), now)
    cards = {MAKING: [ShotCard(card=c, column=MAKING) for c in tiles(making, now)]}
    cards |= _shot_cards(judged, out, now)
    counts[MAKING] = len(under_way) + resting
    columns = tuple(
        Column(
            key=key,
            name=name,
            sign=sign,
            icon=icon,
            cards=tuple(cards[key]),
            count=counts.get(key, 0),
            cost=costs.get(key, NOTHING),
        )
        for key, name, sign, icon in COLUMNS
    )
    return Board(
        project=project,
        columns=columns,
        spent=sum(costs.values(), NOTHING),
        shots=counts["all"],
        approved=counts.get(APPROVED, 0),
        on_client=len(out),
        since=min((each.since for each in out.values()), default=None),
    )


def _counts(project: Project) -> dict[str, int]:
    """Shots by where they stand, of the making only those that rest; "all" of them with a take in sight."""
    rows = Shot.objects.filter(project=project).order_by().values_list("review_status")
    judged = dict(rows.exclude(review_status=MAKING).annotate(count=Count("pk")))
    making = Shot.objects.filter(project=project, review_status=MAKING)
    in_sight = making.filter(Exists(_takes_in_sight())).aggregate(
        all=Count("pk"), resting=Count("pk", filter=~Exists(_active_takes()))
    )
    return {
        **judged,
        MAKING: in_sight["resting"],
        "all": sum(judged.values()) + in_sight["all"],
    }


def _takes_in_sight() -> QuerySet[GenerationTask]:
    return GenerationTask.objects.filter(version__shot=OuterRef("pk"), binned_at=None)


def _active_takes() -> QuerySet[GenerationTask]:
    return GenerationTask.objects.active().filter(version__shot=OuterRef("pk"))


def _costs(project: Project) -> dict[str, Decimal]:
    """Dollars by column. Takes being made count where they are; what was deleted for good counts too, under ""."""
    rows = Charge.objects.counted().filter(project=project).order_by()
    grouped = rows.values_list("task__version__shot__review_status", "task__status").annotate(
        total=Sum(DOLLARS)
    )
    costs: dict[str, Decimal] = {}
    for column, status, total in grouped:
        key = MAKING if status in ACTIVE else column or ""
        costs[key] = costs.get(key, NOTHING) + (total or NOTHING)
    return costs


def _under_way(project: Project) -> list[GenerationTask]:
    """The longest under way first."""
    rows = GenerationTask.objects.active().filter(project=project, binned_at=None)
    return list(rows.for_cards().order_by("pk")[:SHOWN_AT_MOST])


def _faces(project: Project, column: str, at_most: int) -> dict[UUID, GenerationTask]:
    """The take that stands for each shot of a column, by shot; what moved last comes first."""
    shots = Shot.objects.filter(project=project, review_status=column)
    if column == MAKING:
        shots = shots.filter(~Exists(_active_takes()))
        face = _takes_in_sight().order_by("-pk")
    else:
        face = newest_ready()
    rows = shots.annotate(face=Subquery(face.values("pk")[:1])).filter(face__isnull=False)
    keys = list(
        rows.order_by(Coalesce("moved_at", "created_at").desc(), "pk").values_list("face", flat=True)[
            :at_most
        ]
    )
    takes = {take.pk: take for take in GenerationTask.objects.for_cards().filter(pk__in=keys)}
    return {takes[key].version.shot_id: takes[key] for key in keys if key in takes}


def _shot_cards(
    judged: Mapping[str, Sequence[GenerationTask]], out: Mapping[UUID, WithClient], now: datetime
) -> dict[str, list[ShotCard]]:
    takes = [take for column in judged.values() for take in column]
    shots = [take.version.shot_id for take in takes]
    notes = dict(
        Note.objects.undone()
        .filter(shot__in=shots)
        .order_by()
        .values_list("shot")
        .annotate(count=Count("pk"))
    )
    costs = Charge.objects.counted().filter(task__version__shot__in=shots).totals_by("task__version__shot")
    approvers = _approvers([take.version_id for take in judged[APPROVED]])
    drawn = {card.task.pk: card for card in tiles(takes, now)}
    return {
        column: [
            ShotCard(
                card=drawn[take.pk],
                column=column,
                cost=costs.get(take.version.shot_id, NOTHING),
                open_notes=notes.get(take.version.shot_id, 0),
                decided_by=approvers.get(take.version_id, ()),
                with_client=out.get(take.version.shot_id),
            )
            for take in column_takes
        ]
        for column, column_takes in judged.items()
    }


def _approvers(versions: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    rows = Decision.objects.standing().filter(version__in=versions, verdict=Verdict.APPROVED)
    names: dict[UUID, tuple[str, ...]] = {}
    for decision in rows.select_related("user", "guest"):
        names[decision.version_id] = (*names.get(decision.version_id, ()), who(decision))
    return names
