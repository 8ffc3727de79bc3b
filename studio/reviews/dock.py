"""What the dock under a film shows: what people decided about the version, whose call it is, what to press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from studio import access
from studio.access import May
from studio.models import Decision, GenerationTask, User, Verdict, Version

NAMED_AT_MOST = 3
DOES = {Verdict.APPROVED.value: "approved", Verdict.NEEDS_CHANGES.value: "asked for changes"}


@dataclass(frozen=True, kw_only=True)
class Dock:
    """Decisions about one version for one person, the oldest first. `refused` says why a press did nothing, and
    `typed` is the sentence that came with it."""

    version: Version
    history: tuple[Decision, ...]
    user: User
    refused: str = ""
    typed: str = ""

    @property
    def standing(self) -> list[Decision]:
        return [decision for decision in self.history if decision.replaced_at is None]

    @property
    def mine(self) -> Decision | None:
        return next((each for each in self.standing if each.user_id == self.user.pk), None)

    @property
    def others(self) -> list[Decision]:
        return [each for each in self.standing if each.user_id != self.user.pk]

    @property
    def is_locked(self) -> bool:
        return self.version.locked_at is not None

    @property
    def is_open(self) -> bool:
        """Whether this person's word can still change something: what is approved, only an owner opens again."""
        return access.may(self.user, May.DECIDE) and (not self.is_locked or access.may(self.user, May.UNLOCK))

    @property
    def can_take_back(self) -> bool:
        return self.mine is not None and self.is_open

    @property
    def stands(self) -> str:
        """Another word whenever the buttons look otherwise: shut, locked, or another one of them pressed."""
        mine = self.mine.verdict if self.mine else ""
        return f"{self.is_open:d}{self.is_locked:d}{mine}"

    @property
    def settles(self) -> bool:
        return access.may(self.user, May.SETTLE)

    @property
    def line(self) -> str:
        """ "Theo approved. Your call on v4:" """
        name = f"v{self.version.number}"
        told = [f"{said(self.others, verdict)}." for verdict in DOES if _names(self.others, verdict)]
        if self.mine:
            told.insert(0, f"You {DOES[self.mine.verdict]}.")
        elif self.is_open:
            told.append(f"Your call on {name}:" if told else f"Nobody has decided yet. Your call on {name}:")
        if self.is_locked:
            told.append(f"{name} is locked.")
        return " ".join(told)

    @property
    def reason(self) -> Decision | None:
        """The newest standing wish for changes, to be read beside the buttons."""
        wishes = [each for each in self.standing if each.verdict == Verdict.NEEDS_CHANGES]
        return wishes[-1] if wishes else None


def decisions_about(task: GenerationTask) -> list[Decision]:
    """What people decided about any version of the take's shot, the oldest first."""
    rows = Decision.objects.filter(version__shot=task.version.shot_id)
    return list(rows.select_related("user", "guest").order_by("pk"))


def dock_context(
    task: GenerationTask,
    user: User,
    decisions: Sequence[Decision] | None = None,
    *,
    refused: str = "",
    typed: str = "",
) -> dict[str, Any]:
    """`task` is the take on the page. One query; none if the shot's `decisions` are at hand."""
    rows = decisions_about(task) if decisions is None else decisions
    history = tuple(row for row in rows if row.version_id == task.version_id)
    dock = Dock(version=task.version, history=history, user=user, refused=refused, typed=typed)
    return {"dock": dock, "task": task}


def said(decisions: Sequence[Decision], verdict: str) -> str:
    """ "Theo and Sanne approved", nothing if nobody did."""
    names = _names(decisions, verdict)
    if not names:
        return ""
    more = len(names) - NAMED_AT_MOST
    shown = names[:NAMED_AT_MOST] + ([f"{more} more"] if more > 0 else [])
    listed = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return f"{listed} {DOES[verdict]}"


def _names(decisions: Sequence[Decision], verdict: str) -> list[str]:
    return [who(each) for each in decisions if each.verdict == verdict]


def who(decision: Decision) -> str:
    """A member by their first name, a guest by the name they gave."""
    if decision.user:
        return decision.user.get_short_name()
    return f"{decision.guest.name} (guest)" if decision.guest else ""
