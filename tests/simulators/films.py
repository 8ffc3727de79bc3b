"""A real small MP4 of any size and length: H.264 at 30 pictures a second and AAC, index in front.

One second is encoded and repeated, so that a clip of 15 s costs no more than one of 2 s.
"""

from __future__ import annotations

import array
import math
import os
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream
from PIL import Image, ImageDraw

FPS = 30
RATE = 48_000
SIZES: dict[str, dict[str, tuple[int, int]]] = {
    "720P": {
        "16:9": (1280, 720),
        "9:16": (720, 1280),
        "1:1": (960, 960),
        "4:3": (1104, 832),
        "3:4": (832, 1104),
    },
    "1080P": {
        "16:9": (1920, 1080),
        "9:16": (1080, 1920),
        "1:1": (1440, 1440),
        "4:3": (1648, 1248),
        "3:4": (1248, 1648),
    },
}
_lock = threading.Lock()


def size_of(resolution: str, ratio: str, first_frame: tuple[int, int] | None = None) -> tuple[int, int]:
    """The pixels of a clip. With a first frame its own shape decides, as the contract says."""
    sizes = SIZES[resolution.upper()]
    if first_frame is None:
        return sizes[ratio]
    wanted = first_frame[0] / first_frame[1]
    return min(sizes.values(), key=lambda size: abs(size[0] / size[1] - wanted))


def scaled(size: tuple[int, int], scale: float) -> tuple[int, int]:
    """The same shape with fewer pixels, for runs of thousands of clips. Sides stay even."""
    return max(64, round(size[0] * scale / 2) * 2), max(64, round(size[1] * scale / 2) * 2)


def film(folder: Path, size: tuple[int, int], seconds: int) -> Path:
    """The clip, made once and kept in `folder`; other processes may make the same one meanwhile."""
    path = folder / f"{size[0]}x{size[1]}-{seconds}s.mp4"
    with _lock:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            part = folder / f".{path.name}.{os.getpid()}.mp4"
            render(part, size, seconds)
            part.replace(path)
    return path


def own_copy(content: bytes, job_id: str) -> bytes:
    """The same clip with bytes of its own: a `free` box at the end names the job, and players skip it."""
    word = job_id.encode()
    return content + (8 + len(word)).to_bytes(4) + b"free" + word


def render(path: Path, size: tuple[int, int], seconds: int) -> None:
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        options = {"preset": "ultrafast", "crf": "30", "tune": "zerolatency"}
        video = container.add_stream("libx264", rate=FPS, options=options)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        video.gop_size = FPS
        audio = container.add_stream("aac", rate=RATE, layout="stereo")
        audio.bit_rate = 64_000
        pictures = _one_second(video, size)
        for number in range(seconds):
            container.mux(list(_shifted(pictures, number, video)))
        for frame in _tone(seconds):
            container.mux(audio.encode(frame))
        container.mux(audio.encode(None))


def _one_second(video: VideoStream, size: tuple[int, int]) -> list[bytes]:
    """Thirty pictures: a soft sky and a square that crosses it. Each is one packet, in order."""
    width, height = size
    packets: list[bytes] = []
    sky = Image.linear_gradient("L").resize(size)
    for number in range(FPS):
        picture = Image.merge("RGBA", (sky.point(lambda level: 80 + level // 3), sky, sky, sky))
        side, left = height // 6, (width - height // 6) * number // FPS
        ImageDraw.Draw(picture).rectangle(
            (left, height // 2, left + side, height // 2 + side), fill="#224466"
        )
        frame = av.VideoFrame.from_bytes(picture.tobytes(), width, height, format="rgba")
        frame.pts, frame.time_base = number, Fraction(1, FPS)
        packets += [bytes(packet) for packet in video.encode(frame)]
    packets += [bytes(packet) for packet in video.encode(None)]
    return packets


def _shifted(pictures: list[bytes], second: int, video: VideoStream) -> Iterator[Packet[Stream]]:
    for number, content in enumerate(pictures):
        packet: Packet[Stream] = Packet(content)
        packet.stream = video
        packet.time_base = Fraction(1, FPS)
        packet.pts = packet.dts = second * FPS + number
        packet.duration = 1
        packet.is_keyframe = number == 0
        yield packet


def _tone(seconds: int) -> Iterator[av.AudioFrame]:
    chunk = RATE // 10
    wave = [round(math.sin(number * 2 * math.pi * 220 / RATE) * 2000) for number in range(chunk)]
    both = array.array("h", (level for level in wave for _ in range(2))).tobytes()
    for number in range(seconds * 10):
        frame = av.AudioFrame(format="s16", layout="stereo", samples=chunk)
        frame.planes[0].update(both)
        frame.sample_rate = RATE
        frame.pts = number * chunk
        yield frame
