"""Media made for tests: really encoded, small and quick."""

from __future__ import annotations

import array
import io
import math
import struct
import zlib
from fractions import Fraction
from pathlib import Path

import av
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()
av.logging.set_level(None)

FAST = {
    "libx264": {"preset": "ultrafast"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "12"},
}
SOUND_RATE = 48_000


def drawn(width: int, height: int, step: int = 0) -> Image.Image:
    """A gradient with a square that moves with `step`: something to see, quick to encode."""
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    side = max(min(width, height) // 4, 1)
    left = step * side // 4 % max(width - side, 1)
    picture.paste((230, 180, 40), (left, 0, left + side, side))
    return picture


def picture(path: Path, width: int = 400, height: int = 300, **options: object) -> Path:
    """A picture in the format of its name."""
    drawn(width, height).save(path, **options)
    return path


def clip(
    path: Path,
    *,
    seconds: float = 2.0,
    width: int = 320,
    height: int = 240,
    fps: int = 8,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    audio: str | None = None,
    movflags: str = "faststart",
    gop: int = 8,
    pixel_shape: Fraction = Fraction(1),
    colours: tuple[int, int, int] | None = None,
) -> Path:
    """A clip in the container of its name; `colours` are primaries, transfer and matrix by number."""
    options = {"movflags": movflags} if movflags and path.suffix in (".mp4", ".mov") else {}
    with av.open(str(path), "w", options=options) as target:
        film = target.add_stream(codec, rate=fps, options={"g": str(gop), **FAST.get(codec, {})})
        film.width, film.height, film.pix_fmt = width, height, pixels
        film.codec_context.sample_aspect_ratio = pixel_shape
        if colours:
            context = film.codec_context
            context.color_primaries, context.color_trc, context.colorspace = colours
        sound = target.add_stream(audio, rate=SOUND_RATE) if audio else None
        for step in range(round(seconds * fps)):
            frame = av.VideoFrame.from_image(drawn(width, height, step))
            frame.pts, frame.time_base = step, Fraction(1, fps)
            if colours:
                frame = frame.reformat(format=pixels)
                frame.color_primaries, frame.color_trc, frame.colorspace = colours
            target.mux(film.encode(frame))
        target.mux(film.encode(None))
        if sound is not None:
            _hum(target, sound, seconds, loud=True)
    return path


def sound(path: Path, *, seconds: float = 2.0, codec: str = "pcm_s16le", loud: bool = True) -> Path:
    """A hum (or silence) in the container of its name."""
    with av.open(str(path), "w") as target:
        _hum(target, target.add_stream(codec, rate=SOUND_RATE), seconds, loud=loud)
    return path


def _hum(target: av.container.OutputContainer, stream: av.AudioStream, seconds: float, *, loud: bool) -> None:
    total, block = round(seconds * SOUND_RATE), 4800
    wave = [int(9000 * math.sin(step / 18)) if loud else 0 for step in range(block)]
    for at in range(0, total, block):
        samples = array.array("h", wave[: min(block, total - at)])
        frame = av.AudioFrame("s16", "mono", len(samples))
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, at, Fraction(1, SOUND_RATE)
        frame.planes[0].update(samples.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
        target.mux(stream.encode(frame))
    target.mux(stream.encode(None))


def cut(path: Path, share: float = 0.5) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def zero_from(path: Path, share: float = 0.5) -> Path:
    """As a download that reserved its place and then stopped."""
    data = path.read_bytes()
    kept = int(len(data) * share)
    path.write_bytes(data[:kept] + bytes(len(data) - kept))
    return path


def padded_to(path: Path, size: int) -> Path:
    """Grown to `size` bytes without weighing anything on the disk, as a part that its format lets be skipped."""
    before = path.stat().st_size
    head = {
        ".mp4": struct.pack(">I4s", size - before, b"free"),
        ".wav": struct.pack("<4sI", b"JUNK", size - before - 8),
    }
    with path.open("r+b") as file:
        file.seek(before)
        file.write(head.get(path.suffix, b""))
        file.truncate(size)
    return path


def turned(path: Path, degrees: int) -> Path:
    """An MP4 that asks to be shown turned clockwise, as phones write it (the matrix of its track header)."""
    cosine, sine = {90: (0, 1), 180: (-1, 0), 270: (0, -1)}[degrees]
    matrix = struct.pack(">9i", cosine << 16, sine << 16, 0, -sine << 16, cosine << 16, 0, 0, 0, 1 << 30)
    data = bytearray(path.read_bytes())
    header = data.index(b"tkhd") + 4
    at = header + (52 if data[header] else 40)
    data[at : at + 36] = matrix
    path.write_bytes(data)
    return path


def patched(path: Path, box: bytes, offset: int, value: bytes) -> Path:
    """Bytes replaced in every box of this name, `offset` bytes after the name."""
    data = bytearray(path.read_bytes())
    at = data.find(box)
    while at >= 0:
        data[at + 4 + offset : at + 4 + offset + len(value)] = value
        at = data.find(box, at + 4)
    path.write_bytes(data)
    return path


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_bomb(path: Path, side: int) -> Path:
    """A few bytes that unfold to side × side pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    body = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path


def png_with(path: Path, *chunks: bytes) -> Path:
    """A small good PNG with extra chunks before its pixels."""
    buffer = io.BytesIO()
    drawn(300, 300).save(buffer, "PNG")
    data = buffer.getvalue()
    path.write_bytes(data[:33] + b"".join(chunks) + data[33:])
    return path


def scan_bomb(path: Path, scans: int) -> Path:
    """A progressive JPEG whose last scan comes again and again, each time over all its pixels."""
    buffer = io.BytesIO()
    drawn(3000, 3000).save(buffer, "JPEG", progressive=True)
    data = buffer.getvalue()
    last = data.rindex(b"\xff\xda")
    path.write_bytes(data[:last] + data[last:-2] * scans + data[-2:])
    return path
