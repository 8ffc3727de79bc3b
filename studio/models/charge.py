"""Money set aside for a take when it is asked for, until it is known what it cost."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import DecimalField, Q, Sum
from django.db.models.functions import Coalesce

from studio.models.connection import Connection
from studio.models.generation_task import GenerationTask
from studio.models.project import Project


class ChargeState(models.TextChoices):
    """RESERVED: not known yet, and counted in full. SETTLED: known. RELEASED: it cost nothing."""

    RESERVED = "reserved", "Set aside"
    SETTLED = "settled", "Charged"
    RELEASED = "released", "Not charged"


class Basis(models.TextChoices):
    """Why we say so: the provider's own figure, its terms, the price an owner entered, or a person looked."""

    TOLD = "told", "By the provider's figure"
    TERMS = "terms", "By the provider's terms"
    PRICE = "price", "By the price entered here"
    PERSON = "person", "Someone looked there"
    NOT_SENT = "not_sent", "It was never sent"


DOLLARS = Coalesce("amount", "estimate", output_field=DecimalField(max_digits=12, decimal_places=4))


class ChargeQuerySet(models.QuerySet["Charge"]):
    def counted(self) -> Self:
        """What caps count: money spent, and money that may still be."""
        return self.exclude(state=ChargeState.RELEASED)

    def since(self, start: datetime) -> Self:
        return self.filter(opened_at__gte=start)

    def total(self) -> object:
        """Dollars: the real amount where it is known, else what was set aside."""
        return self.aggregate(total=Sum(DOLLARS))["total"] or 0

    def totals_by(self, field: str) -> dict[Any, Decimal]:
        """The same for each value of a field, in one query."""
        rows = self.order_by().values_list(field).annotate(total=Sum(DOLLARS))
        return {value: total or Decimal(0) for value, total in rows}


class Charge(models.Model):
    """One for each time a take is asked for at a paid provider. Dollars are None where no price is known.

    `estimate` and `credits_estimate` were set aside; `amount` and `credits` are what it cost. A settled amount more
    than 1 % off its estimate `is_off`. At most one charge of a take is open. `task` is None once the take was
    deleted for good: what it cost stays counted.
    """

    task = models.ForeignKey(GenerationTask, models.SET_NULL, null=True, related_name="charges")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ChargeState, default=ChargeState.RESERVED)
    basis = models.CharField(max_length=10, choices=Basis, blank=True)
    estimate = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    credits_estimate = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    credits = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    is_off = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ChargeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["opened_at"], name="charge_by_time"),
            models.Index(fields=["project", "state"], name="charge_of_project"),
            models.Index(fields=["connection", "opened_at"], name="charge_of_connection"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(state="reserved"), name="one_open_charge_per_task"
            ),
            models.CheckConstraint(
                condition=Q(state="reserved", closed_at=None, basis="")
                | (~Q(state="reserved") & Q(closed_at__isnull=False) & ~Q(basis="")),
                name="closed_charge_says_why",
            ),
            models.CheckConstraint(
                condition=Q(estimate=None) | Q(estimate__gte=0), name="charge_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.amount if self.amount is not None else self.estimate}"
