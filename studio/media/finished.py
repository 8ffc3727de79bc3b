"""The child's part of `clips.py`: decode a finished clip to its end, repack it if its index is at the back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError

from studio.media import decoding, looking, streams
from studio.media.errors import UnreadableMedia
from studio.media.facts import Facts
from studio.media.packing import index_is_in_front, repack
from studio.media.sniff import sniff

CUT = "The clip is cut off: its end is missing."
DAMAGED = "Part of the clip can’t be decoded."


def run(payload: dict[str, Any], report: Callable[[float], None]) -> dict[str, Any]:
    source, part = Path(payload["source"]), Path(payload["part"])
    facts = looking.look(source)
    if facts.kind != "video":
        raise UnreadableMedia("wrong_kind", "It is not a clip.")
    if facts.truncated:
        raise UnreadableMedia("cut", CUT)
    decode_all(source, facts, report)
    repacked = facts.format != "mp4" or not index_is_in_front(source)
    if repacked:
        repack(source, part)
        facts = looking.look(part)
    return {"facts": facts.to_dict(), "repacked": repacked}


def decode_all(path: Path, facts: Facts, report: Callable[[float], None]) -> None:
    """Every frame and every sound. Raises UnreadableMedia if one cannot be decoded."""
    seconds = facts.seconds or 1.0
    with streams.opened(path, sniff(path).opener) as container:
        picture, sound = streams.moving_picture(container), streams.sound(container)
        if picture is None:
            raise UnreadableMedia("wrong_kind", "It is not a clip.")
        decoding.prepare(picture)
        chosen = [picture, sound] if sound is not None and facts.has_audio else [picture]
        try:
            for packet in container.demux(chosen):
                if packet.is_corrupt and packet.size:
                    raise UnreadableMedia("damaged", DAMAGED)
                for frame in packet.decode():
                    if isinstance(frame, av.VideoFrame) and frame.is_corrupt:
                        raise UnreadableMedia("damaged", DAMAGED)
                    if isinstance(frame, av.VideoFrame) and frame.key_frame and frame.time is not None:
                        report(min(frame.time / seconds, 1.0))
        except FFmpegError as error:
            raise UnreadableMedia("damaged", DAMAGED) from error
