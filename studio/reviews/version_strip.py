"""The versions of a shot in a row, each with its takes and how it stands in review."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from studio.lifecycle.shot_status import said_by
from studio.models import Decision, GenerationTask, ReviewStatus, Status

SHOWN_AT_MOST = 200
SIGNS = {
    ReviewStatus.MAKING: ("running", "clapperboard"),
    ReviewStatus.TO_REVIEW: ("to-review", "eye"),
    ReviewStatus.NEEDS_CHANGES: ("needs-changes", "message-square-warning"),
    ReviewStatus.APPROVED: ("approved", "circle-check"),
}
COUNTED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


@dataclass(frozen=True, kw_only=True)
class Take:
    """`picture` is the variant that stands for it, empty without one; `is_ready` says that it can be watched."""

    task_id: UUID
    number: int
    picture: str
    is_ready: bool
    is_pick: bool
    is_here: bool


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """One version; `is_here` if the page shows one of its takes."""

    number: int
    status: ReviewStatus
    is_draft: bool
    is_latest: bool
    takes: tuple[Take, ...]

    @property
    def is_here(self) -> bool:
        return any(take.is_here for take in self.takes)

    @property
    def name(self) -> str:
        """ "v4, latest" in the menu."""
        return f"v{self.number}, latest" if self.is_latest else f"v{self.number}"

    @property
    def title(self) -> str:
        """ "v4, two takes" in the strip."""
        count = len(self.takes)
        counted = COUNTED[count] if count < len(COUNTED) else str(count)
        return f"v{self.number}, {counted} takes" if count > 1 else f"v{self.number}"

    @property
    def is_undecided_draft(self) -> bool:
        """A free draft that nobody judged is shown as such, not as something that waits."""
        return self.is_draft and self.status == ReviewStatus.TO_REVIEW

    @property
    def sign(self) -> str:
        return "draft" if self.is_undecided_draft else SIGNS[self.status][0]

    @property
    def icon(self) -> str:
        return "layers" if self.is_undecided_draft else SIGNS[self.status][1]

    @property
    def label(self) -> str:
        return "Free draft" if self.is_undecided_draft else self.status.label

    @property
    def opens(self) -> Take | None:
        """The take that the version's menu entry leads to: the pick, else the newest that is ready."""
        ready = [take for take in self.takes if take.is_ready]
        return next((take for take in ready if take.is_pick), ready[-1] if ready else None)


def strip(task: GenerationTask, decisions: Iterable[Decision] | None = None) -> list[VersionRow]:
    """The versions of this take's shot, oldest first, with their takes outside the bin.

    Two queries; one if the shot's `decisions` are at hand.
    """
    tasks = _takes_of(task)
    standing = _standing(_asked_for(task) if decisions is None else decisions)
    latest = max((each.version.number for each in tasks), default=0)
    rows = groupby(tasks, key=lambda each: each.version.number)
    return [_row(number, list(takes), standing, task, latest) for number, takes in rows]


def _takes_of(task: GenerationTask) -> list[GenerationTask]:
    rows = GenerationTask.objects.filter(version__shot=task.version.shot_id).outside_bin()
    newest = rows.select_related("version", "clip", "cover").order_by("-version__number", "-number")
    return sorted(newest[:SHOWN_AT_MOST], key=lambda each: (each.version.number, each.number))


def _asked_for(task: GenerationTask) -> Iterable[Decision]:
    return Decision.objects.standing().filter(version__shot=task.version.shot_id)


def _standing(decisions: Iterable[Decision]) -> dict[UUID, list[tuple[str, bool]]]:
    """Each version's standing decisions, newest first, as (verdict, is_final)."""
    found: dict[UUID, list[tuple[str, bool]]] = {}
    for each in sorted(decisions, key=lambda decision: decision.at, reverse=True):
        if each.replaced_at is None:
            found.setdefault(each.version_id, []).append((each.verdict, each.is_final))
    return found


def _row(
    number: int,
    takes: Sequence[GenerationTask],
    standing: dict[UUID, list[tuple[str, bool]]],
    here: GenerationTask,
    latest: int,
) -> VersionRow:
    is_ready = any(take.status == Status.SUCCEEDED for take in takes)
    says = said_by(standing.get(takes[0].version_id, ()))
    return VersionRow(
        number=number,
        status=says if is_ready else ReviewStatus.MAKING,
        is_draft=all(take.is_draft for take in takes),
        is_latest=number == latest,
        takes=tuple(_take(take, here) for take in takes),
    )


def _take(take: GenerationTask, here: GenerationTask) -> Take:
    has_poster = bool(take.clip and take.clip.previews.get("poster"))
    has_cover = bool(take.cover and take.cover.previews.get("thumb"))
    return Take(
        task_id=take.task_id,
        number=take.number,
        picture="thumb" if has_poster else "cover" if has_cover else "",
        is_ready=take.status == Status.SUCCEEDED and take.clip is not None,
        is_pick=take.is_pick,
        is_here=take.pk == here.pk,
    )
