"""Nothing is sent until an owner says so: a backup was restored, or somebody pulled the brake (M-09, M-10).

A file in the data folder holds it, so that it holds for every process at once and outlives the database. Another file
there knows how far the database had come: one that is behind was restored from a backup, and freezes itself.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from studio import audit, changes, lifecycle
from studio.models import GenerationTask, Status, User
from studio.storage import store

logger = logging.getLogger(__name__)
FROZEN, SEEN = "frozen.json", "changes-seen"


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """Since when, and whether because the database is an older one. Then what waits may have been sent before."""

    since: datetime
    is_restored: bool


def state() -> Frozen | None:
    """None while the studio sends. A file that cannot be understood freezes, too."""
    try:
        told = json.loads(_file(FROZEN).read_text())
        return Frozen(since=datetime.fromisoformat(told["since"]), is_restored=bool(told["restored"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, OSError):
        return Frozen(since=datetime.fromtimestamp(0, tz=timezone.get_default_timezone()), is_restored=False)


def freeze(*, is_restored: bool, actor: User | None = None) -> None:
    """From now on nothing is sent; jobs under way are asked about and come home. Frozen stays frozen."""
    if state() is None:
        frozen = Frozen(since=timezone.now(), is_restored=is_restored)
        _write(FROZEN, json.dumps({"since": frozen.since.isoformat(), "restored": is_restored}))
        changes.next_revision()  # open pages say it
        audit.note(actor, "froze the studio", restored=is_restored)
        doubt_what_waited(frozen)


def thaw(actor: User | None) -> bool:
    """Send again, what waited first. False if nothing was frozen."""
    frozen = state()
    if frozen is None:
        return False
    doubt_what_waited(frozen)
    _write(SEEN, str(changes.latest_revision()))
    _file(FROZEN).unlink(missing_ok=True)
    store.sync_folder(_file(FROZEN).parent)
    changes.next_revision()
    audit.note(actor, "let the studio send again")
    return True


def freeze_if_restored() -> bool:
    """Whether the database is older than this data folder remembers. Then it freezes."""
    is_behind = changes.latest_revision() < _seen()
    if is_behind and state() is None:
        logger.warning("The database was restored from a backup. Nothing is sent until an owner says so.")
        freeze(is_restored=True)
    return is_behind


def remember_how_far() -> None:
    """Note how far the database has come, as long as it is the one that was noted before."""
    now = changes.latest_revision()
    if now > _seen() and state() is None:
        _write(SEEN, str(now))


def doubt_what_waited(frozen: Frozen) -> int:
    """What waited in a restored database may have been sent since the backup: nobody knows. Returns how many."""
    if not frozen.is_restored:
        return 0
    waited = GenerationTask.objects.active().filter(status=Status.QUEUED, created_at__lt=frozen.since)
    return sum(lifecycle.doubt(task) for task in waited.exclude(provider="local"))


def _seen() -> int:
    try:
        return int(_file(SEEN).read_text())
    except (FileNotFoundError, ValueError):
        return 0


def _write(name: str, text: str) -> None:
    """All of it or nothing, and on the disk."""
    path = _file(name)
    store.make_folder(path.parent)
    half = path.with_name(f".{name}.half")
    half.write_text(text)
    store.sync_file(half)
    half.replace(path)
    store.sync_folder(path.parent)


def _file(name: str) -> Path:
    return Path(settings.DATA_DIR) / name
