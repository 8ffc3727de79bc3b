"""Small files to make drafts from, and ways to look into a finished draft."""

from __future__ import annotations

import array
import math
import wave
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image

from studio.drafts import render
from studio.drafts.request import DraftRequest, Source

Colour = tuple[int, int, int]
GREY: Colour = (120, 120, 120)
RED: Colour = (200, 40, 40)
GREEN: Colour = (40, 160, 60)
BLUE: Colour = (40, 60, 200)


def picture(path: Path, colour: Colour = GREY, *, size: tuple[int, int] = (640, 360)) -> Path:
    Image.new("RGB", size, colour).save(path)
    return path


def clip(
    path: Path,
    colours: list[Colour],
    *,
    fps: int = 10,
    size: tuple[int, int] = (320, 180),
    hum: float = 0.0,
    turn: int = 0,
) -> Path:
    """One frame per colour; `hum` is the loudness (0 to 1) of its sound."""
    with av.open(str(path), "w") as target:
        film = target.add_stream("libx264", rate=fps, options={"preset": "ultrafast"})
        film.width, film.height, film.pix_fmt = *size, "yuv420p"
        if turn:
            film.set_display_rotation(turn)
        sound = target.add_stream("aac", rate=48_000, layout="mono") if hum else None
        for number, colour in enumerate(colours):
            frame = av.VideoFrame.from_image(Image.new("RGB", size, colour))
            frame.pts, frame.time_base = number, Fraction(1, fps)
            target.mux(film.encode(frame))
        target.mux(film.encode(None))
        if sound is not None:
            _add_hum(target, sound, len(colours) / fps, hum)
    return path


def voice(path: Path, *, seconds: float = 2.0) -> Path:
    rate = 16_000
    tone = array.array(
        "h", [round(12_000 * math.sin(2 * math.pi * 220 * n / rate)) for n in range(round(rate * seconds))]
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(tone.tobytes())
    return path


def request(
    *paths: Path,
    prompt: str = "",
    seconds: int = 2,
    size: tuple[int, int] = (640, 360),
    seed: int = 1,
    **more: object,
) -> DraftRequest:
    """A draft of pictures and clips in this order, in any even size, which makes tests quick."""
    counts = {"image": 0, "video": 0}
    sources = []
    for path in paths:
        kind = "video" if path.suffix in (".mp4", ".mov") else "image"
        counts[kind] += 1
        sources.append(Source(kind=kind, path=path, label=f"{kind.capitalize()} {counts[kind]}"))
    fields: dict[str, object] = {"first_frame": None, "sources": tuple(sources), **more}
    return DraftRequest(
        prompt=prompt,
        width=size[0],
        height=size[1],
        seconds=seconds,
        seed=seed,
        **fields,  # type: ignore[arg-type]
    )


def film(wanted: DraftRequest, folder: Path, name: str = "draft.mp4") -> Path:
    """The draft, rendered here and now."""
    out = folder / name
    render.render(wanted, out)
    return out


def frames(path: Path) -> list[Image.Image]:
    with av.open(str(path)) as container:
        return [frame.to_image() for frame in container.decode(video=0)]


def loudness(path: Path) -> list[float]:
    """Root mean square (0 to 1) of every tenth of a second of the film's sound."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=8000)
        samples = array.array("h")
        for frame in [*container.decode(audio=0), None]:
            for small in resampler.resample(frame):
                samples.frombytes(bytes(small.planes[0])[: small.samples * 2])
    pieces = [samples[start : start + 800] for start in range(0, len(samples) - 400, 800)]
    return [math.sqrt(sum(value * value for value in piece) / len(piece)) / 32768 for piece in pieces]


def close_to(pixel: tuple[int, ...], colour: Colour, *, within: int = 24) -> bool:
    return all(abs(one - other) <= within for one, other in zip(pixel, colour, strict=True))


def _add_hum(
    target: av.container.OutputContainer, sound: av.AudioStream, seconds: float, loud: float
) -> None:
    for start in range(0, round(48_000 * seconds), 1024):
        frame = av.AudioFrame(format="s16", layout="mono", samples=1024)
        frame.sample_rate, frame.pts = 48_000, start
        wave_ = [
            round(32_000 * loud * math.sin(2 * math.pi * 440 * (start + n) / 48_000)) for n in range(1024)
        ]
        frame.planes[0].update(array.array("h", wave_).tobytes())
        target.mux(sound.encode(frame))
    target.mux(sound.encode(None))
