"""What the conductor does now and then: forget abandoned uploads, empty old bins, mail news."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError

from studio import deleting, loose_clips
from studio.delivery import bucket
from studio.delivery.bucket_tasks import sweep_bucket
from studio.files import fixing, library
from studio.models import GenerationTask, Upload
from studio.news.mail import mail_news
from studio.people import devices
from studio.storage import contents, incoming

logger = logging.getLogger(__name__)
EVERY_SECONDS = 600
BUCKET_EVERY_SECONDS = 3600
MAIL_EVERY_SECONDS = 60
BIN_KEEPS = timedelta(days=30)
SCRATCH_KEEPS = timedelta(hours=24)


def run_due(now: datetime) -> None:
    """Finish what a crash left half deleted; run the other chores if nobody did in the last ten minutes.

    A file that cannot be removed, or a row that something still holds, ends its own chore only: the others, and
    all that is being made, go on.
    """
    _try(loose_clips.finish_begun, now)
    if cache.add("housekeeping", 1, EVERY_SECONDS):
        for chore in CHORES:
            _try(chore, now)
    if settings.CAN_MAIL and cache.add("news-mail", 1, MAIL_EVERY_SECONDS):
        mail_news.enqueue()
    if bucket.is_set() and cache.add("bucket", 1, BUCKET_EVERY_SECONDS):
        sweep_bucket.enqueue()


def _try(chore: Callable[[datetime], object], now: datetime) -> None:
    try:
        chore(now)
    except (OSError, IntegrityError):
        logger.exception("Could not do all of %s; it is tried again later.", chore.__name__)


def forget_abandoned_uploads(now: datetime) -> int:
    """Drop uploads that nobody resumed, with their bytes. Returns how many."""
    abandoned = list(Upload.objects.filter(finished_at=None, expires_at__lt=now)[:500])
    for upload in abandoned:
        incoming.forget(upload)
    return len(abandoned)


def empty_bin(now: datetime) -> int:
    """Delete takes that have lain in the bin for 30 days. Returns how many."""
    old = list(
        GenerationTask.objects.in_bin().filter(binned_at__lt=now - BIN_KEEPS).select_related("clip")[:200]
    )
    for task in old:
        deleting.delete_for_good(task)
    return len(old)


def sweep_scratch(now: datetime) -> None:
    """Remove what a killed process left half made."""
    root = Path(settings.MEDIA_DIR) / "scratch"
    if not root.exists():
        return
    for folder in root.iterdir():
        if now.timestamp() - folder.stat().st_mtime > SCRATCH_KEEPS.total_seconds():
            shutil.rmtree(folder, ignore_errors=True)


def sweep_contents(now: datetime) -> None:
    """Remove the bytes of files that never came to their row."""
    contents.sweep()


CHORES = (
    forget_abandoned_uploads,
    empty_bin,
    sweep_scratch,
    library.purge_deleted,
    sweep_contents,
    incoming.sweep,
    fixing.forget_old,
    devices.forget_old,
)
