"""The bytes of files, kept once per content, and the promise that no file is without a row and no row without one.

Bytes are published before their row is committed, and removed after their row is gone. What a crash leaves between
the two is a file without a row, which `sweep` removes. One content is never published and removed at the same time.
"""

from __future__ import annotations

import fcntl
import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError

from studio import crash_points, media
from studio.models import MediaFile
from studio.storage import store

logger = logging.getLogger(__name__)
YOUNG_SECONDS = 3600
EXTENSIONS = {"jpeg": "jpg"}


@contextmanager
def held(sha256: str) -> Iterator[None]:
    """Nobody else takes in or removes this content until the block ends."""
    folder = Path(settings.MEDIA_DIR) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / sha256[:2]).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def known(sha256: str) -> MediaFile | None:
    """The row of a content that is already here, with its bytes."""
    row = MediaFile.objects.filter(pk=sha256).first()
    return row if row and path_of(row).exists() else None


def take_in(source: Path, sha256: str, facts: media.Facts) -> MediaFile:
    """Publish the bytes at `source` with our own pictures of them, and return the row, not yet saved.

    `source` stays where it is. Call it inside `held`.
    """
    row = MediaFile(
        sha256=sha256,
        kind=facts.kind,
        mime=facts.mime,
        extension=EXTENSIONS.get(facts.format, facts.format),
        size_bytes=facts.size_bytes,
        facts=facts.to_dict(),
    )
    scratch = store.scratch_dir()
    try:
        row.previews = _previews(source, facts, scratch / "previews", sha256)
        twin = scratch / "twin"
        store.link_or_copy(source, twin)
        crash_points.reach("u02")
        store.publish(twin, relative_path(row))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return row


def relative_path(row: MediaFile) -> str:
    return store.file_path(row.sha256, row.extension)


def path_of(row: MediaFile) -> Path:
    return store.media_path(relative_path(row))


def drop_if_unused(row: MediaFile) -> bool:
    """Remove a content that nothing points at any more. False while something does."""
    sha256, path = row.sha256, path_of(row)
    with held(sha256):
        try:
            with transaction.atomic():
                row.delete()
        except ProtectedError:
            return False
        path.unlink(missing_ok=True)
        shutil.rmtree(store.media_path(store.previews_path(sha256)), ignore_errors=True)
    return True


def without_row(*, older_than: float = YOUNG_SECONDS) -> Iterator[Path]:
    """Files and folders of previews that no row names. Young ones may be on their way to a row."""
    limit = time.time() - older_than
    for folder in ("files", "previews"):
        for path in (Path(settings.MEDIA_DIR) / folder).glob("*/*"):
            row = MediaFile.objects.filter(pk=path.name.partition(".")[0]).only("extension").first()
            is_named = row is not None and (folder == "previews" or path.suffix == f".{row.extension}")
            if not is_named and _changed_at(path) < limit:
                yield path


def without_file() -> Iterator[MediaFile]:
    """Rows whose bytes are missing: never, unless somebody removed files by hand."""
    for row in MediaFile.objects.iterator():
        if not path_of(row).is_file() and MediaFile.objects.filter(pk=row.pk).exists():
            yield row


def sweep(*, older_than: float = YOUNG_SECONDS) -> int:
    """Remove what a crash left without a row. Returns how many."""
    count = 0
    for path in list(without_row(older_than=older_than)):
        with held(path.name.partition(".")[0]):
            if MediaFile.objects.filter(pk=path.name.partition(".")[0]).exists():
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            count += 1
    return count


def _previews(source: Path, facts: media.Facts, scratch: Path, sha256: str) -> dict[str, object]:
    """A preview that fails leaves a placeholder, never a refused file."""
    scratch.mkdir()
    try:
        previews = media.make_previews(source, facts, scratch)
    except (media.UnreadableMedia, media.ChildFailed):
        logger.exception("No previews for %s; a placeholder is shown", sha256)
        return {}
    store.publish_folder(scratch, store.previews_path(sha256))
    return previews.to_dict()


def _changed_at(path: Path) -> float:
    try:
        return path.lstat().st_ctime
    except FileNotFoundError:
        return time.time()
