"""What a file is, from its first bytes alone. Names and content types are never looked at.

The answer names the one demuxer or picture format that may open the file. Whatever is not on the list is never
opened at all: playlists, documents, archives, and anything that points at other files (THREATS U-01, U-03).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from studio.media.errors import UnreadableMedia

HEAD_BYTES = 4096

ACCEPTED = (
    "Pictures can be JPEG, PNG, BMP or WebP; clips MP4 or MOV; voices WAV or MP3. "
    "Save it as one of these and drop it again."
)


@dataclass(frozen=True, kw_only=True)
class Sniffed:
    """`opener` is Pillow's format name for a still, FFmpeg's demuxer name for what has a length."""

    family: Literal["still", "timed"]
    format: str
    opener: str


MIME_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "bmp": "image/bmp",
    "webp": "image/webp",
    "gif": "image/gif",
    "heic": "image/heic",
    "avif": "image/avif",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "3gp": "video/3gpp",
    "webm": "video/webm",
    "mkv": "video/x-matroska",
    "avi": "video/x-msvideo",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "aac": "audio/aac",
    "aiff": "audio/aiff",
    "weba": "audio/webm",
    "mka": "audio/x-matroska",
}

HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis"}
AVIF_BRANDS = {b"avif", b"avis"}
OLD_QUICKTIME_BOXES = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}

# What people drop by mistake: (bytes it starts with, what it is)
_STRANGERS = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "an archive or an office document"),
    (b"\x1f\x8b", "an archive"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"II*\x00", "a TIFF or camera raw file"),
    (b"MM\x00*", "a TIFF or camera raw file"),
    (b"8BPS", "a Photoshop file"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"#EXTM3U", "a playlist that points at other files"),
    (b"ffconcat", "a playlist that points at other files"),
    (b"[playlist]", "a playlist that points at other files"),
    (b"FLV\x01", "an FLV clip"),
    (b"0&\xb2u\x8ef\xcf\x11", "a Windows Media file"),
)


def sniff(path: Path) -> Sniffed:
    """What the file is. Raises UnreadableMedia with a sentence that says what it is instead, and OSError."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise _refused("a device")  # opening one may wait for ever
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise UnreadableMedia("empty", "It is empty: it has no bytes at all. Choose the file again.")
    found = _still(head) or _timed(head)
    if found is None:
        raise _stranger(head)
    return found


def _still(head: bytes) -> Sniffed | None:
    if head.startswith(b"\xff\xd8\xff"):
        return Sniffed(family="still", format="jpeg", opener="JPEG")
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Sniffed(family="still", format="png", opener="PNG")
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Sniffed(family="still", format="webp", opener="WEBP")
    if head.startswith(b"BM") and head[14:18] in (b"\x0c\0\0\0", b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0"):
        return Sniffed(family="still", format="bmp", opener="BMP")
    if head.startswith((b"GIF87a", b"GIF89a")):
        return Sniffed(family="still", format="gif", opener="GIF")
    brands = _brands(head)
    if brands & AVIF_BRANDS:
        return Sniffed(family="still", format="avif", opener="AVIF")
    if brands & HEIC_BRANDS or head[8:12] in (b"mif1", b"msf1"):
        return Sniffed(family="still", format="heic", opener="HEIF")
    return None


def _timed(head: bytes) -> Sniffed | None:
    for matches, format_, demuxer in (
        (_is_iso(head), _iso_format(head), "mov"),
        (head.startswith(b"\x1a\x45\xdf\xa3"), "webm" if b"webm" in head[:64] else "mkv", "matroska"),
        (head.startswith((b"RIFF", b"RF64")) and head[8:12] == b"WAVE", "wav", "wav"),
        (head.startswith(b"RIFF") and head[8:12] == b"AVI ", "avi", "avi"),
        (head.startswith(b"FORM") and head[8:12] in (b"AIFF", b"AIFC"), "aiff", "aiff"),
        (head.startswith(b"fLaC"), "flac", "flac"),
        (head.startswith(b"OggS"), "ogg", "ogg"),
        (_is_adts(head), "aac", "aac"),
        (head.startswith(b"ID3") or _is_mpeg_audio(head), "mp3", "mp3"),
    ):
        if matches:
            return Sniffed(family="timed", format=format_, opener=demuxer)
    return None


def _brands(head: bytes) -> set[bytes]:
    """The major and compatible brands of an ISO media file."""
    if head[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(head[:4]), len(head), 256)
    return {head[8:12]} | {head[at : at + 4] for at in range(16, end - 3, 4)}


def _is_iso(head: bytes) -> bool:
    return head[4:8] == b"ftyp" or head[4:8] in OLD_QUICKTIME_BOXES


def _iso_format(head: bytes) -> str:
    if head[4:8] != b"ftyp" or head[8:12] == b"qt  ":
        return "mov"
    return "3gp" if head[8:11] in (b"3gp", b"3g2") else "mp4"


def _is_adts(head: bytes) -> bool:
    return len(head) > 7 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0


def _is_mpeg_audio(head: bytes) -> bool:
    """A frame of MPEG audio whose version, layer, bit rate and sample rate all exist."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    return version != 1 and layer != 0 and head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3


def _stranger(head: bytes) -> UnreadableMedia:
    for start, what in _STRANGERS:
        if head.startswith(start):
            return _refused(what)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<svg", b"<?xml")) and b"<svg" in text:
        return _refused("an SVG drawing")
    if text.startswith((b"<!doctype", b"<html", b"<?xml", b"<script")):
        return _refused("a web page")
    if b"\0" not in head:
        return _refused("plain text")
    if head[:1] == b"\0" and not head.strip(b"\0"):
        return UnreadableMedia("empty", "It holds nothing but zeros. Copy it from its source again.")
    sentence = f"It isn’t a picture, clip or sound that we know. {ACCEPTED}"
    return UnreadableMedia("format", sentence, measured="an unknown format")


def _refused(what: str) -> UnreadableMedia:
    return UnreadableMedia("format", f"It is {what}. {ACCEPTED}", measured=what)
