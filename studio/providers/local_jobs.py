"""One free draft on disk: what was asked, how far it is, how it ended. The files are the truth.

<job_id>/request.json    what to draw; the folder appears together with it, whole or not at all
         lock            held (flock) by whoever draws; free again the moment that process is gone
         progress.json   a hint for people
         draft.mp4       the finished draft: synced, then renamed into place
         failed.json     why there will be none
         canceled        someone asked to stop; stands above everything else
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

_JOB_ID = re.compile(r"[0-9a-f]{32}")
_KEPT_SECONDS = 7 * 86_400  # what nobody fetched or forgot in a week goes
_NEW, _GONE = ".new-", ".gone-"


class JobFolder:
    """The files of one job."""

    def __init__(self, jobs_dir: Path, job_id: str) -> None:
        """Raises KeyError for what cannot be the id of a job here."""
        if not _JOB_ID.fullmatch(job_id):
            raise KeyError(job_id)
        self.job_id = job_id
        self._jobs_dir = jobs_dir
        self._path = jobs_dir / job_id
        self.clip = self._path / "draft.mp4"

    def create(self, request: dict[str, Any]) -> None:
        """Keep the request so that it survives a power cut. Does nothing if the job is already there."""
        self._jobs_dir.mkdir(parents=True, exist_ok=True)
        if self.exists():
            return
        new = self._jobs_dir / f"{_NEW}{uuid4().hex}"
        new.mkdir(mode=0o700)
        try:
            _write_synced(new / "request.json", request)
            _sync(new)
            with contextlib.suppress(OSError):  # someone else was first, with the same request
                new.rename(self._path)
            _sync(self._jobs_dir)
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def exists(self) -> bool:
        return (self._path / "request.json").exists()

    def request(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self._path / "request.json").read_text())
        return content

    @contextlib.contextmanager
    def held(self) -> Iterator[bool]:
        """Hold the job for drawing. False if another process, or another thread, is at it."""
        descriptor = os.open(self._path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(descriptor)

    def is_over(self) -> bool:
        return self.is_canceled() or self.clip.exists() or self.failure() is not None

    def is_canceled(self) -> bool:
        """Also when the whole job was forgotten, perhaps by another process: nobody waits for it."""
        return (self._path / "canceled").exists() or not self.exists()

    def cancel(self) -> None:
        _write_synced(self._path / "canceled", {})
        _sync(self._path)

    def failure(self) -> dict[str, str] | None:
        return _read(self._path / "failed.json")

    def fail(self, *, category: str, message: str, detail: str, fault: str = "") -> None:
        told = {"category": category, "message": message, "detail": detail, "fault": fault}
        self._put("failed.json", told)

    def unfinished_clip(self) -> Path:
        """Where to draw. What an earlier try left is removed; only whoever holds the job may ask."""
        for left in self._path.glob("part-*"):
            left.unlink(missing_ok=True)
        return self._path / f"part-{uuid4().hex}.mp4"

    def finish(self, unfinished: Path) -> None:
        """Make the drawn clip the result."""
        _sync(unfinished)
        unfinished.replace(self.clip)
        _sync(self._path)

    def progress(self) -> dict[str, Any] | None:
        return _read(self._path / "progress.json")

    def set_progress(self, percent: int, stage: str) -> None:
        """Never fails: the picture matters more than the number beside it."""
        new = self._path / "progress.new"
        with contextlib.suppress(OSError):
            new.write_text(json.dumps({"percent": percent, "stage": stage}))
            new.replace(self._path / "progress.json")

    def remove(self) -> None:
        """The folder goes in one step, so that whoever still draws into it finds no place to leave anything."""
        gone = self._jobs_dir / f"{_GONE}{uuid4().hex}"
        with contextlib.suppress(OSError):  # it is gone already
            self._path.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)

    def _put(self, name: str, content: dict[str, str]) -> None:
        new = self._path / f"{name}.new"
        _write_synced(new, content)
        new.replace(self._path / name)
        _sync(self._path)


def sweep(jobs_dir: Path) -> None:
    """Remove what a crash left half made, and jobs that ended long ago and were never forgotten."""
    if not jobs_dir.is_dir():
        return
    for path in jobs_dir.iterdir():
        with contextlib.suppress(OSError, KeyError):
            is_old = time.time() - path.stat().st_mtime > _KEPT_SECONDS
            if is_old and (path.name.startswith((_NEW, _GONE)) or JobFolder(jobs_dir, path.name).is_over()):
                shutil.rmtree(path, ignore_errors=True)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        content: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return content


def _write_synced(path: Path, content: dict[str, Any]) -> None:
    with path.open("w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
