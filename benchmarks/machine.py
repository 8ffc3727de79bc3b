"""What this machine can do at most, measured in the same run, so that the other figures can be read.

python -m benchmarks.machine
"""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
import time
from fractions import Fraction

import av

from benchmarks.rows import Row, show

PIECE = bytes(1024 * 1024)


def main() -> None:
    show(Row(name="processors", value=float(os.cpu_count() or 1), unit="cores", note=platform.machine()))
    show(Row(name="SHA-256", value=_megabytes_per_second(_hash), unit="MB/s"))
    show(Row(name="disk write with sync", value=_megabytes_per_second(_write), unit="MB/s"))
    show(Row(name="x264 veryfast alone, 720p30", value=_encode(1280, 720), unit="frames/s"))
    show(Row(name="x264 veryfast alone, 1080p30", value=_encode(1920, 1080), unit="frames/s"))


def _megabytes_per_second(work: object, megabytes: int = 100) -> float:
    started = time.perf_counter()
    work(megabytes)  # type: ignore[operator]
    return round(megabytes / (time.perf_counter() - started), 1)


def _hash(megabytes: int) -> None:
    digest = hashlib.sha256()
    for _ in range(megabytes):
        digest.update(PIECE)


def _write(megabytes: int) -> None:
    with tempfile.TemporaryFile() as file:
        for _ in range(megabytes):
            file.write(PIECE)
        file.flush()
        os.fsync(file.fileno())


def _encode(width: int, height: int, frames: int = 90) -> float:
    """Frames a second of moving noise-free stripes: an upper bound for any draft."""
    pictures = [_stripes(width, height, shift * 8) for shift in range(10)]
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file, av.open(file.name, "w") as out:
        stream = out.add_stream("libx264", rate=30, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, 30)
        started = time.perf_counter()
        for index in range(frames):
            frame = pictures[index % len(pictures)]
            frame.pts = index
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        return round(frames / (time.perf_counter() - started), 1)


def _stripes(width: int, height: int, shift: int) -> av.VideoFrame:
    from PIL import Image

    row = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    frame: av.VideoFrame = av.VideoFrame.from_image(row.rotate(shift))  # type: ignore[no-untyped-call]
    return frame.reformat(format="yuv420p")


if __name__ == "__main__":
    main()
