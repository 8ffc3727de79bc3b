"""What the templates of the client's page get, for the whole page and for its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.urls import reverse

from studio import changes
from studio.guests.told import GuestPage

KEPT_AT_MOST = 400_000


@dataclass(frozen=True, kw_only=True)
class Question:
    """Who they are is asked at the first word they send; `fields` are what they sent, to be sent again with it."""

    address: str
    fields: list[tuple[str, str]]
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What stays in the forms after a refusal, and why it was refused."""

    text: str = ""
    at: str = ""
    frame: str = ""
    drawing: str = ""
    sentence: str = ""
    problem: str = ""
    decision_problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Changing:
    """Other words for the comment `key` that were refused, and why. `is_gone`: it is not on the page any more."""

    key: str
    text: str
    problem: str
    is_gone: bool


def guest_context(
    page: GuestPage,
    seen: int,
    *,
    question: Question | None = None,
    typed: Typed | None = None,
    changing: Changing | None = None,
    was_sent: bool = False,
) -> dict[str, Any]:
    """`seen` is the change counter as it was before the page was read."""
    return {
        "page": page,
        "poll_address": poll_address(page, seen) if page.token else "",
        "question": question,
        "typed": typed or Typed(),
        "changing": changing,
        "was_sent": was_sent,
        "note_id": uuid4(),
    }


def poll_address(page: GuestPage, seen: int) -> str:
    shown = {
        "clip": page.film.key if page.film else "",
        "shown": page.revision,
        "terms": page.terms,
        "seen": changes.veiled(seen),
        "cap": changes.poll_capability(None),
    }
    return f"{reverse('studio:poll-share', args=[page.token])}?{urlencode(shown)}"


def question(address: str, sent: Mapping[str, str], names: tuple[str, ...], problem: str = "") -> Question:
    fields = [(name, str(sent.get(name, ""))[:KEPT_AT_MOST]) for name in names]
    return Question(address=address, fields=[each for each in fields if each[1]], problem=problem)
