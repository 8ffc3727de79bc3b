"""Previews of a clip: poster, thumb, scrub sprite, filmstrip and loudness; of a sound, loudness alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from av.audio.stream import AudioStream
from av.container.input import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from studio.media import canvas, decoding, frames, streams
from studio.media.errors import UnreadableMedia
from studio.media.facts import Facts
from studio.media.picture_previews import THUMB_SIDE, write
from studio.media.previews import Previews
from studio.media.sniff import sniff
from studio.media.tracks import walk

POSTER_SIDE = 1280
SPRITE_COLUMNS, SPRITE_ROWS = 5, 4
SPRITE_SIDE = 320
STRIP_FRAMES, STRIP_HEIGHT = 10, 96
PEAKS = 48
HEARD_SECONDS = 120.0


def run(payload: dict[str, Any], report: Callable[[float], None]) -> dict[str, Any]:
    path, out_dir = Path(payload["path"]), Path(payload["out_dir"])
    facts = Facts.from_dict(payload["facts"])
    with streams.opened(path, sniff(path).opener) as container:
        picture, sound = streams.moving_picture(container), streams.sound(container)
        seen = Previews() if picture is None else _pictures(container, picture, facts, out_dir)
        report(0.8)
        peaks = () if sound is None or not streams.can_decode(sound) else loudness(container, sound, facts)
    return {**seen.to_dict(), "peaks": peaks}


def loudness(container: InputContainer, sound: AudioStream, facts: Facts) -> tuple[float, ...]:
    """The loudest moment of each forty-eighth, as a share of the loudest of all."""
    each = max(1, int(min(facts.seconds, HEARD_SECONDS) * decoding.PEAK_RATE / PEAKS) + 1)
    peaks, at = [0] * PEAKS, 0
    for run_ in decoding.loudness(decoding.sound_frames(container, sound, seconds=HEARD_SECONDS)):
        for start in range(0, len(run_), each):
            part = run_[start : start + each]
            slot = min((at + start) // each, PEAKS - 1)
            peaks[slot] = max(peaks[slot], max(part), -min(part))
        at += len(run_)
    loudest = max(*peaks, 1)
    return tuple(round(peak / loudest, 3) for peak in peaks) if at else ()


def _pictures(container: InputContainer, stream: VideoStream, facts: Facts, out_dir: Path) -> Previews:
    decoding.prepare(stream)
    track = walk(container, [stream])[stream.index]
    count = SPRITE_COLUMNS * SPRITE_ROWS
    seconds = facts.seconds or track.seconds() or 0.0
    times = [seconds * (index + 0.5) / count for index in range(count)]
    tiles: list[Image.Image] = []
    poster: Image.Image | None = None
    for frame in frames.frames_at(container, stream, track, times):
        if len(tiles) == 1 or poster is None:  # the second: a first one is often black
            poster = _picture(frame, facts, POSTER_SIDE)
        tiles.append(_picture(frame, facts, SPRITE_SIDE))
    if poster is None:
        raise UnreadableMedia("unreadable", streams.UNREADABLE)
    thumb = poster.copy()
    thumb.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return Previews(
        thumb=write(thumb, out_dir, "thumb", quality=80),
        poster=write(poster, out_dir, "poster", quality=86),
        sprite=write(_sheet(tiles, SPRITE_COLUMNS), out_dir, "sprite", quality=70),
        filmstrip=write(_strip(tiles), out_dir, "filmstrip", quality=75),
    )


def _picture(frame: VideoFrame, facts: Facts, side: int) -> Image.Image:
    return frames.as_picture(frame, facts, side=side)


def _strip(tiles: list[Image.Image]) -> Image.Image:
    width, height = tiles[0].size
    wide = max(1, round(width * STRIP_HEIGHT / height))
    some = [tiles[index * len(tiles) // STRIP_FRAMES] for index in range(STRIP_FRAMES)]
    return _sheet(
        [tile.resize((wide, STRIP_HEIGHT), Image.Resampling.BILINEAR) for tile in some], STRIP_FRAMES
    )


def _sheet(tiles: list[Image.Image], columns: int) -> Image.Image:
    """Row by row, every tile on a field of the first one's size."""
    width, height = tiles[0].size
    sheet = Image.new("RGB", (width * columns, height * -(-len(tiles) // columns)))
    for index, tile in enumerate(tiles):
        place = (index % columns * width, index // columns * height)
        sheet.paste(canvas.fitted(tile, (width, height)), place)
    return sheet
