"""The verdict on a clip of 100 MB and the thumbnail of a picture of 8000 × 8000, each with its child's start.

python -m benchmarks.media
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image

from benchmarks.rows import Row, show
from studio import media
from studio.media.child import barriers

MB = 1024 * 1024
RUNS = 5
CLIP_BITS_A_SECOND = 27_000_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clip, picture = _clip(Path(folder) / "100mb.mp4"), _picture(Path(folder) / "8000.jpg")
        start = _median(barriers)
        verdict = _median(lambda: media.judge(media.inspect(clip), media.Use.CLIP))
        facts = media.inspect(picture)
        thumb = _median(lambda: media.make_previews(picture, facts, Path(folder) / "previews"))
        both = f"{clip.stat().st_size / MB:.0f} MB"
        large = f"{picture.stat().st_size / MB:.0f} MB, with its 1,600 px display size"
    show(Row(name="start of a locked child", value=start, unit="s"))
    show(Row(name="verdict on a 100 MB clip", value=verdict, unit="s", limit=1.0, note=both))
    show(Row(name="thumbnail of an 8000 × 8000 JPEG", value=thumb, unit="s", limit=0.6, note=large))


def _median(work: Callable[[], object]) -> float:
    """Seconds, after one run that warms the disk cache."""
    work()
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return round(statistics.median(times), 3)


def _clip(path: Path) -> Path:
    """Thirty seconds of noise at 1080p: nothing compresses worse."""
    noise = [Image.effect_noise((1920, 1080), 50).convert("RGB") for _ in range(6)]
    frames = [
        av.VideoFrame.from_image(picture).reformat(format="yuv420p")  # type: ignore[no-untyped-call]
        for picture in noise
    ]
    with av.open(str(path), "w") as target:
        film = target.add_stream("libx264", rate=30, bit_rate=CLIP_BITS_A_SECOND, width=1920, height=1080)
        film.options = {"preset": "ultrafast", "maxrate": str(CLIP_BITS_A_SECOND), "bufsize": "27000000"}
        for step in range(900):
            frame = frames[step % len(frames)]
            frame.pts, frame.time_base = step, Fraction(1, 30)
            target.mux(film.encode(frame))
        target.mux(film.encode(None))
    return path


def _picture(path: Path) -> Path:
    noise = Image.effect_noise((1000, 1000), 60).convert("RGB").resize((8000, 8000), Image.Resampling.BICUBIC)
    noise.save(path, quality=90)
    return path


if __name__ == "__main__":
    main()
