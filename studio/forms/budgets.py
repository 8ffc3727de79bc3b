"""The limits of the studio's month and of its projects."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms

from studio.forms.amounts import DollarField
from studio.models import Project, User
from studio.money.budgets import Budget, Limits
from studio.money.prices import dollars

MOST = 10_000_000


class BudgetsForm(forms.Form):
    """A field for the month, one for each project shown, and one to give another project a limit."""

    project = forms.ModelChoiceField(
        Project.objects.none(),
        label="Another project",
        required=False,
        empty_label="Choose one",
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"invalid_choice": "This project is not there any more. Choose another one."},
    )

    def __init__(self, user: User, month: Budget, shown: list[Budget], data: Any = None) -> None:
        super().__init__(data, auto_id="budget-%s")
        self._month = month
        self._shown = {_field(budget): budget for budget in shown}
        self.fields["month"] = _limit("Whole studio, monthly", month)
        for name, budget in self._shown.items():
            self.fields[name] = _limit(f"{budget.name}, in all", budget)
        self.fields["project_limit"] = _limit("Its limit, in all", None)
        taken = [budget.project for budget in shown if budget.project]
        free = Project.objects.visible_to(user).current().exclude(pk__in=taken)
        cast("forms.ModelChoiceField[Project]", self.fields["project"]).queryset = free
        self.order_fields(["month", *self._shown, "project", "project_limit"])

    @property
    def limit_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("month", *self._shown)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("project_limit") is not None and not data.get("project") and "project" not in self.errors:
            self.add_error("project", "Choose the project that this limit is for.")
        return data

    def limits(self) -> Limits:
        """What the form was sent with; a limit that it did not show stays as it is."""
        data = self.cleaned_data
        projects: dict[UUID, Any] = {
            budget.project: data[name]
            for name, budget in self._shown.items()
            if budget.project and name in self.data
        }
        if data["project"] and data["project_limit"] is not None:
            projects[data["project"].pk] = data["project_limit"]
        return Limits(month=data["month"] if "month" in self.data else self._month.limit, projects=projects)


def _field(budget: Budget) -> str:
    return f"limit-{budget.project}"


def _limit(label: str, budget: Budget | None) -> DollarField:
    field = DollarField(label=label, places=2, at_most=MOST)
    field.widget.attrs["placeholder"] = "No limit"
    if budget and budget.limit is not None:
        field.initial = dollars(budget.limit)
    return field
