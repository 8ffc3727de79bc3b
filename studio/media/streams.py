"""Opening what has a length: clips and sounds. One named demuxer, listed codecs, no other file (THREATS U-03)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container.input import InputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from studio.media.errors import UnreadableMedia

VIDEO_CODECS = ("h264", "hevc", "vp8", "vp9", "av1", "prores", "mjpeg", "mpeg4", "h263")
AUDIO_CODECS = (
    *("aac", "mp3", "opus", "vorbis", "flac", "alac", "ac3", "eac3", "amr_nb", "amr_wb"),
    *("pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le", "pcm_u8", "pcm_s8"),
    *(
        "pcm_s16be",
        "pcm_s24be",
        "pcm_s32be",
        "pcm_f32be",
        "pcm_alaw",
        "pcm_mulaw",
        "adpcm_ms",
        "adpcm_ima_wav",
    ),
)
DECODERS = ("libdav1d", "libvpx-vp9", "libvpx", "mp3float", "amrnb", "amrwb", "libopus", "libvorbis")

MAX_STREAMS = 32
MAX_FRAME_PIXELS = 8192 * 8192

SAVE_AGAIN = "Open it in another program and save it again, or choose another file."
UNREADABLE = f"Its content can’t be read. {SAVE_AGAIN}"


@contextmanager
def opened(path: Path, demuxer: str) -> Iterator[InputContainer]:
    """The container, by its one demuxer. FFmpeg's ways of giving up become UnreadableMedia."""
    options = {
        "format_whitelist": demuxer if demuxer != "mov" else "mov,mp4,m4a,3gp,3g2,mj2",
        "protocol_whitelist": "file",
        "codec_whitelist": ",".join((*VIDEO_CODECS, *AUDIO_CODECS, *DECODERS)),
        "max_streams": str(MAX_STREAMS),
    }
    try:
        with av.open(f"file:{path}", "r", format=demuxer, options=options) as container:
            yield container
    except av.FFmpegError as error:
        raise UnreadableMedia("unreadable", UNREADABLE) from error


def moving_picture(container: InputContainer) -> VideoStream | None:
    """The first stream of pictures that is not a cover or a row of thumbnails."""
    stills = av.stream.Disposition.attached_pic | av.stream.Disposition.timed_thumbnails
    return next((stream for stream in container.streams.video if not stream.disposition & stills), None)


def sound(container: InputContainer) -> AudioStream | None:
    """The first sound we know, else the first of all: phones put one of their own before the ordinary one."""
    tracks = container.streams.audio
    return next((stream for stream in tracks if can_decode(stream)), next(iter(tracks), None))


def codec_name(stream: VideoStream | AudioStream) -> str:
    """The codec's own name, not its decoder's; "" if FFmpeg has no decoder for it."""
    context = stream.codec_context
    return context.codec.canonical_name if context is not None else ""


def pixel_shape(stream: VideoStream) -> float:
    """How much wider than high a pixel is shown; 1 for nearly all clips, and for claims nobody would make."""
    shape = stream.codec_context.sample_aspect_ratio
    value = float(shape.numerator / shape.denominator) if shape and shape.denominator else 1.0
    return value if 0.25 <= value <= 4 else 1.0


def ticks(stream: Stream) -> Fraction:
    """The length of one tick of this stream's timestamps, in seconds."""
    base = stream.time_base
    return Fraction(base.numerator, base.denominator) if base else Fraction(1)


def can_decode(stream: VideoStream | AudioStream) -> bool:
    return codec_name(stream) in (VIDEO_CODECS if isinstance(stream, VideoStream) else AUDIO_CODECS)
