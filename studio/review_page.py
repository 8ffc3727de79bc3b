"""What the review page of a take shows around its film: the shot's versions with their takes, and how it was made."""

from __future__ import annotations

from typing import Any

from studio.cards import Card
from studio.clip_page import facts, sentence
from studio.film import film_of
from studio.version_strip import strip


def review_context(card: Card) -> dict[str, Any]:
    """Everything but the notes and the decisions, which have pages of their own making."""
    task, version = card.task, card.task.version
    references = list(version.references.select_related("media", "voice__media"))
    versions = strip(task)
    return {
        "card": card,
        "task": task,
        "version": version,
        "film": film_of(task),
        "references": references,
        "voices": [reference for reference in references if reference.voice],
        "sentence": sentence(version, references),
        "facts": facts(card),
        "versions": versions,
        "here": next((row for row in versions if row.is_here), None),
    }
