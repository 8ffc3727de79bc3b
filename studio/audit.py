"""Who did what that others may have to answer for: one row each, and a line in the log, without anything secret.

Every row carries a hash over itself and the row before it, so that one that was changed or taken out shows (D-06).
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from datetime import UTC
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from studio.models import AuditEntry, Guest, User

logger = logging.getLogger(__name__)
CHECKED_AT_A_TIME = 500


def note(
    actor: User | None, what: str, *, project: UUID | None = None, guest: Guest | None = None, **facts: Any
) -> AuditEntry:
    """Say who did what. `facts` are numbers and names of our own, never a key or what somebody typed."""
    told = ", ".join(f"{name} {value}" for name, value in facts.items())
    who = f"Person {actor.pk}" if actor else f"Guest {guest.pk}" if guest else "The studio"
    logger.info("%s: %s%s", who, what, f" ({told})" if told else "")
    with transaction.atomic():
        before = _last_digest()
        entry = AuditEntry(
            at=timezone.now(),
            actor=actor,
            guest=guest,
            project_id=project,
            word=what,
            facts={
                name: value if isinstance(value, int | bool) else str(value) for name, value in facts.items()
            },
        )
        entry.digest = _digest(entry, before)
        entry.save(force_insert=True)
    return entry


def broken_links() -> Iterator[int]:
    """The ids of rows that do not follow from the row before them."""
    before = ""
    for entry in AuditEntry.objects.order_by("pk").iterator(chunk_size=CHECKED_AT_A_TIME):
        if entry.digest != _digest(entry, before):
            yield entry.pk
        before = entry.digest


def _last_digest() -> str:
    """Of the newest row. One writer at a time: the studio's row is held until the new one is there."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE studio_studio SET changes = changes WHERE id = 1")
    return AuditEntry.objects.order_by("-pk").values_list("digest", flat=True).first() or ""


def _digest(entry: AuditEntry, before: str) -> str:
    said = [
        before,
        entry.at.astimezone(UTC).isoformat(),
        entry.actor_id,
        str(entry.guest_id or ""),
        str(entry.project_id or ""),
        entry.word,
        entry.facts,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
