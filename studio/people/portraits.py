"""People's pictures: checked like every picture that comes in, and kept only as our own small copy of it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from studio import changes, media
from studio.models import User
from studio.storage import store

LARGEST_BYTES = 20 * 1000**2


class Refused(Exception):
    """This picture cannot be used, for the reason in `sentence`."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def path_of(sha256: str) -> str:
    return f"people/{sha256[:2]}/{sha256}.webp"


def keep(user: User, sent: UploadedFile[Any]) -> None:
    """Make it this person's picture. Raises Refused."""
    if (sent.size or 0) > LARGEST_BYTES:
        raise Refused("Pictures of people are at most 20 MB. Choose a smaller one.")
    scratch = store.scratch_dir()
    try:
        made = _portrait(scratch, sent)
        sha256 = store.sha256_of(made)
        store.publish(made, path_of(sha256))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    _set(user, sha256)


def drop(user: User) -> None:
    """Back to initials."""
    _set(user, "")


def _portrait(scratch: Path, sent: UploadedFile[Any]) -> Path:
    source, out_dir = scratch / "sent", scratch / "made"
    out_dir.mkdir()
    with source.open("wb") as file:
        for piece in sent.chunks():
            file.write(piece)
    try:
        return media.make_portrait(source, out_dir)
    except media.UnreadableMedia as unreadable:
        raise Refused(unreadable.sentence) from unreadable
    except media.ChildFailed as failed:
        raise Refused("This picture could not be read. Export it again, or use another.") from failed


def _set(user: User, sha256: str) -> None:
    before = user.picture
    with transaction.atomic():
        user.picture = sha256
        user.save(update_fields=["picture"])
        changes.next_revision()
    if before and before != sha256 and not User.objects.filter(picture=before).exists():
        store.media_path(path_of(before)).unlink(missing_ok=True)
