"""Bytes on their way in: written as they arrive, counted only once they are safe on the disk.

The row's offset moves after the bytes are synced, so after a kill or a power cut an upload goes on from a place
that is really there. Bytes beyond the offset are simply written again. A finished upload is sealed: renamed while
no piece is being written, so that a forgotten connection cannot change what has been checked.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.http import UnreadablePostError
from django.utils import timezone

from studio import crash_points
from studio.http import read_uuid
from studio.models import Project, Upload, User
from studio.storage import store
from studio.storage.file_names import original_name

CEILING_BYTES = 2 * 1000**3
PIECE = 64 * 1024
COMMIT_EVERY = 8 * 1024 * 1024
KEEP_UNFINISHED = timedelta(hours=24)
KEEP_FINISHED = timedelta(days=7)
SWEEP_AFTER_SECONDS = 3600
LEAVE_FREE_BYTES = 500 * 1000**2
MODE = 0o600


class Refused(Exception):
    """This file cannot be taken. `sentence` is for people; `code` names the rule."""

    def __init__(self, sentence: str, *, code: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


class WrongPlace(Exception):
    """The bytes sent do not start where the ones we have end."""


class Gone(Exception):
    """The upload was finished or taken back meanwhile."""


def begin(*, user: User, project: Project, filename: str, size: int, use: str) -> Upload:
    """Make a place for a file of `size` bytes. Raises Refused."""
    _require_room(size)
    upload = Upload.objects.create(
        user=user,
        project=project,
        filename=original_name(filename),
        use=use,
        size_bytes=size,
        expires_at=timezone.now() + KEEP_UNFINISHED,
    )
    path = path_of(upload)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, MODE))
    store.sync_folder(path.parent)
    return upload


def receive(upload: Upload, *, offset: int, read: Callable[[int], bytes]) -> int:
    """Write what `read` gives, from `offset` on, and return the new offset.

    A line that breaks keeps what had arrived. Memory stays at one piece. Raises WrongPlace, Gone or Refused.
    """
    if offset != upload.offset:
        raise WrongPlace
    with told_when_full(), _opened(upload) as descriptor:
        written = offset
        for piece in _arriving(read):
            if written + len(piece) > upload.size_bytes:
                forget(upload)
                raise Refused("More bytes came than the file has. Add it again.", code="longer_than_said")
            _write(upload, descriptor, piece, written)
            written += len(piece)
            if written - upload.offset >= COMMIT_EVERY:
                _commit(upload, descriptor, written)
        if written > upload.offset:
            _commit(upload, descriptor, written)
    return upload.offset


def forget(upload: Upload) -> None:
    """Take an unfinished upload back: its row, then its bytes."""
    paths = path_of(upload), sealed_path_of(upload)
    upload.delete()
    for path in paths:
        path.unlink(missing_ok=True)


@contextmanager
def sealed(upload: Upload) -> Iterator[Path]:
    """The whole file, held by nobody else until the block ends. Raises Gone if there are no bytes (any more)."""
    path, whole = path_of(upload), sealed_path_of(upload)
    with suppress(FileNotFoundError), _held(path):
        path.rename(whole)
    try:
        with _held(whole):
            if not whole.exists():
                raise Gone
            yield whole
    except FileNotFoundError as error:
        raise Gone from error


def sweep(now: datetime) -> int:
    """Drop the rows of uploads that ended a week ago, and bytes that no upload under way has any more."""
    Upload.objects.filter(finished_at__lt=now - KEEP_FINISHED).delete()
    count = 0
    for path in Path(settings.UPLOADS_DIR).glob("*"):
        upload_id = read_uuid(path.name.removesuffix(".whole"))
        is_young = now.timestamp() - path.stat().st_mtime < SWEEP_AFTER_SECONDS
        is_wanted = upload_id and Upload.objects.filter(pk=upload_id, finished_at=None).exists()
        if not is_young and not is_wanted:
            path.unlink(missing_ok=True)
            count += 1
    return count


def path_of(upload: Upload) -> Path:
    return Path(settings.UPLOADS_DIR) / str(upload.pk)


def sealed_path_of(upload: Upload) -> Path:
    return Path(settings.UPLOADS_DIR) / f"{upload.pk}.whole"


def _require_room(size: int) -> None:
    if size == 0:
        raise Refused("This file is empty. Choose another one.", code="empty")
    if size > CEILING_BYTES:
        said = f"{size / 1000**3:.1f} GB"
        raise Refused(
            f"This file is too large to send. It is {said}; up to 2 GB can come in.", code="too_large"
        )
    root = Path(settings.UPLOADS_DIR)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    if shutil.disk_usage(root).free < size + LEAVE_FREE_BYTES:
        raise _no_room()


@contextmanager
def told_when_full() -> Iterator[None]:
    """A disk that fills up within the block raises Refused, with the sentence for people."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise _no_room() from error
        raise


def _no_room() -> Refused:
    return Refused("The studio's disk is full. Ask whoever looks after it to make room.", code="no_room")


@contextmanager
def _opened(upload: Upload) -> Iterator[int]:
    try:
        descriptor = os.open(path_of(upload), os.O_WRONLY)
    except FileNotFoundError as error:
        raise Gone from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _held(path: Path) -> Iterator[None]:
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _arriving(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Pieces until the end, or until the line breaks."""
    while True:
        try:
            piece = read(PIECE)
        except (UnreadablePostError, ConnectionError, TimeoutError):
            return
        if not piece:
            return
        yield piece


def _write(upload: Upload, descriptor: int, piece: bytes, at: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        if not path_of(upload).exists():
            raise Gone
        view = memoryview(piece)
        while view:
            count = os.pwrite(descriptor, view, at)
            view, at = view[count:], at + count
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _commit(upload: Upload, descriptor: int, offset: int) -> None:
    """Move the row's offset, if no other connection has, after the bytes are on the disk."""
    os.fsync(descriptor)
    crash_points.reach("u01")
    row = Upload.objects.filter(pk=upload.pk, offset=upload.offset, finished_at=None)
    if not row.update(offset=offset, expires_at=timezone.now() + KEEP_UNFINISHED):
        raise WrongPlace
    upload.offset = offset
