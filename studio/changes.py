"""The change counter: every visible change takes the next number, in its own transaction.

A page that polls says which number it has seen. While the counter stands still the answer is an early 204 that
costs one raw read: no session, no user, no template.
"""

from __future__ import annotations

from functools import lru_cache

from django.core import signing
from django.db import connection
from django.utils.crypto import salted_hmac

CAPABILITY_SALT = "studio.changes.capability"
VEIL_SALT = "studio.changes.veil"
CAPABILITY_SECONDS = 14 * 24 * 3600


def next_revision() -> int:
    """Take the next number. Call it inside the transaction that makes the change.

    The counter's row is held until that transaction ends. Shots, versions, takes and projects are written after it,
    never before: who held one of them and waited for the counter would wait for somebody who waits for it.
    """
    with connection.cursor() as cursor:
        cursor.execute("UPDATE studio_studio SET changes = changes + 1 WHERE id = 1 RETURNING changes")
        row = cursor.fetchone()
    if row is None:
        raise RuntimeError("The studio row is missing; run the migrations.")
    return int(row[0])


def latest_revision() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT changes FROM studio_studio WHERE id = 1")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


@lru_cache(maxsize=16)
def veiled(revision: int) -> str:
    """The number for those who may not read it: a guest's page tells it apart from another, and nothing more."""
    return salted_hmac(VEIL_SALT, str(revision), algorithm="sha256").hexdigest()[:16]


def poll_capability(session_key: str | None) -> str:
    """A signed word for a poll's address. It proves only that the page came from us: it opens nothing."""
    return signing.dumps(session_key[:8] if session_key else "", salt=CAPABILITY_SALT)


@lru_cache(maxsize=1024)
def is_capability(word: str) -> bool:
    """Whether we signed it. Remembered: a page asks with the same word every few seconds, and it opens nothing."""
    try:
        signing.loads(word, salt=CAPABILITY_SALT, max_age=CAPABILITY_SECONDS)
    except signing.BadSignature:
        return False
    return True
