"""Keep what a person typed. Nothing is refused here: checking comes when they send."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from studio import mentions
from studio.briefs.tray import read_keys
from studio.briefs.values import CHECKED, SWITCHES, TYPED
from studio.models import Brief

PROMPT_KEEPS, KEEP_OUT_KEEPS, TITLE_KEEPS, NAME_KEEPS, VALUE_KEEPS = 20_000, 10_000, 120, 120, 40
LINE_KEEPS = 200
FIELDS = ("title", "prompt", "negative_prompt", "tray", "settings")


def save(brief: Brief, posted: QueryDict) -> bool:
    """Take over a whole posted form, on the newest row. False if it was already as posted.

    Two pages of one brief: the later words win, and the earlier ones wait in `settings["other"]` to be chosen.
    The row must be locked by the caller's transaction.
    """
    before = _snapshot(brief)
    other_page = _words_of_another_page(brief, posted)
    _take_words(brief, posted)
    _take_names(brief, posted)
    brief.settings = brief.settings | _settings(posted)
    if other_page and other_page != brief.prompt:
        brief.settings |= {"other": other_page, "other_is": "tab"}
    if _snapshot(brief) == before:
        return False
    brief.settings["page"] = clean(posted.get("page", ""), VALUE_KEEPS)
    store(brief)
    return True


def preview(brief: Brief, asked: QueryDict) -> None:
    """The brief as it would be with these settings, for a look at its price. Not to be saved."""
    brief.settings = brief.settings | _settings(asked)


def store(brief: Brief) -> None:
    """Write the row under the next revision."""
    brief.revision += 1
    brief.save()


def clean(text: str, limit: int) -> str:
    """Line ends as the browser shows them, no character a database refuses, no more than the row keeps."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")[:limit]


def _snapshot(brief: Brief) -> dict[str, Any]:
    state = {name: getattr(brief, name) for name in FIELDS}
    return state | {"tray": [dict(entry) for entry in brief.tray], "settings": dict(brief.settings)}


def _words_of_another_page(brief: Brief, posted: QueryDict) -> str:
    """What another page saved since this one last heard from us; nothing where there is no other page."""
    page, writer = posted.get("page", ""), brief.settings.get("page", "")
    is_behind = posted.get("revision", "") != str(brief.revision)
    return brief.prompt if page and writer and page != writer and is_behind else ""


def _take_words(brief: Brief, posted: QueryDict) -> None:
    if "prompt" in posted:
        refs, gone = read_keys(posted.get("tray_keys", ""))
        text = clean(posted.get("prompt", ""), PROMPT_KEEPS)
        brief.prompt = mentions.to_stored(text, refs, gone=gone)
        brief.settings["gone"] = {ref.key: ref.kind for ref in [*gone, *refs]}
    if "negative_prompt" in posted:
        brief.negative_prompt = clean(posted.get("negative_prompt", ""), KEEP_OUT_KEEPS)
    if "title" in posted:
        brief.title = " ".join(clean(posted.get("title", ""), TITLE_KEEPS).split())


def _take_names(brief: Brief, posted: QueryDict) -> None:
    for entry in brief.tray:
        name = " ".join(clean(posted.get(f"name-{entry['key']}", ""), NAME_KEEPS).split())
        if name:
            entry["name"] = name


def _settings(posted: QueryDict) -> dict[str, Any]:
    """Every field of the form. What is not ticked is not posted, so it counts only with the whole form."""
    typed: dict[str, Any] = {
        name: clean(posted.get(name, ""), VALUE_KEEPS) for name in TYPED if name in posted
    }
    if "provider" in posted:
        typed |= {name: name in posted for name in SWITCHES}
        typed |= {name: clean(" ".join(posted.getlist(name)), VALUE_KEEPS) for name in CHECKED}
    return typed
