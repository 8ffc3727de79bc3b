"""Looking at a still picture: open it by its one format, measure the header, then decode it to the end.

Runs in the child. The checks of `bombs.py` come first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import ExifTags, Image, PngImagePlugin

from studio.media import bombs
from studio.media.errors import UnreadableMedia
from studio.media.facts import Facts
from studio.media.sniff import MIME_TYPES, Sniffed

Image.MAX_IMAGE_PIXELS = None  # `bombs.check_pixels` is asked instead, which knows the size to name
PngImagePlugin.MAX_TEXT_MEMORY = bombs.MAX_PNG_EXTRA_BYTES

# EXIF orientation: (clockwise turn that makes it upright, mirrored)
TURNS = {
    2: (0, True),
    3: (180, False),
    4: (180, True),
    5: (90, True),
    6: (90, False),
    7: (270, True),
    8: (270, False),
}

CUT = "It seems cut off, as if its download stopped early. Copy it from its source again."
BROKEN = "Its content can’t be read. Open it in another program and save it again."


def look(path: Path, sniffed: Sniffed) -> Facts:
    """The facts of a picture. Raises UnreadableMedia."""
    bombs.check_file(path, sniffed.format)
    with opened(path, sniffed) as picture:
        rotation, mirrored = turn_of(picture)
        width, height = picture.size
        animated = bool(getattr(picture, "is_animated", False)) and sniffed.format != "jpeg"
        has_alpha = _has_alpha(picture)
        see_through = _decode(picture, has_alpha=has_alpha)
        if rotation in (90, 270):
            width, height = height, width
        return Facts(
            kind="image",
            format=sniffed.format,
            mime=MIME_TYPES[sniffed.format],
            size_bytes=path.stat().st_size,
            width=width,
            height=height,
            rotation=rotation,
            mirrored=mirrored,
            has_alpha=has_alpha,
            see_through=see_through,
            animated=animated,
        )


@contextmanager
def opened(path: Path, sniffed: Sniffed) -> Iterator[Image.Image]:
    """The picture, opened with its one format and small enough to be decoded. Pillow's many ways of giving
    up become UnreadableMedia, also those that come later from within the block."""
    if sniffed.opener == "HEIF":
        _learn_heif()
    try:
        with Image.open(path, formats=[sniffed.opener]) as picture:
            bombs.check_pixels(*picture.size)
            yield picture
    except OSError as error:
        cut = "truncated" in str(error).lower() and not _has_its_end(path, sniffed.format)
        raise UnreadableMedia("cut" if cut else "unreadable", CUT if cut else BROKEN) from error
    except ValueError as error:
        heavy = "too large" in str(error)  # text or a profile that unfolds beyond Pillow's limits
        raise UnreadableMedia(*("too_heavy", bombs.TOO_HEAVY) if heavy else ("unreadable", BROKEN)) from error
    except (SyntaxError, EOFError, IndexError, KeyError, TypeError, ArithmeticError) as error:
        raise UnreadableMedia("unreadable", BROKEN) from error


def _has_its_end(path: Path, format_: str) -> bool:
    """True if the mark that ends such a file is there, so that what is wrong is in the middle."""
    mark = {"jpeg": b"\xff\xd9", "png": b"IEND"}.get(format_)
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 4096, 0))
        return mark is not None and mark in file.read()


def turn_of(picture: Image.Image) -> tuple[int, bool]:
    """The turn the file asks for; (0, False) if it asks for none, or for one that does not exist."""
    return TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1), (0, False))


def _learn_heif() -> None:
    """Teach Pillow HEIC. Only when asked for, because the library takes a while to load."""
    import pillow_heif

    pillow_heif.register_heif_opener()


def _has_alpha(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info


def _decode(picture: Image.Image, *, has_alpha: bool) -> bool:
    """Decode every byte. True if some pixel lets the background through."""
    if picture.format in ("JPEG", "MPO"):  # some phones keep a second picture behind the first
        # An eighth of each side: the same bytes are read and found complete in a quarter of the time.
        picture.draft(picture.mode, (picture.width // 8 or 1, picture.height // 8 or 1))
    picture.load()
    if not has_alpha:
        return False
    alpha = (picture if picture.mode in ("RGBA", "LA") else picture.convert("RGBA")).getchannel("A")
    darkest, _ = alpha.getextrema()
    return bool(isinstance(darkest, int | float) and darkest < 255)
