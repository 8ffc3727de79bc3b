"""One frame of a clip, taken exactly: to keep as a picture, or as the start of a new brief."""

from __future__ import annotations

import shutil
from enum import StrEnum

from studio import mentions, store, uploads
from studio.cards import take_title
from studio.media import ChildFailed, UnreadableMedia
from studio.media.still import still_at
from studio.models import Brief, GenerationTask, LibraryFile, User


class Use(StrEnum):
    FIRST_FRAME = "first_frame"
    REFERENCE = "reference"


class CannotTakeFrame(Exception):
    """The frame could not be taken. The text is a sentence for people."""


def brief_with_frame(task: GenerationTask, seconds: float, use: Use, user: User) -> Brief:
    """Keep the frame on screen at `seconds` as a library file, and start a brief with it. Raises CannotTakeFrame."""
    file = _keep(task, seconds, user)
    brief = Brief(user=user, project=task.project)
    if use == Use.FIRST_FRAME:
        brief.first_frame = str(file.pk)
    else:
        entry = {
            "key": mentions.new_key(),
            "file": str(file.pk),
            "voice": "",
            "name": file.name,
            "kind": "image",
        }
        brief.tray = [entry]
    brief.save()
    return brief


def frame_of(task: GenerationTask, seconds: float) -> bytes:
    """The frame on screen at `seconds` as a PNG, pixel for pixel. Raises CannotTakeFrame."""
    if task.clip is None:
        raise CannotTakeFrame("There is no clip yet to take a frame from.")
    scratch = store.scratch_dir()
    try:
        return still_at(store.media_path(task.clip.path), seconds, scratch).read_bytes()
    except (ChildFailed, UnreadableMedia, OSError) as error:
        raise CannotTakeFrame(
            "This frame could not be taken just now. The clip is untouched; try again."
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _keep(task: GenerationTask, seconds: float, user: User) -> LibraryFile:
    picture = frame_of(task, seconds)
    name = f"{take_title(task)} at {seconds:.2f} s.png"
    try:
        return uploads.store_bytes(picture, filename=name, project=task.project, user=user, use="picture")
    except uploads.Refused as refused:
        raise CannotTakeFrame(refused.sentence) from refused
