"""Who opened a link and when, for those who shared it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from studio.models import Guest, Project, Share, ShareView, User

LISTED_AT_MOST = 200
VISITORS_AT_MOST = 100


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """`guest` is None for those who gave no name; they are one line together, `opened` says how often."""

    guest: Guest | None
    opened: int
    watched: int
    downloaded: int
    notes: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, kw_only=True)
class Line:
    """One link in a list. `state` is "open", "ended" or "revoked"."""

    share: Share
    state: str
    opened: int
    last_at: datetime | None


def visitors(share: Share) -> list[Visitor]:
    """The latest first. Watched counts clips, not how often."""
    What = ShareView.What  # noqa: N806 - a class under a shorter name
    rows = (
        share.views.values("guest")
        .annotate(
            opened=Count("pk", filter=Q(what=What.OPENED)),
            watched=Count("task", filter=Q(what=What.WATCHED), distinct=True),
            downloaded=Count("task", filter=Q(what=What.DOWNLOADED), distinct=True),
            first_at=Min("at"),
            last_at=Max("at"),
        )
        .order_by("-last_at")[:VISITORS_AT_MOST]
    )
    guests = Guest.objects.filter(share=share).annotate(
        noted=Count("notes", filter=Q(notes__deleted_at=None))
    )
    known = guests.in_bulk()
    return [_visitor(row, known) for row in rows]


def lines(user: User, project_id: UUID | None = None) -> list[Line]:
    """The links of the projects that a person may see, the newest first."""
    seen = Share.objects.filter(project__in=Project.objects.visible_to(user)).select_related(
        "project", "created_by"
    )
    if project_id:
        seen = seen.filter(project=project_id)
    counted = seen.annotate(
        opened=Count("views", filter=Q(views__what=ShareView.What.OPENED)), last_at=Max("views__at")
    )
    return list(_lines(counted.order_by("-created_at", "pk")[:LISTED_AT_MOST], timezone.now()))


def state_of(share: Share, now: datetime) -> str:
    if share.revoked_at:
        return "revoked"
    return "open" if share.is_open(now) else "ended"


def _lines(shares: Iterable[Share], now: datetime) -> Iterable[Line]:
    for share in shares:
        yield Line(
            share=share,
            state=state_of(share, now),
            opened=getattr(share, "opened", 0),
            last_at=getattr(share, "last_at", None),
        )


def _visitor(row: Mapping[str, Any], known: Mapping[Any, Any]) -> Visitor:
    guest = known.get(row["guest"])
    counted = {name: value for name, value in row.items() if name != "guest"}
    return Visitor(guest=guest, notes=guest.noted if guest else 0, **counted)
