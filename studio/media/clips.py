"""A clip that a provider (or the draft renderer) says is finished: is it whole, and can it be played at once?"""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import replace
from pathlib import Path

from studio.media.child import MB, ChildLimits, run_child
from studio.media.errors import ChildFailed
from studio.media.facts import Facts
from studio.media.inspection import as_unreadable
from studio.media.sniff import sniff

CHECKING = ChildLimits(
    memory_bytes=1024 * MB, cpu_seconds=240, wall_seconds=300.0, file_bytes=4096 * MB, niceness=5
)


def check_clip(source: Path, out: Path) -> Facts:
    """Decode the whole clip, then have it at `out` as an MP4 whose index is in front. The facts of `out`.

    `out` appears only when it is complete and on the disk; `source` stays. Raises UnreadableMedia for a clip
    that is cut, damaged or no clip at all, ChildFailed if no child could be started, OSError for a full disk.
    """
    sniff(source)
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.part")
    part.unlink(missing_ok=True)
    payload = {"source": str(source.resolve()), "part": str(part.resolve())}
    try:
        limits = replace(CHECKING, read=(source,), write=(out.parent,))
        answer = run_child("studio.media.finished:run", payload, limits=limits)
        if not answer["repacked"]:
            _copy(source, part)
        _publish(part, out)
    except ChildFailed as failure:
        if failure.reason == "no_space":
            raise OSError(failure.detail) from failure
        raise as_unreadable(failure) from failure
    finally:
        part.unlink(missing_ok=True)
    return replace(Facts.from_dict(answer["facts"]), size_bytes=out.stat().st_size)


def _copy(source: Path, part: Path) -> None:
    """The same bytes under another name; a link where the disk allows it."""
    with contextlib.suppress(OSError):
        part.hardlink_to(source)
        return
    shutil.copyfile(source, part)


def _publish(part: Path, out: Path) -> None:
    """File and folder reach the disk before anyone is told (THREATS T-02)."""
    _sync(part)
    part.replace(out)
    _sync(out.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
