"""Files that are small until they are opened (THREATS U-02), refused before a decoder sees them."""

from __future__ import annotations

import mmap
from pathlib import Path

from studio.media.errors import UnreadableMedia

MAX_PIXELS = 120_000_000
MAX_PICTURE_BYTES = 256 * 1024 * 1024
MAX_SIDE = 32_767
MAX_PNG_CHUNKS = 20_000
MAX_PNG_EXTRA_BYTES = 4 * 1024 * 1024
PNG_EXTRAS = {b"iCCP", b"zTXt", b"iTXt", b"tEXt"}
FEW_SCANS = 30
MAX_SCANNED_MEGAPIXELS = 2_000

TOO_HEAVY = (
    "It unfolds to far more than its size, so it wasn’t opened. Save it again from the program it came from."
)


def check_file(path: Path, format_: str) -> None:
    """Raise UnreadableMedia for a picture whose bytes promise far more work than they may cost."""
    if path.stat().st_size > MAX_PICTURE_BYTES:
        raise UnreadableMedia(
            "too_heavy", "It is over 256 MB, more than a picture can be. Save a smaller copy."
        )
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if format_ == "png":
            _check_png_chunks(data)
        elif format_ == "jpeg":
            _check_jpeg_scans(data)


def check_pixels(width: int, height: int) -> None:
    """Raise UnreadableMedia before a picture of this many pixels is decoded."""
    if width < 1 or height < 1:
        raise UnreadableMedia("unreadable", "It says it has no pixels. Choose another file.")
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise UnreadableMedia(
            "too_many_pixels",
            f"It is {width:,} × {height:,} pixels, more than can be opened here. "
            "Save it at 8,000 or less on each side.",
            measured=f"{width:,} × {height:,}",
        )


def _check_png_chunks(data: mmap.mmap) -> None:
    at, count, extras = 8, 0, 0
    while at + 8 <= len(data):
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        count += 1
        extras += length if name in PNG_EXTRAS else 0
        if count > MAX_PNG_CHUNKS or extras > MAX_PNG_EXTRA_BYTES:
            raise UnreadableMedia("too_heavy", TOO_HEAVY)
        if name == b"IEND":
            return
        at += length + 12


def _check_jpeg_scans(data: mmap.mmap) -> None:
    """Every scan of a progressive JPEG walks over all its pixels again."""
    scans, at = 0, data.find(b"\xff\xda")
    while at >= 0:
        scans += 1
        at = data.find(b"\xff\xda", at + 2)
    if scans > FEW_SCANS and scans * _jpeg_megapixels(data) > MAX_SCANNED_MEGAPIXELS / 10:
        raise UnreadableMedia("too_heavy", TOO_HEAVY)


def _jpeg_megapixels(data: mmap.mmap) -> float:
    """From the frame header; unreadable headers count as the largest picture."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 5 : at + 7]) * int.from_bytes(data[at + 7 : at + 9]) / 1e6
        at += 2 + length
    return MAX_PIXELS / 1e6
