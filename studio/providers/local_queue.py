"""Draw free drafts one after the other in the background of this process."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque

from studio.drafts import making
from studio.drafts.request import DraftRequest
from studio.media.errors import ChildCancelled, ChildFailed, UnreadableMedia
from studio.providers.base import ErrorCategory
from studio.providers.local_jobs import JobFolder

logger = logging.getLogger(__name__)

TRIES = 3  # for a child that was killed from outside, for example when memory ran out
PAUSE_AFTER_TROUBLE = 5.0  # seconds, for a full disk and the like
WAITS = ("no_space", "not_started")  # nothing is wrong with the draft; try again later


class DraftQueue:
    """At most `parallel` drafts are drawn at once, in the order asked for. Threads come and go with the work."""

    def __init__(self, *, parallel: int = 1) -> None:
        self._parallel = parallel
        self._lock = threading.Lock()
        self._waiting: deque[JobFolder] = deque()
        self._stops: dict[str, threading.Event] = {}  # of every job waiting or being drawn here
        self._not_before: dict[str, float] = {}
        self._threads = 0

    def add(self, job: JobFolder) -> None:
        """Draw the job as soon as there is room, unless it is waiting here already."""
        with self._lock:
            if job.job_id in self._stops or self._not_before.get(job.job_id, 0) > time.monotonic():
                return
            self._stops[job.job_id] = threading.Event()
            self._waiting.append(job)
            if self._threads < self._parallel:
                self._threads += 1
                threading.Thread(target=self._work, name="free-drafts", daemon=True).start()

    def stop(self, job_id: str) -> None:
        """Stop drawing a job. Returns at once; the child is killed within a tenth of a second."""
        with self._lock:
            if stop := self._stops.get(job_id):
                stop.set()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._threads -= 1
                    return
                job = self._waiting.popleft()
                stop = self._stops[job.job_id]
            try:
                self._draw_if_free(job, stop)
            except OSError:
                logger.exception("Draft %s has to wait", job.job_id)
                self._pause(job)
            except Exception:
                logger.exception("Draft %s cannot be drawn", job.job_id)
                self._pause(job)
                _give_up(job)
            finally:
                with self._lock:
                    del self._stops[job.job_id]

    def _pause(self, job: JobFolder) -> None:
        with self._lock:
            self._not_before[job.job_id] = time.monotonic() + PAUSE_AFTER_TROUBLE

    def _draw_if_free(self, job: JobFolder, stop: threading.Event) -> None:
        if not job.exists() or job.is_over():
            return
        with job.held() as held:
            if held and not job.is_over():
                self._draw(job, stop)

    def _draw(self, job: JobFolder, stop: threading.Event) -> None:
        for number in range(1, TRIES + 1):
            try:
                draw(job, stop)
            except ChildCancelled:
                logger.info("Draft %s was stopped", job.job_id)
            except UnreadableMedia as error:
                job.fail(
                    category=ErrorCategory.INVALID_INPUT,
                    message=error.sentence,
                    detail=error.code,
                    fault=error.about,
                )
            except ChildFailed as error:
                if error.reason in WAITS:
                    raise OSError(error.reason) from error
                if error.reason == "crashed" and number < TRIES:
                    continue
                logger.warning("Draft %s failed: %s", job.job_id, error)
                message = making.explain(error.reason)
                job.fail(category=ErrorCategory.PROVIDER_ERROR, message=message, detail=str(error))
            return


def _give_up(job: JobFolder) -> None:
    with contextlib.suppress(OSError):
        job.fail(category=ErrorCategory.PROVIDER_ERROR, message=making.explain("raised"), detail="unexpected")


def draw(job: JobFolder, stop: threading.Event) -> None:
    """Draw a job that is held, and keep the result unless it was cancelled meanwhile."""
    request = DraftRequest.from_dict(job.request())

    def note(fraction: float) -> None:
        if job.is_canceled():  # perhaps by another process
            stop.set()
        job.set_progress(
            round(fraction * 99), f"Drawing frame {round(fraction * request.frames)} of {request.frames}"
        )

    job.set_progress(0, "Opening your pictures")
    unfinished = job.unfinished_clip()
    try:
        making.make(request, unfinished, on_progress=note, cancel=stop)
        if not job.is_canceled():
            job.finish(unfinished)
    finally:
        unfinished.unlink(missing_ok=True)
