"""Trying parts of a recording: does its end decode, do samples of its middle, what do its frames really look like."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from av import AudioResampler
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container.input import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from studio.media.errors import UnreadableMedia
from studio.media.streams import MAX_FRAME_PIXELS, UNREADABLE
from studio.media.tracks import Track

PIXELS_AT_THE_END = 25_000_000  # a dozen frames of 1080p; keeps a verdict well under a second
MANY_THREADS_UP_TO = 4096 * 2304  # beyond, each frame in flight costs more memory than speed is worth
PEAK_RATE = 8000


def prepare(stream: VideoStream) -> None:
    """Refuse absurd frames before the first is decoded; share the work between two threads."""
    context = stream.codec_context
    pixels = context.width * context.height
    if pixels > MAX_FRAME_PIXELS:
        raise UnreadableMedia(
            "too_many_pixels", f"It is {context.width:,} × {context.height:,}, too large to open."
        )
    stream.thread_count = 2
    stream.thread_type = "AUTO" if pixels <= MANY_THREADS_UP_TO else "SLICE"


def frames_from(
    container: InputContainer, stream: VideoStream, at: int, *, track: Track
) -> Iterator[VideoFrame]:
    """Frames from the keyframe at or before `at` to the last sound packet. Raises FFmpegError where they cannot
    be decoded."""
    container.seek(at, stream=stream, backward=True)
    for packet in container.demux(stream):
        if packet.dts is None or packet.dts <= track.last_decoded:
            yield from packet.decode()


def first_frame(container: InputContainer, stream: VideoStream, track: Track) -> VideoFrame:
    """The first picture. Raises UnreadableMedia if there is none to be had."""
    try:
        for frame in frames_from(container, stream, track.start or 0, track=track):
            return frame
    except FFmpegError as error:
        raise UnreadableMedia("unreadable", UNREADABLE) from error
    raise UnreadableMedia("unreadable", UNREADABLE)


def readable_end(container: InputContainer, stream: VideoStream, track: Track, *, pixels: int) -> int | None:
    """Where readable pictures end (ticks), or None if they reach the last packet. Raises UnreadableMedia.

    Looks at the last keyframe and what follows it; if that fails, steps back in growing steps.
    """
    enough = min(max(PIXELS_AT_THE_END // max(pixels, 1), 2), 100)
    keys, back = sorted(track.keyframes), 1
    end: int | None = None
    while back <= len(keys):
        stopped_at = _stops(container, stream, keys[-back], track=track, frames=enough)
        if stopped_at is None:
            return end
        end = stopped_at
        if end > keys[-back] or back == len(keys):
            break  # it reads up to there, or there is nothing earlier to try
        back = min(back * 2, len(keys))
    if end is not None and end <= (track.start or 0):
        raise UnreadableMedia("unreadable", UNREADABLE)
    return end


def middle_decodes(
    container: InputContainer, stream: VideoStream, track: Track, *, before: int | None
) -> bool:
    """True if the pictures at a quarter, the half and three quarters (of what is before a missing end) can be
    decoded."""
    keys = sorted(key for key in track.keyframes if before is None or key < before)
    samples = {keys[len(keys) * part // 4] for part in (1, 2, 3)} if keys else set()
    return all(_stops(container, stream, key, track=track, frames=1) is None for key in sorted(samples))


def _stops(
    container: InputContainer, stream: VideoStream, at: int, *, track: Track, frames: int
) -> int | None:
    """None if `frames` pictures from `at` on can be decoded (or as many as there are), else where they stop."""
    seen, last = 0, at
    try:
        for frame in frames_from(container, stream, at, track=track):
            if frame.is_corrupt:
                return last
            seen, last = seen + 1, frame.pts if frame.pts is not None else last
            if seen >= frames:
                break
    except FFmpegError:
        return last
    return None if seen else at


def sound_frames(container: InputContainer, stream: AudioStream, *, seconds: float) -> Iterator[AudioFrame]:
    """Decoded sound from the start, at most `seconds` of it. Packets that cannot be decoded are left out."""
    heard = 0.0
    container.seek(stream.start_time or 0, stream=stream)
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except FFmpegError:
            continue
        for frame in frames:
            heard += frame.samples / (frame.sample_rate or 1)
            yield frame
        if heard >= seconds:
            return


def loudness(frames: Iterator[AudioFrame]) -> Iterator[array[int]]:
    """The same sound as runs of 16-bit samples, one channel, `PEAK_RATE` a second."""
    narrow = AudioResampler(format="s16", layout="mono", rate=PEAK_RATE)
    for frame in frames:
        for small in narrow.resample(frame):
            yield _samples(small)
    for small in narrow.resample(None):
        yield _samples(small)


def _samples(frame: AudioFrame) -> array[int]:
    return array("h", bytes(frame.planes[0])[: frame.samples * 2])
