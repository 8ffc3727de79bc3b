"""What stopped the last try, kept with the brief that is to put it right until that input is another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from studio.models import Brief
from studio.takes.faults import FIRST_FRAME, PROMPT, VOICE


@dataclass(frozen=True, kw_only=True)
class Blame:
    """`key` is the input as a take's `fault` names it; `words` tell what happened."""

    key: str
    words: str


def remember(brief: Brief, *, key: str, words: str) -> None:
    """Note what stopped the take that the brief was made from. Saves the brief."""
    brief.settings = brief.settings | {"blame": {"key": key, "words": words, "of": _content(brief, key)}}
    brief.save(update_fields=["settings"])


def standing(brief: Brief) -> Blame | None:
    """What is still to be put right; nothing once the input was replaced, removed or rewritten."""
    noted: dict[str, Any] = brief.settings.get("blame") or {}
    key = str(noted.get("key", ""))
    content = _content(brief, key)
    if not content or content != noted.get("of"):
        return None
    return Blame(key=key, words=str(noted.get("words", "")))


def _content(brief: Brief, key: str) -> str:
    """What stands at the place now: an id of a file, or the words."""
    if key == PROMPT:
        return brief.prompt
    if key == FIRST_FRAME:
        return brief.first_frame
    part = "voice" if key.startswith(f"{VOICE}:") else "file"
    wanted = key.removeprefix(f"{VOICE}:")
    return next((str(entry.get(part) or "") for entry in brief.tray if entry["key"] == wanted), "")
