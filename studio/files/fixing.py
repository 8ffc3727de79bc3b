"""Repairs as jobs: asked for by a person, claimed and done by a worker, put into the form they were asked from.

Nothing here can be repeated harmfully: a fixed copy is kept by its content, so a job that two workers did, or that
one did twice after a crash, still leaves one file.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from studio import crash_points, media
from studio.briefs import changing, saving
from studio.briefs.tray import tray_of
from studio.files import repairs, uploads
from studio.models import Brief, FixJob, LibraryFile, User
from studio.models.fix_job import FixJobQuerySet, FixState

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=15)
LOOK_EVERY_SECONDS = 1.0
TRIES_AT_MOST = 3
AT_ONCE = 2
KEEPS = timedelta(days=7)
FAILED_SENTENCE = "The repair didn’t work. The original is kept as it is; another export of it may help."


def start(
    file: LibraryFile,
    *,
    use: media.Use,
    choices: media.FixChoices,
    user: User,
    brief: Brief | None = None,
    place: str = "",
) -> FixJob:
    """Ask for a fixed copy. The same press twice finds the job that is under way."""
    wanted = choices.to_dict()
    same = FixJob.objects.under_way().filter(file=file, use=use, brief=brief, place=place, asked_by=user)
    for job in same:
        if job.choices == wanted:
            return job
    return FixJob.objects.create(file=file, use=use, choices=wanted, brief=brief, place=place, asked_by=user)


def stop(job: FixJob) -> bool:
    """Stop a job for good. False if it was over already."""
    done = _end(FixJob.objects.under_way().filter(pk=job.pk), FixState.STOPPED)
    job.refresh_from_db()
    return done


def claim_due(now: datetime, *, at_most: int = AT_ONCE) -> list[tuple[UUID, UUID]]:
    """Lease the jobs that want a worker and return (job, token), oldest first. Few at once: repairs are heavy."""
    if not FixJob.objects.due(now).exists():
        return []
    with transaction.atomic():
        room = AT_ONCE - FixJob.objects.under_way().filter(lease_until__gte=now).count()
        rows = FixJob.objects.due(now).order_by("created_at")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        chosen = list(rows.values_list("pk", flat=True)[: max(0, min(at_most, room))])
        token = uuid4()
        FixJob.objects.filter(pk__in=chosen).update(
            state=FixState.WORKING, lease_token=token, lease_until=now + LEASE, tries=F("tries") + 1
        )
    return [(pk, token) for pk in chosen]


def work_on(job_id: UUID, token: UUID) -> None:
    """Do one job, if the claim still holds. Whatever happens, the row says so."""
    claimed = FixJob.objects.filter(pk=job_id, lease_token=token, state=FixState.WORKING)
    job = claimed.select_related("file__media", "file__project", "asked_by").first()
    if job is None:
        return
    if job.tries > TRIES_AT_MOST:
        _end(claimed, FixState.FAILED, sentence=FAILED_SENTENCE)
        return
    try:
        with _watched(job_id, token) as cancel:
            copy = repairs.make_copy(
                job.file,
                use=media.Use(job.use),
                choices=media.FixChoices.from_dict(job.choices),
                user=job.asked_by,
                report=lambda share: _report(job_id, token, share),
                cancel=cancel,
            )
    except media.ChildCancelled:
        return
    except (uploads.Refused, media.UnreadableMedia) as refused:
        _end(claimed, FixState.FAILED, sentence=refused.sentence)
    except (media.ChildFailed, OSError, ValueError):
        logger.exception("The repair of %s stumbled", job.file_id)
        _end(claimed, FixState.FAILED, sentence=FAILED_SENTENCE)
    else:
        crash_points.reach("f01")
        _hand_over(claimed, job, copy)


def forget_old(now: datetime) -> int:
    """Drop jobs that ended a week ago; their files stay. Returns how many."""
    return FixJob.objects.filter(finished_at__lt=now - KEEPS).delete()[0]


@contextmanager
def _watched(job_id: UUID, token: UUID) -> Iterator[threading.Event]:
    """Keep the lease while the block runs; the event is set when somebody stopped the job or took it over."""
    cancel, over = threading.Event(), threading.Event()

    def watch() -> None:
        held = FixJob.objects.filter(pk=job_id, lease_token=token, state=FixState.WORKING)
        while not over.wait(LOOK_EVERY_SECONDS):
            try:
                is_ours = held.update(lease_until=timezone.now() + LEASE)
            except DatabaseError:
                continue  # the lease lasts for several looks
            if not is_ours:
                cancel.set()
                break
        connection.close()

    watching = threading.Thread(target=watch, name=f"fix-{job_id}", daemon=True)
    watching.start()
    try:
        yield cancel
    finally:
        over.set()
        watching.join()


def _report(job_id: UUID, token: UUID, share: float) -> None:
    """Write how far a repair is, in steps that somebody can see."""
    progress = min(99, max(0, round(share * 100)))
    held = FixJob.objects.filter(pk=job_id, lease_token=token, progress__lt=progress)
    held.update(progress=progress)


def _hand_over(claimed: FixJobQuerySet, job: FixJob, copy: LibraryFile) -> None:
    """The job is done and the copy is in the form: both, or after a crash neither."""
    with transaction.atomic():
        if _end(claimed, FixState.DONE, result=copy, progress=100) and job.brief_id:
            crash_points.reach("f02")
            _put_into_brief(job.brief_id, job, copy)


def _put_into_brief(brief_id: UUID, job: FixJob, copy: LibraryFile) -> None:
    """Let the copy take the original's place in the form, if the original is still there."""
    brief = Brief.objects.select_for_update().filter(pk=brief_id).first()
    if brief is None:
        return
    try:
        changing.change(brief, tray_of(brief, job.asked_by), f"put {job.place} {copy.pk}", copy)
    except changing.CannotChange:
        return
    saving.store(brief)


def _end(rows: FixJobQuerySet, state: FixState, **fields: Any) -> bool:
    """Close the job if it is still as `rows` says."""
    ended = {"state": state, "finished_at": timezone.now(), "lease_token": None, "lease_until": None}
    return bool(rows.update(**(ended | fields)))
