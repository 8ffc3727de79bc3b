"""One walk over all packets of a file: how long each track really is, and where it stops making sense."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from av.audio.stream import AudioStream
from av.container.input import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from studio.media import streams

MAX_PACKETS = 3_000_000


@dataclass
class Track:
    """What the packets of one stream say, in ticks of its time base. `broken` is where unusable packets begin
    if nothing usable follows them; `gaps` counts unusable packets that good ones follow; `last_decoded` is the
    last good packet in the order of decoding."""

    time_base: Fraction
    length_prefix: int = 0
    packets: int = 0
    start: int | None = None
    end: int | None = None
    last: int | None = None
    last_decoded: int = 0
    keyframes: list[int] = field(default_factory=list)
    broken: int | None = None
    bad_in_a_row: int = 0
    gaps: int = 0

    def add(self, packet: Packet[Stream]) -> None:
        at = packet.pts if packet.pts is not None else packet.dts
        if at is None:
            return
        if not self._is_sound(packet):
            self.broken = at if self.broken is None else self.broken
            self.bad_in_a_row += 1
            return
        if self.broken is not None:
            self.gaps, self.broken, self.bad_in_a_row = self.gaps + self.bad_in_a_row, None, 0
        self.packets += 1
        self.start = at if self.start is None else min(self.start, at)
        self.last = at if self.last is None else max(self.last, at)
        self.last_decoded = at if packet.dts is None else packet.dts
        self.end = max(self.end or at, at + (packet.duration or 0))
        if packet.is_keyframe:
            self.keyframes.append(at)

    def seconds(self) -> float | None:
        """From the first to the end of the last packet; None without any timestamps.

        What lies before zero is an encoder's run-in, which no player plays.
        """
        if self.start is None or self.end is None or self.last is None:
            return None
        end = self.end
        if end == self.last and self.packets > 1:  # the last one does not say how long it stays
            end += (self.last - self.start) // (self.packets - 1)
        return float((end - max(self.start, 0)) * self.time_base)

    def rate(self) -> float | None:
        """Packets per second."""
        if self.start is None or self.last is None or self.last == self.start:
            return None
        return round((self.packets - 1) / float((self.last - self.start) * self.time_base), 3)

    def _is_sound(self, packet: Packet[Stream]) -> bool:
        if packet.size == 0 or packet.is_corrupt:
            return False
        return not self.length_prefix or _units_fit(memoryview(packet), self.length_prefix)


def walk(container: InputContainer, chosen: list[VideoStream | AudioStream]) -> dict[int, Track]:
    """Every packet of these streams, by stream index. What cannot be read any more ends the walk."""
    tracks = {stream.index: Track(streams.ticks(stream), _length_prefix(stream)) for stream in chosen}
    count = 0
    try:
        for packet in container.demux(chosen):
            tracks[packet.stream_index].add(packet)
            count += 1
            if count > MAX_PACKETS:
                break
    except FFmpegError:
        pass
    return tracks


def _length_prefix(stream: VideoStream | AudioStream) -> int:
    """How many bytes tell the length of each unit of H.264 or HEVC in this stream; 0 if it has none."""
    context = stream.codec_context
    extra = context.extradata or b""
    if context.codec.canonical_name == "h264" and len(extra) > 6 and extra[0] == 1:
        return (extra[4] & 3) + 1
    if context.codec.canonical_name == "hevc" and len(extra) > 22 and extra[0] == 1:
        return (extra[21] & 3) + 1
    return 0


def _units_fit(data: memoryview, prefix: int) -> bool:
    """True if the lengths inside the packet add up to the packet, as they never do in zeros or garbage."""
    at, units = 0, 0
    while at + prefix < len(data):
        length = int.from_bytes(data[at : at + prefix])
        if length == 0 and units == 0:
            return False
        at += prefix + length
        units += 1
    return at == len(data)
