"""Messages that offer to take something back. The next page shows them with an Undo button."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

MARK = "undo"


@dataclass(frozen=True)
class Undo:
    url: str
    ids: list[str]


def offer(request: HttpRequest, text: str, url_name: str, ids: Iterable[object]) -> None:
    """Say what was done, with a button that posts the ids to `url_name`."""
    tags = " ".join([MARK, reverse(url_name), *(str(each) for each in ids)])
    messages.success(request, text, extra_tags=tags)


def offered_by(extra_tags: str | None) -> Undo | None:
    words = (extra_tags or "").split()
    return Undo(words[1], words[2:]) if len(words) > 2 and words[0] == MARK else None
