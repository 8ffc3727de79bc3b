"""Sixty-odd awkward files, each with the verdict it deserves. Run as a module, it writes them into a folder.

python -m tests.media.corpus FOLDER
"""

from __future__ import annotations

import struct
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.media import making

MB = 1024 * 1024
FFCONCAT = "ffconcat version 1.0\nfile /etc/passwd\n"
M3U8 = "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n/etc/passwd\n#EXT-X-ENDLIST\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><script>alert(1)</script></svg>'


@dataclass(frozen=True, kw_only=True)
class Awkward:
    """A file, what it is to be used as, and the outcome and rules expected of it."""

    name: str
    use: str
    outcome: str
    rules: tuple[str, ...]
    make: Callable[[Path], object]


def case(name: str, use: str, outcome: str, rules: str, make: Callable[[Path], object]) -> Awkward:
    return Awkward(name=name, use=use, outcome=outcome, rules=tuple(rules.split()), make=make)


def _write(content: str | bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content.encode() if isinstance(content, str) else content)


def _as(format_: str, width: int = 400, height: int = 300, **options: object) -> Callable[[Path], object]:
    return lambda path: making.drawn(width, height).save(path, format_, **options)


def _see_through(path: Path) -> None:
    picture = making.drawn(400, 300)
    picture.putalpha(Image.linear_gradient("L").resize((400, 300)))
    picture.save(path)


def _unused_alpha(path: Path) -> None:
    making.drawn(400, 300).convert("RGBA").save(path)


def _palette_with_hole(path: Path) -> None:
    making.drawn(400, 300).quantize(16).save(path, transparency=0)


def _animated(path: Path) -> None:
    more = [making.drawn(400, 300, step) for step in (3, 6)]
    making.drawn(400, 300).save(path, save_all=True, append_images=more, duration=100)


def turned_by_mark(mark: int) -> Callable[[Path], object]:
    def make(path: Path) -> None:
        exif = Image.Exif()
        exif[0x0112] = mark
        making.drawn(400, 300).save(path, exif=exif)

    return make


def _flipped_header(path: Path) -> None:
    making.picture(path)
    data = bytearray(path.read_bytes())
    data[4:200] = bytes(byte ^ 0x55 for byte in data[4:200])
    path.write_bytes(data)


def _text_bomb(path: Path) -> None:
    packed = zlib.compress(bytes(100 * MB), 9)
    making.png_with(path, making.png_chunk(b"zTXt", b"Comment\0\0" + packed))


def _many_texts(path: Path) -> None:
    making.png_with(path, *[making.png_chunk(b"tEXt", b"a\0b")] * 30_000)


def _profile_bomb(path: Path) -> None:
    packed = zlib.compress(bytes(100 * MB), 9)
    making.png_with(path, making.png_chunk(b"iCCP", b"icc\0\0" + packed))


def _index_bomb(path: Path) -> None:
    """Two thousand million samples of one byte each, in a file of a few kilobytes."""
    making.clip(path)
    making.patched(path, b"stsz", 4, struct.pack(">II", 1, 0x7FFFFFFF))
    making.patched(path, b"stts", 8, struct.pack(">II", 0x7FFFFFFF, 1))


def _short_header(path: Path) -> None:
    """Says 1 second of itself, holds 12."""
    making.clip(path, seconds=12, fps=4)
    for box in (b"mvhd", b"mdhd"):
        making.patched(path, box, 16, struct.pack(">I", 1000))
    making.patched(path, b"tkhd", 20, struct.pack(">I", 1000))


def _heavy_clip(path: Path) -> None:
    making.padded_to(making.clip(path), 101 * MB)


def _phone_clip(path: Path) -> None:
    making.turned(making.clip(path, seconds=42, fps=2, codec="libx265"), 90)


def _then(
    make: Callable[..., Path], change: Callable[..., object], *more: object, **options: object
) -> Callable[[Path], object]:
    def both(path: Path) -> None:
        make(path, **options)
        change(path, *more)

    return both


def _clip(**options: object) -> Callable[[Path], object]:
    return lambda path: making.clip(path, **options)  # type: ignore[arg-type]


def _sound(**options: object) -> Callable[[Path], object]:
    return lambda path: making.sound(path, **options)  # type: ignore[arg-type]


def _named(suffix: str, make: Callable[[Path], object]) -> Callable[[Path], object]:
    """Made under an honest name, kept under another."""

    def both(path: Path) -> None:
        honest = path.with_name(f"honest-{path.stem}{suffix}")
        make(honest)
        honest.replace(path)

    return both


