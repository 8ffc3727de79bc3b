"""The one change of the tray that can be taken back: the newest, while it is fresh.

Its button names it. A button of a page that knows no better, or one that is pressed again, takes nothing back: what
was added, given or named after a change is never lost with it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from studio.models import Brief

SHOWN = timedelta(minutes=2)


class NotTakenBack(Exception):
    """Everything stays as it is. The sentence is for people."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What was done, in words, and the line that takes it back."""

    words: str
    line: str


def state(brief: Brief) -> dict[str, Any]:
    """What a change can change, as a copy. The prompt is not part of it: its mentions follow by themselves."""
    return {"tray": [dict(entry) for entry in brief.tray], "first_frame": brief.first_frame}


def remember(brief: Brief, before: dict[str, Any], words: str) -> None:
    """Offer the way back to `before`, instead of any earlier one, if that is somewhere else."""
    if state(brief) == before:
        return
    brief.settings["undo"] = before | {
        "change": secrets.token_hex(4),
        "at": timezone.now().isoformat(),
        "words": words,
        "names": _names(brief),
    }


def offered(brief: Brief, now: datetime) -> Offer | None:
    memory = brief.settings.get("undo") or {}
    if not memory.get("change") or _is_stale(memory, now):
        return None
    return Offer(words=memory["words"], line=f"undo {memory['change']}")


def take_back(brief: Brief, change: str, now: datetime) -> None:
    """Go back to before the change of this name. Names that were typed since stay. Raises NotTakenBack."""
    memory = brief.settings.get("undo")
    if not memory:
        raise NotTakenBack("There is nothing to take back.")
    if not change or change != memory.get("change"):
        raise NotTakenBack("Something else was changed since then, so this wasn’t taken back.")
    if _is_stale(memory, now):
        raise NotTakenBack("A change can be taken back for two minutes. This one stays as it is.")
    typed = {key: name for key, name in _names(brief).items() if name != memory["names"].get(key)}
    brief.tray = [
        entry | {"name": typed[entry["key"]]} if entry["key"] in typed else entry for entry in memory["tray"]
    ]
    brief.first_frame = memory["first_frame"]
    del brief.settings["undo"]


def _names(brief: Brief) -> dict[str, str]:
    return {entry["key"]: entry.get("name", "") for entry in brief.tray}


def _is_stale(memory: dict[str, Any], now: datetime) -> bool:
    return now - datetime.fromisoformat(memory["at"]) >= SHOWN
