"""Where a shot stands in review. It follows from its takes and from what people decided, and is never set by hand.

The version that counts is the newest with a ready take outside the bin. Without one the shot is being made. On that
version the last word of somebody whose role settles the matter counts; else anybody's wish for changes; else it
waits for review. So a new version starts undecided by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Case, F, Value, When
from django.utils import timezone

from studio.models import Decision, GenerationTask, ReviewStatus, Shot, Verdict, Version

SAYS = {
    Verdict.APPROVED.value: ReviewStatus.APPROVED,
    Verdict.NEEDS_CHANGES.value: ReviewStatus.NEEDS_CHANGES,
}


def refresh(shot_id: UUID) -> ReviewStatus:
    """Write down where the shot stands. Call it in the transaction that changed a take or a decision."""
    version_id = current_version_id(shot_id)
    status = status_of_version(version_id) if version_id else ReviewStatus.MAKING
    moved = Case(When(review_status=status, then=F("moved_at")), default=Value(timezone.now()))
    Shot.objects.filter(pk=shot_id).update(review_status=status, moved_at=moved)
    return status


def current_version_id(shot_id: UUID) -> UUID | None:
    """The newest version with a ready take outside the bin."""
    ready = GenerationTask.objects.ready_takes().filter(version__shot=shot_id).order_by("-version__number")
    return ready.values_list("version_id", flat=True).first()


def status_of_version(version_id: UUID) -> ReviewStatus:
    """What the standing decisions about a version with a ready take come to."""
    rows = Decision.objects.standing().filter(version=version_id).order_by("-at")
    return said_by(list(rows.values_list("verdict", "is_final")))


def said_by(standing: Sequence[tuple[str, bool]]) -> ReviewStatus:
    """What standing decisions, newest first as (verdict, is_final), come to."""
    final = next((verdict for verdict, is_final in standing if is_final), None)
    if final:
        return SAYS[final]
    if any(verdict == Verdict.NEEDS_CHANGES for verdict, _ in standing):
        return ReviewStatus.NEEDS_CHANGES
    return ReviewStatus.TO_REVIEW


def lock(version: Version) -> None:
    """Keep the takes of an approved version as they are, or let go of those of one that is approved no longer."""
    is_approved = status_of_version(version.pk) == ReviewStatus.APPROVED
    if is_approved == (version.locked_at is not None):
        return
    version.locked_at = timezone.now() if is_approved else None
    Version.objects.filter(pk=version.pk).update(locked_at=version.locked_at)
