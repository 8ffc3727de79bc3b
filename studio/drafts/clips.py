"""Play a reference clip in a draft: at its own speed, again from the start when it is over, upright, film-sized."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream
from PIL import Image, ImageOps

from studio.drafts import containers
from studio.drafts.motion import Size
from studio.drafts.pictures import MUCH_IS_LOST, soft_ground
from studio.drafts.planes import Planes
from studio.drafts.request import FPS
from studio.media import decoding, streams
from studio.media.errors import UnreadableMedia


def first_picture(path: Path) -> Image.Image:
    """The first frame of a clip, upright, at most 1280 pixels wide. Raises UnreadableMedia."""
    with containers.opened(path) as container:
        frame = next(container.decode(_moving(container)), None)
        if frame is None:
            raise _no_picture()
        small = frame.reformat(width=min(frame.width, 1280), height=_height_for(frame, 1280))
        picture: Image.Image = small.to_image()  # type: ignore[no-untyped-call]
        return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture


@dataclass(frozen=True, kw_only=True)
class Placement:
    """How the frames of a clip lie in the film: scaled to `scaled`, at `left` and `top` (even numbers), over
    `ground` where they do not fill it."""

    film: Size
    scaled: Size
    left: int
    top: int
    ground: Planes | None = None


def place(picture: Image.Image, film: Size) -> Placement:
    """Where a clip that looks like `picture` goes: cropped to fill, or whole on a soft ground."""
    across, down = film[0] / picture.width, film[1] / picture.height
    shown = min(across, down) / max(across, down)
    fills = shown >= MUCH_IS_LOST
    scale = max(across, down) if fills else min(across, down)
    scaled = (_even(picture.width * scale), _even(picture.height * scale))
    return Placement(
        film=film,
        scaled=scaled,
        left=_even_down((film[0] - scaled[0]) / 2),
        top=_even_down((film[1] - scaled[1]) / 2),
        ground=None if fills else Planes.from_image(soft_ground(ImageOps.contain(picture, film), film)),
    )


class Player:
    """The frames of one scene of a clip. Ask for them in order; `close` it afterwards."""

    def __init__(self, path: Path, placement: Placement) -> None:
        self._placement = placement
        self._timed = _played(path)
        self._now = next(self._timed)
        self._next = next(self._timed)

    def at(self, number: int) -> partial[Planes]:
        """A function that draws frame `number` of the scene; it may be called in another thread."""
        while self._next[0] <= number / FPS + 0.001:
            self._now, self._next = self._next, next(self._timed)
        return partial(_draw, self._now[1], self._placement)

    def close(self) -> None:
        self._timed.close()  # type: ignore[attr-defined]  # it is a generator


def _played(path: Path) -> Iterator[tuple[float, av.VideoFrame]]:
    """Frames with their times in seconds from 0, over and over."""
    with containers.opened(path) as container:
        stream = _moving(container)
        offset = 0.0
        while True:
            start: float | None = None
            end: float | None = None
            pace = 0.0
            for frame in container.decode(stream):
                time = frame.time or 0.0
                start = time if start is None else start
                pace = 1 / 30 if end is None or time <= end else time - end
                end = time
                yield offset + time - start, frame
            if start is None:
                raise _no_picture()
            offset += (end or 0.0) - start + pace
            container.seek(0)


def _moving(container: InputContainer) -> VideoStream:
    stream = streams.moving_picture(container)
    if stream is None:
        raise _no_picture()
    decoding.prepare(stream)
    return stream


def _no_picture() -> UnreadableMedia:
    return UnreadableMedia("no_picture", "It has no moving picture in it.")


def _draw(frame: av.VideoFrame, placement: Placement) -> Planes:
    sideways = frame.rotation % 180 != 0
    size = placement.scaled[::-1] if sideways else placement.scaled
    planes = Planes.from_frame(frame, size).turned(frame.rotation)
    if placement.ground is None:
        return planes.crop(-placement.left, -placement.top, placement.film)
    return placement.ground.with_inset(planes, placement.left, placement.top)


def _height_for(frame: av.VideoFrame, widest: int) -> int:
    return max(2, round(frame.height * min(frame.width, widest) / frame.width))


def _even(length: float) -> int:
    return max(2, -(-round(length) // 2) * 2)


def _even_down(length: float) -> int:
    return int(length // 2) * 2
