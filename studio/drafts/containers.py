"""Open a clip or a sound by what its first bytes say it is, with one named demuxer and a list of codecs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer

from studio.media.errors import UnreadableMedia

CODECS = (
    "h264,hevc,mpeg4,mjpeg,vp9,prores,aac,mp3,mp3float,alac,pcm_s16le,pcm_s24le,pcm_s32le,pcm_u8,pcm_f32le"
)
_OPTIONS = {"protocol_whitelist": "file", "codec_whitelist": CODECS}


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The container of a clip or sound. Raises UnreadableMedia, also for what goes wrong while reading it."""
    try:
        with av.open(str(path), format=_demuxer(path), options=_OPTIONS) as container:
            yield container
    except (av.FFmpegError, OSError, ValueError) as error:
        raise UnreadableMedia("unreadable", f"{path.name} can't be read as a clip or a sound.") from error


def _demuxer(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        return "mov"
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return "wav"
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0):
        return "mp3"
    raise UnreadableMedia("unknown_type", f"{path.name} is not an MP4, MOV, WAV or MP3 file.")
