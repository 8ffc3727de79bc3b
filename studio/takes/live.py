"""What a page that watches takes needs: its poll, and whether anybody is working."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import urlencode

from django.db import connection

from studio import conductor
from studio.models import GenerationTask, Status, User
from studio.models.status import ACTIVE, STEPPED
from studio.prepared import SOMEBODY, Prepared

WORKS_COUNTED_AT_MOST = 500
PAGES_OF_TAKES = ("create", "works", "library", "clip")
POLLED_PAGES = (*PAGES_OF_TAKES, "inbox", "bar")


@dataclass(frozen=True, kw_only=True)
class Poll:
    """One poll for the whole page. `youngest` is the age in seconds of the youngest take under way, None without one.

    `seen` is read before the rows are, so that a change in between is shown twice rather than never; `newest` is
    the key of the newest take then, so that a later answer can tell a new take from a changed one.
    """

    page: str
    seen: int
    newest: int = 0
    youngest: int | None = None
    has_worker: bool = True
    about: tuple[tuple[str, str], ...] = ()
    is_over: bool = False

    @property
    def query(self) -> str:
        return urlencode(
            {
                "page": self.page,
                "seen": self.seen,
                "newest": self.newest,
                "worker": int(self.has_worker),
                **dict(self.about),
            }
        )


@dataclass(frozen=True)
class Seen:
    """How far a page looks: the change counter, and the newest take's key."""

    revision: int
    newest: int


def seen_now() -> Seen:
    """Call it before reading what the page shows."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN)
        row = cursor.fetchone()
    return Seen(row[0], row[1] or 0) if row else Seen(0, 0)


SEEN = "SELECT changes, (SELECT MAX(id) FROM studio_generationtask) FROM studio_studio WHERE id = 1"


def poll_for(
    page: str,
    tasks: Iterable[GenerationTask],
    now: datetime,
    *,
    seen: Seen,
    has_worker: bool,
    is_over: bool = False,
    **about: str,
) -> Poll:
    """The poll of a page that shows these takes. `about` goes with it: what else the page is about."""
    ages = [age(task.created_at, now) for task in tasks if moves_by_itself(task)]
    return Poll(
        page=page,
        seen=seen.revision,
        newest=seen.newest,
        youngest=min(ages, default=None),
        has_worker=has_worker,
        about=tuple((name, value) for name, value in about.items() if value),
        is_over=is_over,
    )


def poll_of_bar(page: str, user: User, now: datetime) -> Poll:
    """The poll of a page that shows no takes, for its bar: how many are under way, what waits, what ended.

    The bar does not tell whether a worker is there, so that is not asked.
    """
    seen = seen_now()
    youngest = GenerationTask.objects.filter(pk=max((pk for pk, _ in _moving(user)), default=0))
    return poll_for(page, youngest, now, seen=seen, has_worker=True)


def age(asked_for: datetime, now: datetime) -> int:
    """Whole seconds, never less than none."""
    return int(max(0.0, (now - asked_for).total_seconds()))


def moves_by_itself(task: GenerationTask) -> bool:
    """Whether it can change with nobody touching it: under way, looked for, or watched after it was cancelled."""
    return task.next_at is not None and task.status in STEPPED


def is_over(task: GenerationTask) -> bool:
    """Nothing more will happen to it unless somebody wants it to."""
    return task.is_finished and not moves_by_itself(task)


@dataclass(frozen=True, kw_only=True)
class Works:
    """What is under way for a person, and whether it moves. The keys of its takes stand newest first.

    `moving` are all that can still change by themselves: also those of unknown fate that are looked for, and
    cancelled ones that are watched, which do not count as being made. `foremost` is the key of the one to speak of
    where there is room for one: the first being made, else the first that waits, 0 without any.
    """

    under_way: tuple[int, ...]
    moving: tuple[int, ...]
    has_worker: bool
    foremost: int = 0

    @property
    def count(self) -> int:
        return len(self.under_way)

    @property
    def youngest(self) -> int:
        """The key of the newest take that can still change by itself, or 0."""
        return max(self.moving, default=0)

    @property
    def is_stuck(self) -> bool:
        return self.count > 0 and not self.has_worker


def works_of(user: User, now: datetime) -> Works:
    """Found by the index of such work: one query for the takes, one for the worker."""
    rows = sorted(_moving(user), reverse=True)
    under_way = tuple(pk for pk, status in rows if status in ACTIVE)
    begun = [pk for pk, status in rows if status in ACTIVE and status != Status.QUEUED]
    return Works(
        under_way=under_way,
        moving=tuple(pk for pk, _ in rows),
        has_worker=conductor.is_alive(now),
        foremost=min(begun or under_way, default=0),
    )


def works_count(user: User) -> int:
    """How many takes are under way, of those that a person may see."""
    return sum(status in ACTIVE for _, status in _moving(user))


def _moving(user: User) -> list[tuple[int, str]]:
    return [(pk, status) for pk, status in _question(user.role).ask({SOMEBODY: user.pk})]


@cache
def _question(role: str) -> Prepared:
    user = User(pk=SOMEBODY, role=role)
    rows = GenerationTask.objects.filter(next_at__isnull=False, status__in=STEPPED).visible_to(user)
    return Prepared(rows.order_by("next_at").values_list("pk", "status")[:WORKS_COUNTED_AT_MOST])
