"""References in the studio's S3 bucket: copied there, handed out by presigned links, and swept away afterwards.

A name carries the Monday of the week in which it was handed out. So a file is copied once a week however many takes
use it, and a week's copies may go as soon as its last link has run out: no take has to be asked, and no sweep can race
with a take that is just being sent.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.utils import timezone

from studio.delivery import s3
from studio.models import MediaFile
from studio.storage import store

logger = logging.getLogger(__name__)
FOLDER = "references/"
LINKS_LIVE = timedelta(hours=30)
KEEPS = timedelta(days=9)  # from the Monday: a week of handing out, then LINKS_LIVE, rounded up
SWEEPS_AT_MOST = 500
TRIAL_SECONDS = 60

_WEEK = re.compile(re.escape(FOLDER) + r"(\d{4}-\d\d-\d\d)/[0-9a-f]{64}\.[a-z0-9]+")


def is_set() -> bool:
    """Whether the studio has a bucket. Settings that are there by halves stop the start (studio.checks)."""
    return bool(
        settings.S3_BUCKET and settings.S3_ENDPOINT and settings.S3_ACCESS_KEY and settings.S3_SECRET_KEY
    )


def address(stored: MediaFile) -> str:
    """A link to the file for the next 30 hours, the file copied if this week's copy is not there yet.

    Raises s3.Away or s3.Refused.
    """
    bucket, name = open_bucket(), name_of(stored, timezone.now())
    if not bucket.holds(name, stored.size_bytes):
        path = store.media_path(store.file_path(stored.sha256, stored.extension))
        bucket.put(name, path, mime=stored.mime)
    return bucket.link(name, seconds=int(LINKS_LIVE.total_seconds()))


@contextmanager
def trial(word: str) -> Iterator[str]:
    """A link to a file of one word, made as for a reference and taken away afterwards. Raises s3.Away or s3.Refused.

    Where the keys may not delete, it stays as long as a reference does.
    """
    bucket, content = open_bucket(), word.encode()
    name = _name(hashlib.sha256(content).hexdigest(), "txt", timezone.now())
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        bucket.put(name, Path(file.name), mime="text/plain")
    try:
        yield bucket.link(name, seconds=TRIAL_SECONDS)
    finally:
        with suppress(s3.Away, s3.Refused):
            bucket.drop(name)


def sweep(now: datetime) -> int:
    """Remove copies that no link leads to any longer, the oldest first. Returns how many."""
    bucket, swept = open_bucket(), 0
    try:
        for name in _outlived(bucket.names(FOLDER), now)[:SWEEPS_AT_MOST]:
            bucket.drop(name)
            swept += 1
    except s3.Away as problem:
        logger.info("The bucket was not swept: %s", problem)
    except s3.Refused as problem:
        logger.warning(
            "The bucket was not swept (%s). Allow the studio's keys to list and delete there, or let a lifecycle "
            "rule of the storage remove %s after %d days.",
            problem.detail,
            FOLDER,
            KEEPS.days,
        )
    return swept


def name_of(stored: MediaFile, now: datetime) -> str:
    return _name(stored.sha256, stored.extension, now)


def open_bucket() -> s3.Bucket:
    return s3.Bucket(
        s3.Place(
            endpoint=settings.S3_ENDPOINT,
            bucket=settings.S3_BUCKET,
            region=settings.S3_REGION,
            access_key=settings.S3_ACCESS_KEY,
            secret_key=settings.S3_SECRET_KEY,
            allow_http=settings.ALLOW_PRIVATE_ADDRESSES,
        )
    )


def _name(sha256: str, extension: str, now: datetime) -> str:
    monday = now.date() - timedelta(days=now.weekday())
    return f"{FOLDER}{monday.isoformat()}/{sha256}.{extension}"


def _outlived(names: list[str], now: datetime) -> list[str]:
    """Only what bears a name that we give: whatever else lies in the bucket is somebody else's."""
    last = now.date() - KEEPS
    return [name for name in names if (monday := _monday(name)) and monday <= last]


def _monday(name: str) -> date | None:
    week = _WEEK.fullmatch(name)
    try:
        return date.fromisoformat(week[1]) if week else None
    except ValueError:
        return None
