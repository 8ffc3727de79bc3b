"""Putting the same pictures and sound into a fresh MP4, without decoding them. Runs in the child."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
from av.packet import Packet
from av.stream import Stream

from studio.media import streams
from studio.media.sniff import sniff

FRONT_INDEX = {"movflags": "faststart"}
SOUND_FOR_MP4 = ("aac", "mp3")


def index_is_in_front(path: Path) -> bool:
    """True if a player can start an MP4 before having all of it: `moov` comes before `mdat`."""
    size = path.stat().st_size
    with path.open("rb") as file:
        at = 0
        while at + 8 <= size:
            file.seek(at)
            head = file.read(16)
            length, name = int.from_bytes(head[:4]), head[4:8]
            if name in (b"moov", b"mdat"):
                return name == b"moov"
            if length == 1:
                length = int.from_bytes(head[8:16])
            if length < 8:
                return False
            at += length
    return False


def repack(source: Path, out: Path, *, until: float | None = None) -> None:
    """Copy pictures and sound, packet by packet, into an MP4 with its index in front and no metadata. Stops at
    `until` seconds, if given, or where the source stops making sense."""
    with streams.opened(source, sniff(source).opener) as container:
        picture, sound = streams.moving_picture(container), streams.sound(container)
        chosen = [stream for stream in (picture, sound) if stream is not None]
        chosen = [
            stream for stream in chosen if stream is picture or streams.codec_name(stream) in SOUND_FOR_MP4
        ]
        with av.open(f"file:{out}", "w", format="mp4", options=FRONT_INDEX) as target:
            copies = {stream.index: target.add_stream_from_template(stream) for stream in chosen}
            for packet in _timed(container.demux(chosen)):
                if until is not None and (packet.dts or 0) * streams.ticks(packet.stream) >= until:
                    continue
                packet.stream = copies[packet.stream_index]
                target.mux(packet)


def _timed(packets: Iterator[Packet[Stream]]) -> Iterator[Packet[Stream]]:
    """The usable packets, each with a decoding time. Matroska leaves out the first few of every stream with
    reordered pictures; they come one packet's length apart before the first that is known."""
    early: dict[int, list[Packet[Stream]]] = {}
    for packet in packets:
        if packet.size == 0 or packet.is_corrupt:
            continue
        waiting = early.setdefault(packet.stream_index, [])
        if packet.dts is None:
            waiting.append(packet)
            continue
        for place, late in enumerate(waiting):
            late.dts = packet.dts - (len(waiting) - place) * max(packet.duration or 0, 1)
            yield late
        waiting.clear()
        yield packet
