"""The free draft: a provider on this machine, without key, network or price.

It keeps its jobs in files, so that a draft asked for is a draft made: whoever asks about an unfinished job
after a restart makes it go on.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from studio.drafts.request import DraftProblem, draft_request
from studio.providers.base import (
    Capability,
    ErrorCategory,
    PriceRule,
    ProviderError,
    Snapshot,
    State,
    VideoRequest,
)
from studio.providers.local_jobs import JobFolder, sweep
from studio.providers.local_queue import DraftQueue

CAPABILITY = Capability(
    name="local",
    label="Free draft",
    summary="A moving storyboard, made on this server",
    price=PriceRule(unit="free"),
    max_duration=15,
    max_duration_with_video=10,
    accepts_prompt_extend=False,
    accepts_watermark=False,
    accepts_shot_type=False,
    expected_seconds=6,
    poll_rhythm=((86_400, 1),),
    can_cancel=True,
    repeats_by_key=True,
    delivery="path",
    queries_per_second=1000,
    reasons={
        "prompt_extend": "A draft shows your words exactly as written.",
        "watermark": "A draft is made of your own pictures, so it carries no such mark.",
        "shot_type": "A draft cuts where your prompt says so: Shot 1 [0-3s].",
    },
    notes={
        "negative_prompt": "Kept for the clip. A draft shows only what you added.",
        "seed": "Another number moves the camera differently.",
        "voice": "You hear the sample itself.",
    },
)


class LocalDrafts:
    """Free drafts with their jobs in one folder. One object per process and folder (see `registry`)."""

    name = CAPABILITY.name
    capability = CAPABILITY

    def __init__(self, jobs_dir: Path, *, parallel: int = 1) -> None:
        self._jobs_dir = jobs_dir
        self._queue = DraftQueue(parallel=parallel)
        sweep(jobs_dir)

    def submit(self, request: VideoRequest, *, key: str) -> str:
        """Keep the request on disk and start drawing in the background. The same key is the same job."""
        try:
            wanted = draft_request(request)
        except DraftProblem as error:
            raise ProviderError(ErrorCategory.INVALID_INPUT, str(error), fault=error.fault) from error
        job = JobFolder(self._jobs_dir, hashlib.sha256(key.encode()).hexdigest()[:32])
        try:
            job.create(wanted.to_dict())
        except OSError as error:
            raise ProviderError(
                ErrorCategory.NOT_SENT, "The server's disk did not take the draft.", detail=str(error)
            ) from error
        self._queue.add(job)
        return job.job_id

    def fetch(self, job_id: str) -> Snapshot:
        """How the job is, read from its files. An unfinished job that nobody draws is taken up again."""
        job = self._job(job_id)
        if job.is_canceled():
            return Snapshot(state=State.CANCELED)
        if job.clip.exists():
            return Snapshot(state=State.SUCCEEDED, progress=100, video_url=job.clip.resolve().as_uri())
        if failure := job.failure():
            return Snapshot(
                state=State.FAILED,
                message=failure["message"],
                category=ErrorCategory(failure["category"]),
                detail=failure.get("detail", ""),
                fault=failure.get("fault", ""),
            )
        self._queue.add(job)
        progress = job.progress()
        if progress is None:
            return Snapshot(state=State.QUEUED, progress=0, stage="Waiting its turn")
        return Snapshot(state=State.RUNNING, progress=progress["percent"], stage=progress["stage"])

    def cancel(self, job_id: str) -> bool:
        """Stop the job. False only if its draft is finished already."""
        try:
            job = self._job(job_id)
        except ProviderError:
            return True
        if job.clip.exists() and not job.is_canceled():
            return False
        job.cancel()
        self._queue.stop(job_id)
        return True

    def forget(self, job_id: str) -> None:
        """Remove everything about a job that is over for its task, however it ended."""
        try:
            job = self._job(job_id)
        except ProviderError:
            return
        self._queue.stop(job_id)
        job.remove()

    def _job(self, job_id: str) -> JobFolder:
        try:
            job = JobFolder(self._jobs_dir, job_id)
        except KeyError:
            job = None
        if job is None or not job.exists():
            raise ProviderError(ErrorCategory.EXPIRED, "This draft is no longer kept. Make it again.")
        return job
