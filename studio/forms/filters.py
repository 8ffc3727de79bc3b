"""The filters of the history, read from an address. What makes no sense there is left out, never an error."""

from __future__ import annotations

from collections.abc import Container

from django.http import QueryDict

from studio.connections.provider_accounts import capability_named
from studio.history import DATES, KINDS, STATUSES, Filters
from studio.http import read_uuid

LONGEST_SEARCH = 200
VIEWS = ("rows", "grid", "list")
HIGHEST_KEY = 2**62


def read_filters(query: QueryDict) -> Filters:
    provider = query.get("provider", "")
    return Filters(
        project=read_uuid(query.get("project")),
        shot=read_uuid(query.get("shot")),
        person=read_key(query.get("person")),
        provider=provider if capability_named(provider) else "",
        status=_known(query.get("status"), STATUSES),
        kind=_known(query.get("kind"), KINDS),
        date=_known(query.get("date"), DATES),
        pick=query.get("pick") == "1",
        q=" ".join(query.get("q", "").replace("\0", " ").split())[:LONGEST_SEARCH],
    )


def read_key(text: str | None) -> int | None:
    """A row's key from text that a page sent, or None."""
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 19:
        return None
    key = int(text)
    return key if 0 < key < HIGHEST_KEY else None


def read_view(query: QueryDict) -> str:
    return _known(query.get("view"), VIEWS) or VIEWS[0]


def _known(word: str | None, words: Container[str]) -> str:
    return word if word and word in words else ""
