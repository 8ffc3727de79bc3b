"""Frames as people read them: "0:02.14" is frame 14 of the third second.

Frames count from 0 at the clip's own rate. The seconds are true seconds, also at 29.97 frames a second.
static/js/review/timecode.js says the same in the browser; tests/review/timecodes.json holds both to it.
"""

from __future__ import annotations

import math
import re

TINY = 1e-6
WRITTEN = re.compile(r"(?:(?P<minutes>\d{1,3}):)?(?P<seconds>\d{1,4})(?:[.:](?P<frames>\d{1,3}))?", re.ASCII)


def timecode(frame: int, fps: float) -> str:
    """ "minutes:seconds.frames" of a frame; of the number of frames it is the clip's length."""
    seconds = math.floor(max(0, frame) / fps + TINY)
    return f"{seconds // 60}:{seconds % 60:02}.{max(0, frame) - _first_frame(seconds, fps):02}"


def parse(text: str, fps: float) -> int | None:
    """The frame that a person wrote as "0:02.14", "2.14" or "0:02"; None for anything else."""
    written = WRITTEN.fullmatch(text.strip())
    if written is None:
        return None
    minutes, seconds, frames = (int(written[name] or 0) for name in ("minutes", "seconds", "frames"))
    if frames >= math.ceil(fps - TINY) or (written["minutes"] and seconds > 59):
        return None
    return _first_frame(minutes * 60 + seconds, fps) + frames


def frame_count(duration: float, fps: float) -> int:
    """How many frames a clip of this many seconds has; at least one."""
    return max(1, round(duration * fps))


def _first_frame(seconds: int, fps: float) -> int:
    return math.ceil(seconds * fps - TINY)
