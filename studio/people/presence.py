"""Who looks at a take just now. It is kept in the cache: nothing depends on it, and it is gone in a minute."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache

from studio.changes import next_revision
from studio.models import GenerationTask, Guest, User

BEAT_SECONDS = 20
GONE_AFTER_SECONDS = 75
PEOPLE_AT_MOST = 50


@dataclass(frozen=True, kw_only=True)
class Looking:
    """Members and guests who gave a name, by their names."""

    people: Iterable[User]
    guests: Iterable[Guest]


def beat(task: GenerationTask, who: User | Guest) -> None:
    """Say that somebody is looking. Whoever comes is a change that open pages tell."""
    now = time.time()
    seen = _seen(task, now)
    last = seen.get(who.pk)
    if last is None or now - last > BEAT_SECONDS:
        cache.set(_key(task), seen | {who.pk: now}, GONE_AFTER_SECONDS)
    if last is None:
        next_revision()


def others(task: GenerationTask, user: User) -> Looking:
    """Who else looked at it within the last minute or so."""
    keys = set(_seen(task, time.time())) - {user.pk}
    members = [key for key in keys if isinstance(key, int)]
    guests = [key for key in keys if isinstance(key, UUID)]
    return Looking(
        people=User.objects.filter(pk__in=members, is_active=True).order_by("name", "pk")[:PEOPLE_AT_MOST],
        guests=Guest.objects.filter(pk__in=guests).order_by("name", "pk")[:PEOPLE_AT_MOST],
    )


def _seen(task: GenerationTask, now: float) -> dict[int | UUID, float]:
    """When each was last seen: members by their number, guests by their id."""
    known: dict[int | UUID, float] = cache.get(_key(task)) or {}
    return {pk: at for pk, at in known.items() if now - at <= GONE_AFTER_SECONDS}


def _key(task: GenerationTask) -> str:
    return f"looking-at-{task.pk}"
