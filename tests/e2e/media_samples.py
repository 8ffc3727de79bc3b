"""Small pictures, a clip and a voice, made on the spot, that the model would accept."""

from __future__ import annotations

import math
import struct
import wave
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw

RATE = 16_000
FPS = 25


@dataclass(frozen=True, kw_only=True)
class Samples:
    lighthouse: Path
    boat: Path
    clip: Path
    voice: Path
    text: Path


def make(folder: Path) -> Samples:
    samples = Samples(
        lighthouse=folder / "lighthouse.png",
        boat=folder / "boat.jpg",
        clip=folder / "waves.mp4",
        voice=folder / "keeper.wav",
        text=folder / "notes.txt",
    )
    picture(samples.lighthouse, (40, 60, 90))
    picture(samples.boat, (130, 50, 40))
    clip(samples.clip, seconds=3)
    voice(samples.voice, seconds=2)
    samples.text.write_text("not a picture")
    return samples


def picture(path: Path, colour: tuple[int, int, int]) -> None:
    image = Image.new("RGB", (960, 540), colour)
    ImageDraw.Draw(image).ellipse((300, 120, 660, 480), fill=tuple(255 - part for part in colour))
    image.save(path)


def clip(path: Path, *, seconds: int) -> None:
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        stream.time_base = Fraction(1, FPS)
        for number in range(seconds * FPS):
            shade = np.full((360, 640, 3), (number * 3) % 255, dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(shade, format="rgb24")
            frame.pts = number
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))


def voice(path: Path, *, seconds: int) -> None:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        tones = (int(9000 * math.sin(2 * math.pi * 220 * at / RATE)) for at in range(seconds * RATE))
        sound.writeframes(b"".join(struct.pack("<h", tone) for tone in tones))
