"""How long a free draft takes, against encoding the very same frames with x264 alone, in the same run.

    python -m benchmarks.drafts

Each figure is the median of several runs that take turns, so that a busy machine slows both.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import PictureType
from PIL import Image, ImageFilter

from benchmarks.rows import Row, show
from studio.drafts import making
from studio.drafts.encode import X264
from studio.drafts.request import FPS, SIZES, DraftRequest, Source

ROUNDS = 5
SECONDS = 5
LIMIT = 3.0
PROMPT = "Image 1 climbs into the meadow of Image 2 and stretches."


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        pictures = [_picture(Path(folder) / f"{number}.jpg", number) for number in (1, 2)]
        for resolution in ("720p", "1080p"):
            _measure(resolution, pictures, Path(folder))


def _measure(resolution: str, pictures: list[Path], folder: Path) -> None:
    width, height = SIZES[resolution]["16:9"]
    request = DraftRequest(
        prompt=PROMPT,
        sources=tuple(
            Source(kind="image", path=path, label=f"Image {number}")
            for number, path in enumerate(pictures, start=1)
        ),
        first_frame=None,
        width=width,
        height=height,
        seconds=SECONDS,
        seed=1,
    )
    draft = folder / f"{resolution}.mp4"
    making.make(request, draft)
    frames = _frames(draft)
    drafts, encodings = [], []
    for _ in range(ROUNDS):
        encodings.append(_timed(lambda: _encode(frames, folder / "alone.mp4")))
        drafts.append(_timed(lambda: making.make(request, draft)))
    name = f"{SECONDS} s of {resolution}{FPS}"
    drawn, alone = statistics.median(drafts), statistics.median(encodings)
    show(Row(name=f"{name}, x264 alone on the same frames", value=round(alone, 3), unit="s"))
    real_time = float(SECONDS) if resolution == "720p" else None
    show(Row(name=f"{name}, draft with its child's start", value=round(drawn, 3), unit="s", limit=real_time))
    show(Row(name=f"{name}, draft / x264 alone", value=round(drawn / alone, 2), unit="x", limit=LIMIT))


def _picture(path: Path, seed: int) -> Path:
    """A detailed photograph-like picture of 12 megapixels, as a phone makes them."""
    chance = random.Random(seed)
    noise = Image.frombytes("RGB", (1000, 750), chance.randbytes(1000 * 750 * 3))
    coarse = noise.resize((125, 94)).resize((4000, 3000), Image.Resampling.BICUBIC)
    fine = noise.filter(ImageFilter.GaussianBlur(1)).resize((4000, 3000), Image.Resampling.BICUBIC)
    Image.blend(coarse, fine, 0.3).save(path, quality=90)
    return path


def _frames(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as container:
        return list(container.decode(video=0))


def _encode(frames: list[av.VideoFrame], path: Path) -> None:
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FPS, options=X264)
        stream.width, stream.height, stream.pix_fmt = frames[0].width, frames[0].height, "yuv420p"
        stream.gop_size = FPS
        for number, frame in enumerate(frames):
            frame.pts, frame.time_base, frame.pict_type = number, Fraction(1, FPS), PictureType.NONE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
