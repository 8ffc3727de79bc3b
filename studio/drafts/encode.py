"""Write the film: H.264 and AAC in an MP4 that every browser plays at once (index in front)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.video.reformatter import ColorRange, Colorspace

from studio.drafts.motion import Size
from studio.drafts.planes import Planes
from studio.drafts.request import FPS
from studio.drafts.sound import RATE, SAMPLES

X264 = {"preset": "veryfast", "crf": "20", "profile": "high"}
BT709 = 1
SOUND_BITS_PER_SECOND = 160_000


class Film:
    """An MP4 being written, picture by picture; its sound is taken along as the pictures go.

    Use it in a `with`; leaving that normally completes the file.
    """

    def __init__(self, path: Path, size: Size, sound: Iterator[av.AudioFrame]) -> None:
        self._container = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})
        self._video = self._container.add_stream("libx264", rate=FPS, options=X264)
        self._video.width, self._video.height = size
        self._video.pix_fmt = "yuv420p"
        self._video.gop_size = FPS
        context = self._video.codec_context
        context.colorspace, context.color_range = Colorspace.ITU709, ColorRange.MPEG
        context.color_primaries = context.color_trc = BT709
        self._audio = self._container.add_stream("aac", rate=RATE, layout="stereo")
        self._audio.bit_rate = SOUND_BITS_PER_SECOND
        self._sound = sound
        self._pictures = 0
        self._samples = 0

    def add(self, picture: Planes) -> None:
        frame = picture.to_frame()
        frame.pts = self._pictures
        self._pictures += 1
        self._container.mux(self._video.encode(frame))
        self._add_sound(until=self._pictures / FPS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._container.close()

    def _add_sound(self, *, until: float) -> None:
        while self._samples < until * RATE:
            frame = next(self._sound, None)
            if frame is None:
                return
            frame.pts = self._samples
            self._samples += frame.samples
            self._container.mux(self._audio.encode(frame))

    def _finish(self) -> None:
        self._add_sound(until=self._pictures / FPS + SAMPLES)
        self._container.mux(self._video.encode(None))
        self._container.mux(self._audio.encode(None))
