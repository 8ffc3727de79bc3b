"""A clip anew: H.264 and AAC in an MP4 with its index in front, an even rhythm and even sides. In the child."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container.input import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from studio.media import decoding, streams
from studio.media.errors import UnreadableMedia
from studio.media.film_track import FilmTrack
from studio.media.orders import Order
from studio.media.packing import FRONT_INDEX
from studio.media.sniff import sniff
from studio.media.sound_track import SoundTrack


def encode(order: Order, out: Path, report: Callable[[float], None]) -> None:
    """Write `out` from the kept stretch of the order's file. Raises UnreadableMedia if it has no pictures."""
    length = max(order.end - order.start, 0.1)
    with (
        streams.opened(order.path, sniff(order.path).opener) as source,
        av.open(f"file:{out}", "w", format="mp4", options=FRONT_INDEX) as target,
    ):
        picture = streams.moving_picture(source)
        if picture is None:
            raise UnreadableMedia("wrong_kind", "It is not a clip.")
        decoding.prepare(picture)
        sound = streams.sound(source) if order.facts.has_audio else None
        film, voice = (
            FilmTrack(target, order),
            SoundTrack(target, "aac", seconds=length) if sound is not None else None,
        )
        for frame, at in stretch(source, [picture, sound] if sound is not None else [picture], order):
            if isinstance(frame, VideoFrame):
                film.show(frame, at)
                report(min(max(at / length, 0.0), 1.0))
            elif voice is not None:
                voice.play(frame, at)
        film.finish()
        if voice is not None:
            voice.finish()


def stretch(
    source: InputContainer, chosen: Sequence[VideoStream | AudioStream], order: Order
) -> Iterator[tuple[VideoFrame | AudioFrame, float]]:
    """Decoded frames of the kept stretch, each with its time from the beginning of the stretch. What cannot be
    decoded is left out."""
    lead = chosen[0]
    origin = float((lead.start_time or 0) * streams.ticks(lead))
    source.seek(round((origin + order.start) / streams.ticks(lead)), stream=lead, backward=True)
    over: set[int] = set()
    for packet in _packets(source, chosen):
        for frame in _decoded(packet):
            at = (frame.time or 0.0) - origin - order.start
            if at >= order.end - order.start - 1e-3:
                over.add(packet.stream_index)
            elif at >= -1e-3:
                yield frame, max(at, 0.0)
        if len(over) == len(chosen):
            return


def _packets(source: InputContainer, chosen: Sequence[VideoStream | AudioStream]) -> Iterator[Packet[Stream]]:
    try:
        yield from source.demux(chosen)
    except FFmpegError:
        return  # a cut file ends like this


def _decoded(packet: Packet[Stream]) -> list[VideoFrame | AudioFrame]:
    try:
        frames = packet.decode()
    except FFmpegError:
        return []
    return [frame for frame in frames if isinstance(frame, VideoFrame | AudioFrame)]
