"""The history of all takes: filters, search and pages, newest first, at the same cost however many there are.

A page is a keyset page: "older than this key". Nothing here ever counts tasks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from studio import search
from studio.models import GenerationTask, Project, Status, User
from studio.models.generation_task import GenerationTaskQuerySet
from studio.models.status import ACTIVE

PAGE = 48
HITS_LOOKED_AT_ONCE = 400
LOOKS_AT_MOST = 5
STATUSES: dict[str, tuple[str, tuple[str, ...]]] = {
    "ready": ("Ready", (Status.SUCCEEDED,)),
    "making": ("Being made", ACTIVE),
    "failed": ("Didn’t work", (Status.FAILED,)),
    "uncertain": ("We don’t know yet", (Status.UNCERTAIN,)),
    "canceled": ("Cancelled", (Status.CANCELED,)),
    "expired": ("No longer held", (Status.EXPIRED,)),
}
KINDS = {"draft": "Free drafts", "paid": "Made by a model"}
DATES = {"today": "Today", "week": "Last 7 days", "month": "Last 30 days", "year": "Last 12 months"}
DAYS = {"week": 6, "month": 29, "year": 364}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What someone asked to see. Every field is checked; empty means "all"."""

    project: UUID | None = None
    shot: UUID | None = None
    person: int | None = None
    provider: str = ""
    status: str = ""
    kind: str = ""
    date: str = ""
    pick: bool = False
    q: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.as_query()

    def as_query(self, **changed: object) -> str:
        """The address part that asks for the same, with some fields changed (None or "" drops one)."""
        values: dict[str, object] = {name: getattr(self, name) for name in self.__dataclass_fields__}
        kept = {name: value for name, value in (values | changed).items() if value}
        return urlencode({name: 1 if value is True else value for name, value in kept.items()})


@dataclass(frozen=True, kw_only=True)
class Page:
    """Takes of one page, and the key that the next page starts before (None: this was the last)."""

    tasks: Sequence[GenerationTask]
    before: int | None


def page(projects: set[UUID], filters: Filters, *, before: int | None = None, size: int = PAGE) -> Page:
    """One page of what someone who may see these projects asked for."""
    rows = filtered(projects, filters)
    if filters.q:
        return _found(rows, projects, filters, before, size)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    tasks = list(rows.for_cards().newest_first()[: size + 1])
    return Page(tasks=tasks[:size], before=tasks[size - 1].pk if len(tasks) > size else None)


def filtered(projects: set[UUID], filters: Filters) -> GenerationTaskQuerySet:
    """All conditions but the search and the page. Each lone condition reads an index in page order."""
    rows = visible(projects, only=filters.project)
    if filters.shot:
        rows = rows.filter(version__shot=filters.shot)
    if filters.person:
        rows = rows.filter(created_by=filters.person)
    if filters.provider or filters.kind == "draft":
        rows = rows.filter(provider=filters.provider or "local")
    if filters.kind == "draft" and filters.provider not in {"", "local"}:
        rows = rows.none()
    if filters.kind == "paid":
        rows = rows.exclude(provider="local")
    if filters.status:
        rows = _with_status(rows, STATUSES[filters.status][1])
    if filters.pick:
        rows = rows.filter(is_pick=True)
    if filters.date:
        rows = since(rows, _start_of(filters.date, timezone.localtime()))
    return rows


def visible(projects: set[UUID], *, only: UUID | None = None) -> GenerationTaskQuerySet:
    """Takes outside the bin in these projects, or in one of them.

    An IN over an indexed column would make the database sort every row of those projects. Coalesce hides the
    column from the planner, so that it walks the keys newest first and stops after a page; a single project has
    an index of its own for that.
    """
    rows = GenerationTask.objects.outside_bin()
    if only:
        return rows.filter(project=only) if only in projects else rows.none()
    if len(projects) == 1:
        return rows.filter(project=next(iter(projects)))
    return rows.annotate(lies_in=Coalesce(F("project_id"), F("project_id"))).filter(lies_in__in=projects)


def visible_projects(user: User) -> set[UUID]:
    return set(Project.objects.visible_to(user).values_list("pk", flat=True))


def since(rows: GenerationTaskQuerySet, start: datetime) -> GenerationTaskQuerySet:
    """Asked for from this moment on."""
    first = first_since(start)
    return rows.none() if first is None else rows.filter(pk__gte=first)


def first_since(start: datetime) -> int | None:
    """The key of the first take asked for from this moment on. Keys grow with time, and an index has them in order."""
    later = GenerationTask.objects.filter(created_at__gte=start).order_by("created_at")
    return later.values_list("pk", flat=True).first()


def _with_status(rows: GenerationTaskQuerySet, statuses: Sequence[str]) -> GenerationTaskQuerySet:
    return rows.filter(status=statuses[0]) if len(statuses) == 1 else rows.filter(status__in=statuses)


def _start_of(date: str, now: datetime) -> datetime:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return (today - timedelta(days=DAYS.get(date, 0))).astimezone(UTC)


def _found(
    rows: GenerationTaskQuerySet, projects: set[UUID], filters: Filters, before: int | None, size: int
) -> Page:
    """Hits come newest first, a few hundred at a time; what the index cannot know is checked on the rows.

    After a bounded number of looks the page is handed out as it is, with a key to go on from.
    """
    tasks: list[GenerationTask] = []
    facets, look = _facets(projects, filters), size + 1
    for _ in range(LOOKS_AT_MOST):
        hits = search.find(filters.q, facets=facets, before=before, limit=look)
        tasks += rows.for_cards().filter(pk__in=hits).newest_first()[: size + 1 - len(tasks)]
        if len(tasks) > size:
            return Page(tasks=tasks[:size], before=tasks[size - 1].pk)
        if len(hits) < look:
            return Page(tasks=tasks, before=None)
        before, look = hits[-1], HITS_LOOKED_AT_ONCE
    return Page(tasks=tasks, before=before)


def _facets(projects: set[UUID], filters: Filters) -> list[list[str]]:
    if filters.project:
        projects = projects & {filters.project}
    groups = [[search.project_facet(project) for project in projects]]
    if filters.shot:
        groups.append([search.shot_facet(filters.shot)])
    if filters.person:
        groups.append([search.person_facet(filters.person)])
    if filters.provider or filters.kind == "draft":
        groups.append([search.provider_facet(filters.provider or "local")])
    return groups


def makers(user: User) -> QuerySet[User]:
    """People whose takes can be filtered for."""
    made = GenerationTask.objects.filter(created_by=OuterRef("pk"))
    return User.objects.filter(Q(pk=user.pk) | Exists(made)).order_by("name")
