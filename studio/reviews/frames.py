"""One frame of a clip, taken exactly: to keep as a picture, in the library, or as the start of a brief."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from enum import StrEnum

from studio import briefs, mentions
from studio.files import uploads
from studio.media import ChildFailed, UnreadableMedia
from studio.media.still import still_at
from studio.models import Brief, GenerationTask, LibraryFile, User
from studio.storage import store
from studio.takes.cards import take_title


class Use(StrEnum):
    """What a frame becomes: what a new brief begins with, one of its references, or the first frame of a remix."""

    FIRST_FRAME = "first_frame"
    REFERENCE = "reference"
    NEW_VERSION = "new_version"


@dataclass(frozen=True)
class Moment:
    """A moment of a clip in seconds, and what it is called in the name of its picture."""

    seconds: float
    words: str


class CannotTakeFrame(Exception):
    """The frame could not be taken. The text is a sentence for people."""


def at_seconds(seconds: float) -> Moment:
    """The frame that is on screen then."""
    return Moment(seconds, f"at {seconds:.2f} s")


def at_frame(task: GenerationTask, frame: int) -> Moment:
    """The frame of this number, from 0 at the clip's own rate: its middle, so that no rounding takes a neighbour."""
    return Moment((frame + 0.5) / task.clip.fps if task.clip else 0.0, f"frame {frame}")


def brief_with_frame(task: GenerationTask, moment: Moment, use: Use, user: User) -> Brief:
    """Keep the frame on screen then as a library file, and start a brief with it. Raises CannotTakeFrame."""
    file = keep(task, moment, user)
    if use == Use.NEW_VERSION:
        brief = briefs.from_version(task.version, user)
    else:
        brief = Brief(user=user, project=task.project)
    if use == Use.REFERENCE:
        brief.tray = [_entry(file)]
    else:
        brief.first_frame = str(file.pk)
    brief.save()
    return brief


def frame_of(task: GenerationTask, moment: Moment) -> bytes:
    """The frame on screen then as a PNG, pixel for pixel. Raises CannotTakeFrame."""
    if task.clip is None:
        raise CannotTakeFrame("There is no clip yet to take a frame from.")
    scratch = store.scratch_dir()
    try:
        return still_at(store.media_path(task.clip.path), moment.seconds, scratch).read_bytes()
    except (ChildFailed, UnreadableMedia, OSError) as error:
        raise CannotTakeFrame(
            "This frame could not be taken just now. The clip is untouched; try again."
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def keep(task: GenerationTask, moment: Moment, user: User) -> LibraryFile:
    """Put the frame into the library of the take's project. Raises CannotTakeFrame."""
    picture = frame_of(task, moment)
    name = f"{take_title(task)} {moment.words}.png"
    try:
        return uploads.store_bytes(picture, filename=name, project=task.project, user=user, use="picture")
    except uploads.Refused as refused:
        raise CannotTakeFrame(refused.sentence) from refused


def _entry(file: LibraryFile) -> dict[str, str]:
    """A tray's entry for a picture."""
    return {"key": mentions.new_key(), "file": str(file.pk), "voice": "", "name": file.name, "kind": "image"}
