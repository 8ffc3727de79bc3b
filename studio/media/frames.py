"""Single frames of a clip at chosen times, as upright pictures. Runs in the child."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from av.container.input import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from studio.media.canvas import turned
from studio.media.facts import Facts
from studio.media.tracks import Track

PIXELS_FOR_EVERY_FRAME = 1_500_000_000  # of the whole clip; beyond, only keyframes are looked at
KEYFRAMES_ENOUGH = 8


def frames_at(
    container: InputContainer, stream: VideoStream, track: Track, times: Sequence[float]
) -> Iterator[VideoFrame]:
    """One frame for each time (seconds from the start, ascending), the last one again where none is left.

    Yields nothing if no frame can be decoded at all.
    """
    keys = sorted(track.keyframes)
    _skip_what_is_not_needed(stream, track, keys)
    targets = [(track.start or 0) + round(time / track.time_base) for time in times]
    last: VideoFrame | None = None
    for target in targets:
        nearest = keys[max(bisect_right(keys, target) - 1, 0)] if keys else track.start or 0
        if last is None or last.pts is None or nearest > last.pts:
            reel = _reel(container, stream, nearest, track)
        if last is None or last.pts is None or last.pts < target:
            last = _advance(reel, target) or last
        if last is not None:
            yield last


def as_picture(frame: VideoFrame, facts: Facts, *, side: int) -> Image.Image:
    """The frame as the facts say it is shown, upright, its longer side at most `side` pixels, never enlarged."""
    width, height = facts.sides
    scale = min(side / max(width, height, 1), 1.0)
    shown = (max(2, round(width * scale)), max(2, round(height * scale)))
    stored = (shown[1], shown[0]) if facts.rotation in (90, 270) else shown
    small = frame.reformat(width=stored[0], height=stored[1], format="rgb24")
    picture: Image.Image = small.to_image()  # type: ignore[no-untyped-call]
    return turned(picture, facts.rotation, mirrored=False)


def _skip_what_is_not_needed(stream: VideoStream, track: Track, keys: list[int]) -> None:
    pixels = stream.codec_context.width * stream.codec_context.height * track.packets
    only_keys = pixels > PIXELS_FOR_EVERY_FRAME and len(keys) >= KEYFRAMES_ENOUGH
    stream.codec_context.skip_frame = "NONKEY" if only_keys else "NONREF"


def _reel(container: InputContainer, stream: VideoStream, at: int, track: Track) -> Iterator[VideoFrame]:
    container.seek(at, stream=stream, backward=True)
    for packet in container.demux(stream):
        if packet.dts is not None and packet.dts > track.last_decoded:
            continue
        try:
            yield from packet.decode()
        except FFmpegError:
            continue


def _advance(reel: Iterator[VideoFrame], target: int) -> VideoFrame | None:
    """The first frame at or after the target, or the last there is."""
    frame: VideoFrame | None = None
    for frame in reel:
        if frame.pts is None or frame.pts >= target:
            break
    return frame
