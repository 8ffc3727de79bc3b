"""From arrived bytes to a library file: checked from the bytes, kept once, judged for its use."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio import crash_points, media
from studio.files import library
from studio.models import LibraryFile, Project, Upload, User
from studio.providers.base import Capability
from studio.storage import contents, incoming, store
from studio.storage.file_names import original_name
from studio.storage.incoming import Gone, Refused

__all__ = ["Gone", "Refused", "finish", "natural_use", "store_bytes", "use_of", "verdict_for"]

TOO_HEAVY = "This file took more time or memory to read than a file should. Export it again, or use another."
NATURAL_USE = {"image": "picture", "video": "clip", "audio": "voice"}


def finish(upload: Upload) -> LibraryFile:
    """Check a whole upload and make it a library file. Asked again, it answers the same.

    Raises Refused with the sentence for people, or Gone if its bytes are not all here. A full disk is no answer about
    the file: what arrived is kept, and it can be asked again.
    """
    if upload.finished_at is None and upload.offset != upload.size_bytes:
        raise Gone
    if upload.finished_at is None:
        with incoming.told_when_full(), incoming.sealed(upload) as whole:
            upload.refresh_from_db()
            if upload.finished_at is None:
                _finish(upload, whole)
    return _outcome(upload)


def store_bytes(
    source: Path | bytes, *, filename: str, project: Project, user: User, use: str = "any", **fields: Any
) -> LibraryFile:
    """Keep bytes that are already here as a library file. `source` is left alone. Raises Refused."""
    scratch = store.scratch_dir()
    try:
        path = source if isinstance(source, Path) else _written(source, scratch / "bytes")
        return _keep(path, project=project, user=user, filename=filename, use=use, **fields)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def verdict_for(file: LibraryFile, use: media.Use, capability: Capability | None = None) -> media.Verdict:
    """Whether a file can be used, from what was measured when it came. No file is opened.

    By the rules of the model, which hold for every provider (contract, 4.3), or by a provider's own tighter ones.
    """
    limits = capability.limits if capability else media.MODEL_LIMITS
    return media.judge(file.media.measured, use, limits)


def natural_use(kind: str) -> media.Use:
    """What a file is for when nobody said: a picture, a clip or a voice."""
    return media.Use(NATURAL_USE[kind])


def use_of(use: str, kind: str) -> media.Use:
    """What a file is for: what was said, or with "any" what its kind suggests."""
    return natural_use(kind) if use == "any" else media.Use(use)


def _finish(upload: Upload, whole: Path) -> None:
    try:
        file = _keep(
            whole,
            project=upload.project,
            user=upload.user,
            filename=upload.filename,
            use=upload.use,
            upload=upload,
        )
        upload.file = file
    except Refused as refused:
        upload.refusal = {"sentence": refused.sentence, "code": refused.code}
        upload.finished_at = timezone.now()
        upload.save(update_fields=["refusal", "finished_at"])
    whole.unlink(missing_ok=True)


def _outcome(upload: Upload) -> LibraryFile:
    if upload.refusal:
        raise Refused(upload.refusal["sentence"], code=upload.refusal["code"])
    if upload.file is None or upload.file.deleted_at:
        raise Gone
    return upload.file


def _keep(
    path: Path,
    *,
    project: Project,
    user: User,
    filename: str,
    use: str,
    upload: Upload | None = None,
    **fields: Any,
) -> LibraryFile:
    sha256 = store.sha256_of(path)
    stored = contents.known(sha256)
    facts = stored.measured if stored else _examined(path)
    _refuse_if_useless(facts, use, original_name(filename))
    with contents.held(sha256):
        stored = contents.known(sha256) or contents.take_in(path, sha256, facts)
        crash_points.reach("u03")
        with transaction.atomic():
            if stored._state.adding:
                stored.save(force_insert=True)
            file = library.adopt(stored, project=project, user=user, filename=filename, **fields)
            if upload:
                Upload.objects.filter(pk=upload.pk).update(file=file, finished_at=timezone.now())
            crash_points.reach("u04")
        crash_points.reach("u05")
    return file


def _examined(path: Path) -> media.Facts:
    try:
        return media.inspect(path)
    except media.UnreadableMedia as error:
        raise Refused(error.sentence, code=error.code) from error
    except media.ChildFailed as error:
        raise Refused(TOO_HEAVY, code="too_heavy") from error


def _refuse_if_useless(facts: media.Facts, use: str, filename: str) -> None:
    verdict = media.judge(facts, use_of(use, facts.kind))
    if verdict.outcome == media.Outcome.REJECT:
        raise Refused(
            verdict.summary_for(filename), code=verdict.findings[0].rule if verdict.findings else "rejected"
        )


def _written(content: bytes, path: Path) -> Path:
    path.write_bytes(content)
    return path
