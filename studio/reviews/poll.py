"""What an open review page has seen, as its poll carries it, and what of it is no longer so."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import cast, get_args
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Max
from django.http import QueryDict

from studio.http import read_uuid
from studio.models import Decision, GenerationTask, Note, User
from studio.notes.threads import THREADS_AT_MOST, THREADS_SHOWN, Wanted, Which
from studio.people.presence import Looking
from studio.reviews.version_strip import SHOWN_AT_MOST

DIGITS_AT_MOST = 18


@dataclass(frozen=True, kw_only=True)
class Look:
    """`seen` is the change counter; `which` and `count` are the part of the list; `note` is the selected one.

    `decided` stands for the decisions and takes that are shown, `here` for the people; empty while the page does not
    know.
    """

    seen: int = 0
    which: Which = "all"
    count: int = THREADS_SHOWN
    note: UUID | None = None
    decided: str = ""
    here: str = ""

    @classmethod
    def read(cls, asked: QueryDict) -> Look:
        which = asked.get("which", "")
        count = _number(asked.get("count")) or THREADS_SHOWN
        return cls(
            seen=_number(asked.get("seen")),
            which=cast(Which, which) if which in get_args(Which.__value__) else "all",
            count=min(max(THREADS_SHOWN, count), THREADS_AT_MOST),
            note=read_uuid(asked.get("note")),
            decided=asked.get("decided", "")[:60],
            here=asked.get("here", "")[:60],
        )

    def wanted(self, user: User | None) -> Wanted:
        return Wanted(which=self.which, count=self.count, user=user, also=self.note)

    def query(self, task: GenerationTask) -> str:
        """For the next poll. The selected note is the page's own to add."""
        said = {
            "task": task.task_id,
            "seen": self.seen,
            "which": self.which,
            "count": self.count,
            "decided": self.decided,
            "here": self.here,
        }
        return urlencode(said)

    def now(self, *, seen: int, decided: str, here: str) -> Look:
        return replace(self, seen=seen, decided=decided, here=here)


def has_new_notes(task: GenerationTask, look: Look) -> bool:
    return Note.objects.filter(task=task, revision__gt=look.seen).exists()


def decided_sign(task: GenerationTask) -> str:
    """Another word whenever the dock or the versions look otherwise.

    So it is when somebody decides about the shot or takes that back, when a take is picked, binned or brought back,
    and when one moves on to being ready.
    """
    shot_id = task.version.shot_id
    last = Decision.objects.filter(version__shot=shot_id).aggregate(
        made=Max("pk"), replaced=Max("replaced_at")
    )
    takes = GenerationTask.objects.filter(version__shot=shot_id).outside_bin().order_by("-pk")
    shown = list(takes.values_list("pk", "is_pick", "status")[:SHOWN_AT_MOST])
    told = (last["made"], last["replaced"], task.version.locked_at, shown)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def people_sign(looking: Looking) -> str:
    """Another word for other people, empty while nobody else looks."""
    keys = [str(each.pk) for each in (*looking.people, *looking.guests)]
    return hashlib.sha256(" ".join(keys).encode()).hexdigest()[:16] if keys else ""


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= DIGITS_AT_MOST else 0
