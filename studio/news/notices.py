"""News for people: the dot in the bar, the browser's own notification, and the mail that says what happened.

A notice is told once, to everybody it concerns who may see its project. Its sentence is plain text of one line.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from studio import changes
from studio.models import Notice, Project, User

SENTENCE_AT_MOST = 300
PATH_AT_MOST = 200


def tell(users: Iterable[User], kind: str, sentence: str, path: str, project: Project | None) -> list[Notice]:
    """Tell each of these people once, except who has left or cannot see the project. Returns what was told."""
    people = {user.pk: user for user in users if user.is_active and can_see(user, project)}
    if not people:
        return []
    said = " ".join(sentence.split())
    short = said if len(said) <= SENTENCE_AT_MOST else f"{said[: SENTENCE_AT_MOST - 1]}…"
    now = timezone.now()
    with transaction.atomic():
        changes.next_revision()
        return Notice.objects.bulk_create(
            Notice(user=user, project=project, kind=kind, sentence=short, path=path[:PATH_AT_MOST], at=now)
            for user in people.values()
        )


def can_see(user: User, project: Project | None) -> bool:
    return project is None or Project.objects.visible_to(user).filter(pk=project.pk).exists()


def newest(user: User, *, at_most: int, after: int = 0, with_mentions: bool = False) -> list[Notice]:
    """A person's news, the latest first, of projects that they may still see. `after`: only later ones."""
    rows = Notice.objects.filter(user=user, pk__gt=after)
    if not with_mentions:
        rows = rows.exclude(kind=Notice.Kind.MENTION)
    return list(rows.filter(in_sight(user)).select_related("project")[:at_most])


def mark_seen(user: User, now: datetime) -> int:
    """The dot goes out. Returns how many were new."""
    with transaction.atomic():
        seen = Notice.objects.filter(user=user, seen_at=None).update(seen_at=now)
        if seen:
            changes.next_revision()
    return seen


def in_sight(user: User) -> Q:
    """Of projects that the person may see now, whoever could when they were told."""
    return Q(project=None) | Q(project__in=Project.objects.visible_to(user))
