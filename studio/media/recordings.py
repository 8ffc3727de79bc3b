"""Looking at clips and sounds: what they hold, how long they really are, and whether their end can be decoded.

Runs in the child. Lengths come from timestamps of packets that are there, never from a header's claim, because
seconds are money (THREATS U-05); the end is decoded, because a cut file still looks whole from its index (U-07).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from av.audio.stream import AudioStream
from av.container.input import InputContainer
from av.video.stream import VideoStream

from studio.media import decoding, streams
from studio.media.errors import UnreadableMedia
from studio.media.facts import Facts
from studio.media.sniff import MIME_TYPES, Sniffed
from studio.media.tracks import Track, walk
from studio.media.words import name_of

MISSING_SECONDS = 0.5
MISSING_SHARE = 0.02
MEASURED_SOUND_SECONDS = 90.0  # a longer sound is too long anyway; its packets tell by how much
SILENCE = 30  # of 32,767: below this nobody hears anything

NO_CLAIM = {"mp3", "aac", "ogg"}  # their headers guess a length, or have none
SOUND_ONLY = {"mp4": "m4a", "mov": "m4a", "3gp": "m4a", "webm": "weba", "mkv": "mka"}
HDR_TRANSFERS = {16, 18}  # PQ and HLG


@dataclass(frozen=True, kw_only=True)
class Length:
    """Seconds: what is there, what the file claims, and what of it can be used."""

    duration: float
    claimed: float | None
    readable: float
    truncated: bool


def look(path: Path, sniffed: Sniffed) -> Facts:
    """The facts of a clip or a sound. Raises UnreadableMedia."""
    with streams.opened(path, sniffed.opener) as container:
        picture, sound = streams.moving_picture(container), streams.sound(container)
        if picture is not None:
            return _clip(container, path, sniffed, picture, sound)
        if sound is not None:
            return _sound(container, path, sniffed, sound)
    raise UnreadableMedia("no_content", "It holds neither pictures nor sound. Choose another file.")


def _clip(
    container: InputContainer, path: Path, sniffed: Sniffed, picture: VideoStream, sound: AudioStream | None
) -> Facts:
    _need_known_codec(picture)
    decoding.prepare(picture)
    heard = sound if sound is not None and streams.can_decode(sound) else None
    tracks = walk(container, [picture, *([heard] if heard is not None else [])])
    track = tracks[picture.index]
    length = _length(container, picture, track, others=tracks, sniffed=sniffed)
    frame = decoding.first_frame(container, picture, track)
    end = decoding.readable_end(container, picture, track, pixels=frame.width * frame.height)
    if end is not None:
        length = _cut_at(length, float((end - (track.start or 0)) * track.time_base))
    turn = -frame.rotation % 360
    stored = _stored(sound)
    shown = max(round(frame.width * streams.pixel_shape(picture)), 1)
    width, height = (frame.height, shown) if turn in (90, 270) else (shown, frame.height)
    return Facts(
        kind="video",
        format=sniffed.format,
        mime=MIME_TYPES[sniffed.format],
        size_bytes=path.stat().st_size,
        width=width,
        height=height,
        rotation=turn,
        duration=length.duration,
        claimed_seconds=length.claimed,
        readable_seconds=length.readable,
        truncated=length.truncated,
        damaged=track.gaps > 0 or not decoding.middle_decodes(container, picture, track, before=end),
        fps=track.rate(),
        video_codec=streams.codec_name(picture),
        pixel_format=frame.format.name,
        hdr=frame.color_trc in HDR_TRANSFERS,
        has_audio=heard is not None and tracks[heard.index].packets > 0,
        audio_codec=stored.codec,
        sample_rate=stored.rate,
        channels=stored.channels,
    )


def _sound(container: InputContainer, path: Path, sniffed: Sniffed, sound: AudioStream) -> Facts:
    _need_known_codec(sound)
    track = walk(container, [sound])[sound.index]
    length = _length(container, sound, track, others={}, sniffed=sniffed)
    seconds, silent = _listen(container, sound)
    if length.duration < MEASURED_SOUND_SECONDS and not length.truncated:
        length = Length(duration=seconds, claimed=length.claimed, readable=seconds, truncated=False)
    stored = _stored(sound)
    format_ = SOUND_ONLY.get(sniffed.format, sniffed.format)
    return Facts(
        kind="audio",
        format=format_,
        mime=MIME_TYPES[format_],
        size_bytes=path.stat().st_size,
        duration=length.duration,
        claimed_seconds=length.claimed,
        readable_seconds=length.readable,
        truncated=length.truncated,
        damaged=track.gaps > 0,
        has_audio=True,
        silent=silent,
        audio_codec=stored.codec,
        sample_rate=stored.rate,
        channels=stored.channels,
    )


def _need_known_codec(stream: VideoStream | AudioStream) -> None:
    if not streams.can_decode(stream):
        name = name_of(streams.codec_name(stream)) or "a format of its own"
        sentence = f"It is saved as {name}, which can’t be opened here. Save it as MP4 or WAV."
        raise UnreadableMedia("codec", sentence, measured=name)


@dataclass(frozen=True, kw_only=True)
class Sound:
    """How the sound is stored; nothing if there is none, or none that has a name."""

    codec: str = ""
    rate: int | None = None
    channels: int | None = None


def _stored(sound: AudioStream | None) -> Sound:
    if sound is None or not streams.codec_name(sound):
        return Sound()
    context = sound.codec_context
    return Sound(codec=streams.codec_name(sound), rate=context.sample_rate, channels=context.channels)


def _length(
    container: InputContainer,
    stream: VideoStream | AudioStream,
    track: Track,
    *,
    others: dict[int, Track],
    sniffed: Sniffed,
) -> Length:
    """The longest track counts, for that is what a service will count. Raises UnreadableMedia without one."""
    readable = track.seconds()
    if not readable:
        raise UnreadableMedia("no_length", f"Its length can’t be read. {streams.SAVE_AGAIN}")
    claimed = _claimed(container, stream, sniffed)
    if track.broken is not None or _misses_its_end(
        stream, track, sniffed, claimed=claimed, readable=readable
    ):
        return Length(
            duration=max(claimed or 0, readable), claimed=claimed, readable=readable, truncated=True
        )
    longest = max([readable, *(other.seconds() or 0.0 for other in others.values())])
    return Length(duration=longest, claimed=claimed, readable=longest, truncated=False)


def _claimed(container: InputContainer, stream: VideoStream | AudioStream, sniffed: Sniffed) -> float | None:
    if sniffed.format in NO_CLAIM:
        return None
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / 1_000_000 if container.duration else None


def _misses_its_end(
    stream: VideoStream | AudioStream,
    track: Track,
    sniffed: Sniffed,
    *,
    claimed: float | None,
    readable: float,
) -> bool:
    if claimed is None or claimed - readable <= max(MISSING_SECONDS, claimed * MISSING_SHARE):
        return False
    # An MP4's index counts its samples; a claim of more seconds with all samples there is only a lie.
    return sniffed.opener != "mov" or stream.frames == 0 or track.packets < stream.frames


def _cut_at(length: Length, readable: float) -> Length:
    return Length(
        duration=length.duration,
        claimed=length.claimed,
        readable=min(readable, length.readable),
        truncated=True,
    )


def _listen(container: InputContainer, sound: AudioStream) -> tuple[float, bool]:
    """Seconds really heard (up to a limit), and whether all of it is silence. Raises UnreadableMedia."""
    samples, peak = 0, 0
    for run in decoding.loudness(decoding.sound_frames(container, sound, seconds=MEASURED_SOUND_SECONDS)):
        samples += len(run)
        peak = max(peak, max(run, default=0), -min(run, default=0))
    if samples == 0:
        raise UnreadableMedia("unreadable", f"No sound can be read from it. {streams.SAVE_AGAIN}")
    return samples / decoding.PEAK_RATE, peak < SILENCE
