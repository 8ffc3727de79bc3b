"""The sound of a new file: frames in at their times, one even run of samples out."""

from __future__ import annotations

from fractions import Fraction

from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container.output import OutputContainer

RATE = 48_000
BITS = 160_000
MOST_SILENCE_SECONDS = 30.0
SAMPLE_FORMATS = {"aac": "fltp", "pcm_s16le": "s16"}


class SoundTrack:
    """Play frames in order of time, then finish. What starts late gets silence in front of it; what goes on
    beyond `seconds` is left out, to the sample."""

    def __init__(
        self, target: OutputContainer, codec: str, *, seconds: float, layout: str = "stereo"
    ) -> None:
        self._target, self._layout = target, layout
        self._most = round(seconds * RATE)
        self._format = SAMPLE_FORMATS[codec]
        stream = target.add_stream(codec, rate=RATE, layout=layout)
        if not isinstance(stream, AudioStream):
            raise TypeError(f"{codec} is not a codec for sound")
        self._stream = stream
        if codec == "aac":
            self._stream.bit_rate = BITS
        self._resampler = AudioResampler(format=self._format, layout=layout, rate=RATE)
        self._samples = 0

    @property
    def seconds(self) -> float:
        """How much has been written."""
        return self._samples / RATE

    def play(self, frame: AudioFrame, at: float) -> None:
        if self._samples == 0 and at > 0.02:
            self._silence(min(at, MOST_SILENCE_SECONDS))
        frame.pts = None
        for block in self._resampler.resample(frame):
            self._write(block)

    def finish(self) -> None:
        for block in self._resampler.resample(None):
            self._write(block)
        self._target.mux(self._stream.encode(None))

    def _silence(self, seconds: float) -> None:
        left = round(seconds * RATE)
        while left > 0:
            block = AudioFrame(self._format, self._layout, min(left, RATE))
            block.sample_rate = RATE
            for plane in block.planes:
                plane.update(bytes(plane.buffer_size))
            left -= block.samples
            self._write(block)

    def _write(self, block: AudioFrame) -> None:
        left = self._most - self._samples
        if left <= 0:
            return
        if block.samples > left:
            block = _shortened(block, left)
        block.pts, block.time_base = self._samples, Fraction(1, RATE)
        self._samples += block.samples
        self._target.mux(self._stream.encode(block))


def _shortened(block: AudioFrame, samples: int) -> AudioFrame:
    """The first samples of a block."""
    short = AudioFrame(block.format.name, block.layout.name, samples)
    short.sample_rate = block.sample_rate
    for new, old in zip(short.planes, block.planes, strict=True):
        new.update(bytes(old)[: new.buffer_size].ljust(new.buffer_size, b"\0"))
    return short
