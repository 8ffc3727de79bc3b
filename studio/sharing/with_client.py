"""Shots that wait for somebody outside: shared with a link that may decide, and not decided there yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from studio.models import (
    Decision,
    GenerationTask,
    Guest,
    Project,
    ReviewStatus,
    Share,
    ShareItem,
    Shot,
)

LOOKED_AT_MOST = 500


@dataclass(frozen=True, kw_only=True)
class WithClient:
    """Which link it is out with, since when, who made it. `name` is a guest who opened it, or the link's title."""

    share: UUID
    since: datetime
    shared_by: int
    name: str


def waiting(projects: QuerySet[Project], now: datetime) -> dict[UUID, WithClient]:
    """By shot, in four queries; the oldest link that still waits is the one that counts."""
    shares = Share.objects.open(now).filter(project__in=projects, may_decide=True).order_by("created_at")
    links = {share.pk: share for share in shares[:LOOKED_AT_MOST]}
    if not links:
        return {}
    shown = list(_shown(links))
    undecided = set(_undecided(links, [shot for shot, _ in shown]))
    names = _names(links)
    found: dict[UUID, WithClient] = {}
    for shot, share in shown:
        if shot in undecided and shot not in found:
            found[shot] = WithClient(
                share=share.pk,
                since=share.created_at,
                shared_by=share.created_by_id,
                name=names.get(share.pk, share.title),
            )
    return found


def newest_ready(shot: str = "pk") -> QuerySet[GenerationTask]:
    """The takes that a shot is judged by, the one that stands for it first. For a subquery."""
    ready = GenerationTask.objects.ready_takes().filter(version__shot=OuterRef(shot))
    return ready.order_by("-version__number", "-is_pick", "-number")


def _shown(links: dict[UUID, Share]) -> Iterator[tuple[UUID, Share]]:
    items = ShareItem.objects.filter(share__in=links).order_by("share__created_at")
    for share, shot, of_task in items.values_list("share_id", "shot_id", "task__version__shot_id"):
        yield shot or of_task, links[share]
    whole = {share.project_id: share for share in reversed(links.values()) if share.is_whole_project}
    rows = Shot.objects.filter(project__in=whole, review_status=ReviewStatus.TO_REVIEW)
    for shot, project in rows.values_list("pk", "project_id")[:LOOKED_AT_MOST] if whole else []:
        yield shot, whole[project]


def _undecided(links: dict[UUID, Share], shots: list[UUID]) -> Any:
    """Of these, those that wait for review and that no guest decided about as they are now."""
    heard = Decision.objects.standing().filter(version=OuterRef("current"), guest__isnull=False)
    rows = Shot.objects.filter(pk__in=shots, review_status=ReviewStatus.TO_REVIEW)
    rows = rows.annotate(current=Subquery(newest_ready().values("version")[:1]))
    return rows.filter(~Exists(heard)).values_list("pk", flat=True)


def _names(links: dict[UUID, Share]) -> dict[UUID, str]:
    """Who opened each link first."""
    rows = Guest.objects.filter(share__in=links).order_by("-created_at")
    return dict(rows.values_list("share_id", "name")[:LOOKED_AT_MOST])
