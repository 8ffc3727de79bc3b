"""Bringing a finished clip home: copied, decoded to its end, indexed in front, measured, then stored.

Nothing is shown as ready before this is through. A preview that fails leaves a placeholder, never a failure.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from django.conf import settings

from studio import crash_points, media, store
from studio.models import Clip, GenerationTask

logger = logging.getLogger(__name__)


class NotYet(Exception):
    """The clip cannot be stored just now; try again after `seconds`."""

    def __init__(self, sentence: str, *, seconds: float) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.seconds = seconds


class Unusable(Exception):
    """What the provider made is not a whole clip. The text is a sentence for people."""


def bring_home(task: GenerationTask) -> Clip:
    """Store our own copy of a task's result and return its unsaved row.

    The place on disk comes from the task, so that a second try after a crash overwrites the first one's file
    instead of leaving a file without a row.

    Raises NotYet (the disk is full, for example) or Unusable.
    """
    scratch = store.scratch_dir()
    try:
        return _store(task, scratch)
    except OSError as error:
        logger.warning("The clip of task %s could not be stored: %s", task.task_id, error)
        raise NotYet("The server's disk did not take the clip", seconds=20) from error
    except media.ChildFailed as error:
        raise NotYet("The clip could not be checked just now", seconds=5) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _store(task: GenerationTask, scratch: Path) -> Clip:
    whole = scratch / "clip.mp4"
    try:
        facts = media.check_clip(_local_result(task.result_url), whole)
    except media.UnreadableMedia as error:
        raise Unusable("The clip was made, but its file cannot be played to the end.") from error
    crash_points.reach("c11")
    name = task.task_id
    size, digest = whole.stat().st_size, store.sha256_of(whole)
    previews = _previews(whole, facts, scratch / "previews", store.clip_previews_path(name))
    crash_points.reach("c12")
    relative = store.clip_path(name)
    store.publish(whole, relative)
    return Clip(
        id=uuid4(),
        path=relative,
        sha256=digest,
        size_bytes=size,
        # Whatever could not be measured is refused by the row's own constraints.
        width=facts.width or 0,
        height=facts.height or 0,
        duration=facts.duration or 0,
        fps=facts.fps or 0,
        video_codec=facts.video_codec,
        audio_codec=facts.audio_codec or "",
        previews=previews,
    )


def _previews(clip: Path, facts: media.Facts, scratch: Path, relative: str) -> dict[str, object]:
    scratch.mkdir()
    crash_points.reach("c14")
    try:
        previews = media.make_previews(clip, facts, scratch)
    except (media.UnreadableMedia, media.ChildFailed):
        logger.exception("No previews for %s; a placeholder is shown", relative)
        return {}
    store.publish_folder(scratch, relative)
    crash_points.reach("c15")
    return previews.to_dict()


def _local_result(url: str) -> Path:
    """The path behind a file URL, only ever inside the folder of the free drafts."""
    parts = urlsplit(url)
    path = Path(unquote(parts.path)).resolve()
    if parts.scheme != "file" or not path.is_relative_to(Path(settings.JOBS_DIR).resolve()):
        raise Unusable("The clip was made, but its address is not one this studio may read.")
    if not path.exists():
        raise Unusable("The clip was made, but its file is gone.")
    return path
