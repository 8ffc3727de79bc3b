"""Bringing a finished clip home: copied, decoded to its end, indexed in front, measured, then stored.

Nothing is shown as ready before this is through. A preview that fails leaves a placeholder, never a failure.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID, uuid4

from django.conf import settings

from studio import crash_points, lifecycle, loose_clips, media
from studio.models import Clip, GenerationTask
from studio.providers.download import DownloadFailed, download
from studio.steps.arriving import Arriving
from studio.storage import store

logger = logging.getLogger(__name__)
RESULT_AT_MOST = 1_000_000_000  # bytes; 15 s of 1080P are far below
RESULT_SECONDS = 600.0
FETCHES_BEFORE_UNUSABLE = 5
SHORTER_BY_AT_MOST = 1.0  # seconds
NEVER_BETTER = {"refused", "too_big", "not_a_film"}


class NotYet(Exception):
    """The clip cannot be stored just now; try again after `seconds`, or by the usual rhythm if that is None.

    `is_away`: the provider's side did not hand it out. `is_stale`: the address it named is no longer good.
    """

    def __init__(
        self,
        sentence: str,
        *,
        seconds: float | None = None,
        is_away: bool = False,
        is_stale: bool = False,
        detail: str = "",
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.seconds = seconds
        self.is_away = is_away
        self.is_stale = is_stale
        self.detail = detail

    @property
    def pause(self) -> timedelta:
        return timedelta(seconds=self.seconds or 0)


class Unusable(Exception):
    """What the provider made is not a whole clip. The text is a sentence for people."""

    def __init__(self, sentence: str, *, detail: str = "") -> None:
        super().__init__(sentence)
        self.detail = detail


def bring_home(task: GenerationTask, token: UUID) -> Clip:
    """Store our own copy of a task's result and return its unsaved row.

    The place on disk comes from the task, so that a second try after a crash finds the first one's file there. What
    lies there is noted until the take has its clip, or has failed. Whoever has lost the lease meanwhile leaves that
    place alone.

    Raises NotYet (the disk is full, for example) or Unusable.
    """
    try:
        with _scratch() as scratch:
            return _store(task, token, scratch)
    except OSError as error:
        logger.warning("The clip of task %s could not be stored: %s", task.task_id, error)
        raise NotYet("The server's disk did not take the clip", seconds=20) from error
    except media.ChildFailed as error:
        raise NotYet("The clip could not be checked just now", seconds=5) from error


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    folder = store.scratch_dir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _store(task: GenerationTask, token: UUID, scratch: Path) -> Clip:
    whole, relative = scratch / "clip.mp4", store.clip_path(task.task_id)
    source = _left_behind(relative, scratch) or _fetched(task, scratch)
    try:
        facts = media.check_clip(source, whole)
    except media.UnreadableMedia as error:
        sentence = "The clip was made, but its file cannot be played to the end."
        if source.is_relative_to(scratch) and task.tries < FETCHES_BEFORE_UNUSABLE:
            raise NotYet(sentence, is_away=True, is_stale=True, detail=str(error)) from error
        raise Unusable(sentence, detail=str(error)) from error
    if source.is_relative_to(scratch):
        _check_length(task, facts)
    crash_points.reach("c11")
    size, digest = whole.stat().st_size, store.sha256_of(whole)
    previews = _previews(whole, facts, scratch / "previews")
    if not lifecycle.still_holds(task, token):
        raise NotYet("Another worker brings the clip home", seconds=0)
    loose_clips.write_note(relative)
    if previews:
        store.publish_folder(scratch / "previews", store.clip_previews_path(task.task_id))
    crash_points.reach("c15")
    crash_points.reach("c12")
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


def _check_length(task: GenerationTask, facts: media.Facts) -> None:
    """A copy that ends far too early is fetched again; if it stays so, it is what was made and paid for."""
    asked, got = task.version.duration, facts.duration or 0
    if got >= asked - SHORTER_BY_AT_MOST:
        return
    logger.warning("The clip of task %s has %.1f of %s s", task.task_id, got, asked)
    if task.tries < FETCHES_BEFORE_UNUSABLE:
        sentence = "The copy is shorter than the clip that was asked for."
        raise NotYet(sentence, is_away=True, is_stale=True, detail=f"{got:.1f} of {asked} s")


def _previews(clip: Path, facts: media.Facts, folder: Path) -> dict[str, object]:
    folder.mkdir()
    crash_points.reach("c14")
    try:
        return media.make_previews(clip, facts, folder).to_dict()
    except (media.UnreadableMedia, media.ChildFailed):
        logger.exception("No previews for %s; a placeholder is shown", clip)
        return {}


def _left_behind(relative: str, scratch: Path) -> Path | None:
    """What a worker stored that died before it could say so: it may no longer be had elsewhere."""
    place, twin = store.media_path(relative), scratch / "left"
    if not place.is_file():
        return None
    store.link_or_copy(place, twin)
    return twin


def _fetched(task: GenerationTask, scratch: Path) -> Path:
    """The provider's file on this machine: where the free draft left it, or downloaded."""
    if urlsplit(task.result_url).scheme == "file":
        return _local_result(task.result_url)
    arrived, arriving = scratch / "arrived", Arriving(task)
    try:
        download(
            task.result_url,
            arrived,
            max_bytes=RESULT_AT_MOST,
            seconds=RESULT_SECONDS,
            allow_private=settings.ALLOW_PRIVATE_ADDRESSES,
            on_total=arriving.promised,
            on_bytes=arriving.heard,
        )
    except DownloadFailed as error:
        if error.reason in NEVER_BETTER and task.tries >= FETCHES_BEFORE_UNUSABLE:
            raise Unusable(
                f"The clip was made, but not copied. {error.sentence}", detail=error.detail
            ) from error
        is_stale = error.reason in {"gone", "not_a_film", "refused"}
        raise NotYet(error.sentence, is_away=True, is_stale=is_stale, detail=error.detail) from error
    return arrived


def _local_result(url: str) -> Path:
    """The path behind a file URL, only ever inside the folder of the free drafts."""
    parts = urlsplit(url)
    path = Path(unquote(parts.path)).resolve()
    if parts.scheme != "file" or not path.is_relative_to(Path(settings.JOBS_DIR).resolve()):
        raise Unusable("The clip was made, but its address is not one this studio may read.")
    if not path.exists():
        raise Unusable("The clip was made, but its file is gone.")
    return path
