"""What the review page of a take shows around its film: the shot's versions with their takes, and how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from studio.models import Decision, GenerationTask
from studio.reviews.film import film_of
from studio.reviews.version_strip import strip
from studio.takes.cards import Card
from studio.takes.page import facts, sentence


def review_context(card: Card, decisions: Sequence[Decision], *, start: int) -> dict[str, Any]:
    """Everything but the notes and the dock. `decisions` are those about the shot; the film opens on frame `start`."""
    task, version = card.task, card.task.version
    references = list(version.references.select_related("media", "voice__media"))
    return strip_context(task, decisions) | {
        "card": card,
        "task": task,
        "version": version,
        "film": film_of(task, start=start),
        "references": references,
        "voices": [reference for reference in references if reference.voice],
        "sentence": sentence(version, references),
        "facts": facts(card),
    }


def strip_context(task: GenerationTask, decisions: Sequence[Decision] | None = None) -> dict[str, Any]:
    """The shot's versions, and the one that this take is of."""
    versions = strip(task, decisions)
    return {"versions": versions, "here": next((row for row in versions if row.is_here), None)}
