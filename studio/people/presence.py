"""Who looks at a take just now. It is kept in the cache: nothing depends on it, and it is gone in a minute."""

from __future__ import annotations

import time

from django.core.cache import cache

from studio.changes import next_revision
from studio.models import GenerationTask, User

BEAT_SECONDS = 20
GONE_AFTER_SECONDS = 75
PEOPLE_AT_MOST = 50


def beat(task: GenerationTask, user: User) -> list[User]:
    """Say that this person is looking, and learn who else is. Whoever comes is a change that open pages tell."""
    now = time.time()
    seen = _seen(task, now)
    last = seen.get(user.pk)
    if last is None or now - last > BEAT_SECONDS:
        cache.set(_key(task), seen | {user.pk: now}, GONE_AFTER_SECONDS)
    if last is None:
        next_revision()
    return _people([*seen, user.pk])


def here(task: GenerationTask) -> list[User]:
    """Who looked at it within the last minute or so."""
    return _people(list(_seen(task, time.time())))


def _seen(task: GenerationTask, now: float) -> dict[int, float]:
    known: dict[int, float] = cache.get(_key(task)) or {}
    return {pk: at for pk, at in known.items() if now - at <= GONE_AFTER_SECONDS}


def _people(keys: list[int]) -> list[User]:
    return list(User.objects.filter(pk__in=keys, is_active=True).order_by("name", "pk")[:PEOPLE_AT_MOST])


def _key(task: GenerationTask) -> str:
    return f"looking-at-{task.pk}"