PICTURES = [
    case("photo.jpg", "picture", "accept", "", making.picture),
    case("photo.png", "picture", "accept", "", making.picture),
    case("photo.bmp", "picture", "accept", "", making.picture),
    case("photo.webp", "picture", "accept", "", making.picture),
    case("really-a-png.jpg", "picture", "accept", "", _as("PNG")),
    case("grey.jpg", "picture", "accept", "", lambda path: making.drawn(400, 300).convert("L").save(path)),
    case(
        "print.jpg", "picture", "accept", "", lambda path: making.drawn(400, 300).convert("CMYK").save(path)
    ),
    case("largest-8000.jpg", "picture", "accept", "", _as("JPEG", 8000, 8000)),
    case("smallest-240.png", "picture", "accept", "", _as("PNG", 240, 240)),
    case("one-to-eight.png", "picture", "accept", "", _as("PNG", 240, 1920)),
    case("phone.heic", "picture", "fixable", "format", _as("HEIF")),
    case("phone.avif", "picture", "fixable", "format", _as("AVIF")),
    case("wren-cutout.png", "picture", "fixable", "alpha", _see_through),
    case("cutout.webp", "picture", "fixable", "alpha", _see_through),
    case("unused-alpha.png", "picture", "fixable", "alpha", _unused_alpha),
    case("palette-hole.png", "picture", "fixable", "alpha", _palette_with_hole),
    case("moves.webp", "picture", "fixable", "animated", _animated),
    case("moves.png", "picture", "fixable", "animated", _animated),
    case("sideways.jpg", "picture", "fixable", "sideways", turned_by_mark(6)),
    case("mirrored.jpg", "picture", "fixable", "sideways", turned_by_mark(2)),
    case("thin-200.jpg", "picture", "fixable", "too_small", _as("JPEG", 200, 1000)),
    case("counter-strip.jpg", "picture", "fixable", "ratio", _as("JPEG", 300, 3000)),
    case("thread.jpg", "picture", "fixable", "too_small ratio", _as("JPEG", 60, 900)),
    case("valley-9000.jpg", "picture", "fixable", "too_large", _as("JPEG", 9000, 6000)),
    case("banner-9000.png", "picture", "fixable", "ratio too_large", _as("PNG", 9000, 300)),
    case(
        "heavy-21mb.jpg", "picture", "fixable", "too_heavy", _then(making.picture, making.padded_to, 21 * MB)
    ),
    case("flower-icon.png", "picture", "reject", "too_small", _as("PNG", 180, 180)),
    case("poster.gif", "picture", "reject", "format", making.picture),
    case("moves.gif", "picture", "reject", "format", _animated),
    case("scan.tiff", "picture", "reject", "format", making.picture),
    case("script.svg", "picture", "reject", "format", _write(SVG)),
    case("script-svg.png", "picture", "reject", "format", _write(SVG)),
    case("page.jpg", "picture", "reject", "format", _write("<!doctype html><script>alert(1)</script>")),
    case("paper.jpg", "picture", "reject", "format", _write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")),
    case("empty.jpg", "picture", "reject", "empty", _write(b"")),
    case("zeros.png", "picture", "reject", "empty", _write(bytes(5000))),
    case("noise.jpg", "picture", "reject", "format", _write(bytes(range(256)) * 20)),
    case("dawn-meadow.jpg", "picture", "reject", "cut", _then(making.picture, making.cut)),
    case("half.png", "picture", "reject", "cut", _then(making.picture, making.cut)),
    case("flipped.jpg", "picture", "reject", "unreadable", _flipped_header),
    case(
        "pixel-bomb.png", "picture", "reject", "too_many_pixels", lambda path: making.png_bomb(path, 60_000)
    ),
    case("text-bomb.png", "picture", "reject", "too_heavy", _text_bomb),
    case("texts-bomb.png", "picture", "reject", "too_heavy", _many_texts),
    case("profile-bomb.png", "picture", "reject", "too_heavy", _profile_bomb),
    case("scan-bomb.jpg", "picture", "reject", "too_heavy", lambda path: making.scan_bomb(path, 2000)),
    case("a-clip.jpg", "picture", "reject", "wrong_kind", _named(".mp4", _clip())),
]

CLIPS = [
    case("street.mp4", "clip", "accept", "", _clip(audio="aac")),
    case("street.mov", "clip", "accept", "", _clip()),
    case("silent.mp4", "clip", "accept", "", _clip()),
    case("index-at-the-end.mp4", "clip", "accept", "", _clip(movflags="", audio="aac")),
    case("really-a-mov.mp4", "clip", "accept", "", _named(".mov", _clip())),
    case("thirty-seconds.mp4", "clip", "accept", "", _clip(seconds=30, fps=4)),
    case("says-one-second.mp4", "clip", "accept", "", _short_header),
    case("phone-hevc.mov", "clip", "fixable", "codec", _clip(codec="libx265", audio="aac")),
    case("screen.webm", "clip", "fixable", "format", _clip(codec="libvpx-vp9", audio="libopus")),
    case("recorder.mkv", "clip", "fixable", "format", _clip(audio="aac")),
    case("small-and-new.mp4", "clip", "fixable", "codec", _clip(codec="libsvtav1")),
    case("edit.mov", "clip", "fixable", "codec", _clip(codec="prores_ks", pixels="yuv422p10le")),
    case(
        "camera.avi", "clip", "fixable", "format", _clip(codec="mjpeg", pixels="yuvj420p", audio="pcm_s16le")
    ),
    case("old.mp4", "clip", "fixable", "codec", _clip(codec="mpeg4")),
    case("ten-bits.mp4", "clip", "fixable", "codec", _clip(pixels="yuv420p10le")),
    case("rehearsal-31s.mp4", "clip", "fixable", "too_long", _clip(seconds=31, fps=4)),
    case(
        "heavy-101mb.mp4",
        "clip",
        "fixable",
        "too_heavy",
        lambda path: making.padded_to(making.clip(path), 101 * MB),
    ),
    case("sideways.mp4", "clip", "fixable", "sideways", _then(making.clip, making.turned, 90)),
    case("upside-down.mp4", "clip", "fixable", "sideways", _then(making.clip, making.turned, 180)),
    case("narrow-200.mp4", "clip", "fixable", "too_small", _clip(width=200, height=640)),
    case("ribbon.mp4", "clip", "fixable", "ratio", _clip(width=2560, height=240, seconds=1, fps=4)),
    case("wide-4200.mp4", "clip", "fixable", "too_large", _clip(width=4200, height=640, seconds=1, fps=3)),
    case(
        "IMG_4410.MOV",
        "clip",
        "fixable",
        "too_long sideways codec",
        _named(".mov", _then(making.clip, making.turned, 90, seconds=42, fps=2, codec="libx265")),
    ),
    case(
        "delivery-van.mp4", "clip", "fixable", "end_missing", _then(making.clip, making.cut, 0.5, seconds=6)
    ),
    case("half.mkv", "clip", "fixable", "end_missing format", _then(making.clip, making.cut, 0.5, seconds=6)),
    case(
        "zero-tail.mp4",
        "clip",
        "fixable",
        "end_missing",
        _then(making.clip, making.zero_from, 0.6, seconds=6),
    ),
    case("no-index.mp4", "clip", "reject", "unreadable", _then(making.clip, making.cut, 0.5, movflags="")),
    case("blink.mp4", "clip", "reject", "too_short", _clip(seconds=0.5)),
    case("tiny-200.mp4", "clip", "reject", "too_small", _clip(width=200, height=200)),
    case("playlist.mp4", "clip", "reject", "format", _write(FFCONCAT)),
    case("stream.mp4", "clip", "reject", "format", _write(M3U8)),
    case("index-bomb.mp4", "clip", "reject", "too_heavy unreadable no_length", _index_bomb),
    case("a-picture.mp4", "clip", "reject", "wrong_kind", _as("JPEG")),
    case("a-song.mp4", "clip", "reject", "wrong_kind", _named(".mp3", _sound(codec="libmp3lame"))),
]

VOICES = [
    case("voice.wav", "voice", "accept", "", _sound()),
    case("voice.mp3", "voice", "accept", "", _sound(codec="libmp3lame")),
    case("ten-seconds.wav", "voice", "accept", "", _sound(seconds=10)),
    case("silence.wav", "voice", "accept", "silent", _sound(loud=False)),
    case("memo.m4a", "voice", "fixable", "format", _named(".mp4", _sound(codec="aac"))),
    case("message.ogg", "voice", "fixable", "format", _sound(codec="libopus")),
    case("studio.flac", "voice", "fixable", "format", _sound(codec="flac")),
    case("browser.webm", "voice", "fixable", "format", _sound(codec="libopus")),
    case("story-11s.wav", "voice", "fixable", "too_long", _sound(seconds=11)),
    case("heavy-16mb.wav", "voice", "fixable", "too_heavy", _then(making.sound, making.padded_to, 16 * MB)),
    case("a-clip.mp4", "voice", "fixable", "format", _clip(audio="aac")),
    case("half.wav", "voice", "fixable", "end_missing", _then(making.sound, making.cut, 0.5, seconds=6)),
    case("word.wav", "voice", "reject", "too_short", _sound(seconds=0.4)),
    case("mute-clip.mp4", "voice", "reject", "wrong_kind", _clip()),
    case("a-picture.wav", "voice", "reject", "wrong_kind", _as("JPEG")),
]

CORPUS = [*PICTURES, *CLIPS, *VOICES]


def main(folder: Path) -> None:
    for awkward in CORPUS:
        path = folder / awkward.use / awkward.name
        path.parent.mkdir(parents=True, exist_ok=True)
        awkward.make(path)
        print(awkward.use, awkward.name, awkward.outcome, *awkward.rules)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
