"""Spending limits and how much of them is used: of the studio's month, and of each project."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from studio import audit, money
from studio.connections.connecting import is_raised
from studio.models import Charge, Project, Studio, User

TIGHT_PERCENT = 90


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Dollars. `limit` is None without one. `project` is None for the whole studio's month."""

    name: str
    spent: Decimal
    limit: Decimal | None
    project: UUID | None = None

    @property
    def percent(self) -> int:
        """How much is used, for the bar: 0 to 100."""
        if self.limit is None:
            return 0
        return 100 if self.spent >= self.limit else int(self.spent * 100 / self.limit)

    @property
    def left(self) -> Decimal:
        return max(Decimal(0), (self.limit or Decimal(0)) - self.spent)

    @property
    def is_tight(self) -> bool:
        return self.limit is not None and self.percent >= TIGHT_PERCENT


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Dollars, None without a limit."""

    month: Decimal | None
    projects: dict[UUID, Decimal | None]


def studio_month(now: datetime) -> Budget:
    limit = Studio.objects.values_list("month_cap", flat=True).get(pk=1)
    spent = money.spent_since(money.start_of_month(now))
    return Budget(name="Whole studio, monthly", spent=spent, limit=limit)


def of_projects(user: User) -> list[Budget]:
    """The person's projects that have a limit or cost something; two queries, however many there are."""
    spent = Charge.objects.counted().totals_by("project")
    projects = Project.objects.visible_to(user).current()
    return [
        Budget(
            name=project.name, spent=spent.get(project.pk, Decimal(0)), limit=project.cap, project=project.pk
        )
        for project in projects
        if project.cap is not None or spent.get(project.pk)
    ]


def limits() -> Limits:
    """Those in force."""
    month = Studio.objects.values_list("month_cap", flat=True).get(pk=1)
    return Limits(month=month, projects=dict(Project.objects.values_list("pk", "cap")))


def raises_any(new: Limits) -> bool:
    """Whether one of these lets more be spent than the limit in force."""
    now = limits()
    return is_raised(now.month, new.month) or any(
        is_raised(now.projects.get(project), limit) for project, limit in new.projects.items()
    )


@transaction.atomic
def set_limits(new: Limits, actor: User) -> bool:
    """Change what differs. False if nothing did."""
    studio = Studio.objects.select_for_update().get(pk=1)
    has_changed = studio.month_cap != new.month
    if has_changed:
        Studio.objects.filter(pk=1).update(month_cap=new.month)
        audit.note(actor, "set the month's limit", dollars=new.month)
    for project, limit in new.projects.items():
        if Project.objects.filter(pk=project).exclude(cap=limit).update(cap=limit):
            has_changed = True
            audit.note(actor, "set a project's limit", project=project, dollars=limit)
    return has_changed
