"""Where files lie in the data folder, and how one is put there so that it survives a power cut."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

PIECE = 1024 * 1024


def media_path(relative: str) -> Path:
    """The place of a stored file. `relative` comes from our own rows, never from a request."""
    return Path(settings.MEDIA_DIR) / relative


def file_path(sha256: str, extension: str) -> str:
    return f"files/{sha256[:2]}/{sha256}.{extension}"


def previews_path(sha256: str) -> str:
    return f"previews/{sha256[:2]}/{sha256}"


def clip_path(clip_id: UUID) -> str:
    return f"clips/{clip_id.hex[:2]}/{clip_id}.mp4"


def clip_previews_path(clip_id: UUID) -> str:
    return f"clips/{clip_id.hex[:2]}/{clip_id}"


def scratch_dir() -> Path:
    """A new private folder on the same disk as the media, so that a rename from it is atomic."""
    path = Path(settings.MEDIA_DIR) / "scratch" / uuid4().hex
    path.mkdir(parents=True, mode=0o700)
    return path


def make_folder(path: Path) -> None:
    """Create a folder and those above it: each is in its own folder for good before anything is put in (T-02)."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    sync_folder(path.parent)


def link_or_copy(source: Path, twin: Path) -> None:
    """The same bytes under a second name, so that a crash leaves the first; a copy where disks have no links."""
    try:
        os.link(source, twin)
    except OSError:
        shutil.copyfile(source, twin)


def publish(source: Path, relative: str) -> Path:
    """Move a finished file to its place: synced, then renamed, then the folder synced (T-02)."""
    target = media_path(relative)
    make_folder(target.parent)
    sync_file(source)
    source.replace(target)
    sync_folder(target.parent)
    return target


def publish_folder(source: Path, relative: str) -> Path:
    """The same for a folder of previews; an older one in its place is dropped."""
    target = media_path(relative)
    make_folder(target.parent)
    for path in source.iterdir():
        sync_file(path)
    sync_folder(source)
    if target.exists():
        shutil.rmtree(target)
    source.replace(target)
    sync_folder(target.parent)
    return target


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
