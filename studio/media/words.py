"""Numbers as people read them."""

from __future__ import annotations

FORMAT_NAMES = {
    "jpeg": "JPEG",
    "png": "PNG",
    "bmp": "BMP",
    "webp": "WebP",
    "gif": "GIF",
    "heic": "HEIC",
    "avif": "AVIF",
    "mp4": "MP4",
    "mov": "MOV",
    "3gp": "3GP",
    "webm": "WebM",
    "mkv": "MKV",
    "avi": "AVI",
    "m4a": "M4A",
    "wav": "WAV",
    "mp3": "MP3",
    "ogg": "Ogg",
    "flac": "FLAC",
    "aac": "AAC",
    "aiff": "AIFF",
    "weba": "WebM sound",
    "mka": "Matroska sound",
    "h264": "H.264",
    "hevc": "HEVC",
    "vp8": "VP8",
    "vp9": "VP9",
    "av1": "AV1",
    "prores": "ProRes",
    "mjpeg": "Motion JPEG",
    "mpeg4": "MPEG-4",
    "h263": "H.263",
}


def name_of(format_or_codec: str) -> str:
    """ "hevc" is "HEVC"; what has no name of its own is said in capitals."""
    return FORMAT_NAMES.get(format_or_codec, format_or_codec.upper())


def any_of(names: tuple[str, ...]) -> str:
    """ "JPEG, PNG, BMP or WebP"."""
    *most, last = [name_of(name) for name in names]
    return f"{', '.join(most)} or {last}" if most else last


def size(width: int, height: int) -> str:
    return f"{width:,} × {height:,}"


def megabytes(count: int) -> str:
    """ "34 MB"; "0.4 MB" below ten, so that a limit and what breaks it never read the same."""
    value = count / 1024 / 1024
    if value >= 10 and abs(value - round(value)) > 0.05 and value < 200:
        return f"{value:.1f} MB"
    return f"{value:.0f} MB" if value >= 10 else f"{max(value, 0.1):.1f} MB"


def seconds(value: float) -> str:
    """ "42 seconds", "0.4 seconds", "1 min 12 s". Never rounds onto a whole number it is not."""
    if value >= 60:
        whole = round(value)
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    number = plain(value)
    return f"{number} second" if number == "1" else f"{number} seconds"


def short_seconds(value: float) -> str:
    return f"{value:.1f} s"


def clock(value: float) -> str:
    """ "0:14", "1:02"."""
    whole = int(value + 0.5)
    return f"{whole // 60}:{whole % 60:02}"


def plain(value: float) -> str:
    """A number with as few digits as tell it from a whole one."""
    for digits in (0, 1, 2):
        text = f"{value:.{digits}f}"
        if abs(float(text) - value) < 0.05:
            return text.removesuffix(".0")
    return f"{value:.2f}"


def clauses(parts: list[str]) -> str:
    """ "is 42 seconds, lies on its side and is saved as HEVC"."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last
