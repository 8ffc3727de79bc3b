"""What the moves write beside the status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, DateTimeField, Value, When
from django.utils import timezone

from studio.models import Status, Trouble
from studio.providers.base import ProviderError

RELEASED: dict[str, Any] = {"lease_until": None, "lease_token": None}
NO_BLAME: dict[str, Any] = {"error_category": "", "error_message": "", "error_detail": "", "fault": ""}
ALL_WELL: dict[str, Any] = {"trouble": "", "trouble_since": None, "tries": 0}
FAULT_KEEPS = 12


@dataclass(frozen=True, kw_only=True)
class Waits:
    """What a task waits for before it goes on, since when, and how often it was tried in vain."""

    trouble: Trouble
    since: datetime
    tries: int

    def fields(self) -> dict[str, Any]:
        return {"trouble": self.trouble, "trouble_since": self.since, "tries": self.tries}


def said_by(error: ProviderError) -> dict[str, Any]:
    return {
        "error_category": error.category,
        "error_message": error.message,
        "error_detail": error.detail,
        "fault": error.fault[:FAULT_KEEPS],
    }


def unless_canceled(look_again: datetime | None) -> Case | None:
    """The next look; at once if someone pressed "Cancel" while this step ran."""
    if look_again is None:
        return None
    at_once = When(
        cancel_requested_at__isnull=False,
        status__in=[Status.SUBMITTING, Status.RUNNING],
        then=Value(timezone.now()),
    )
    return Case(at_once, default=Value(look_again), output_field=DateTimeField())
