"""Names of files, as people read them and as every computer takes them. Stored names are never made of these."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 120
LONGEST_ORIGINAL = 255
_UNWANTED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_NOT_ON_EVERY_DISK = re.compile(r'[<>:"/\\|?*]+')
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def original_name(sent: str) -> str:
    """The name a browser sent, without folders, control characters and marks that turn text around."""
    last = re.split(r"[/\\]", sent)[-1]
    return _clean(last)[-LONGEST_ORIGINAL:] or "file"


def display_name(original: str) -> str:
    """What a new file is called in the library: its name without the ending, "IMG_4410.MOV" is "IMG_4410"."""
    stem, dot, ending = original.rpartition(".")
    name = stem if dot and stem.strip(". ") and len(ending) <= 5 else original
    return name.strip(" .")[:LONGEST_NAME].strip() or "File"


def typed_name(text: str) -> str:
    """A name as a person typed it, on one line. Empty if nothing readable is left."""
    return _clean(text)[:LONGEST_NAME].strip()


def download_name(stem: str, extension: str) -> str:
    """A name that Windows, macOS and Linux can store, with the ending that the bytes deserve."""
    safe = _NOT_ON_EVERY_DISK.sub(" ", _clean(stem))
    safe = " ".join(safe.split())[:100].strip(" .")
    if not safe or safe.partition(".")[0].lower() in _RESERVED:
        safe = f"file {safe}".strip()
    return f"{safe}.{extension}"


def numbered(name: str, taken: set[str], *, end: str = "") -> str:
    """The name with its end (", fixed"), or with "2", "3" … behind it if others have it already.

    What is too long is cut from the name: end and number stay.
    """
    candidate, number = _ended(name, end), 2
    while candidate in taken:
        candidate, number = _ended(name, f"{end} {number}"), number + 1
    return candidate


def _ended(name: str, end: str) -> str:
    return f"{name[: LONGEST_NAME - len(end)].rstrip()}{end}"


def _clean(text: str) -> str:
    kept = "".join(
        " " if letter.isspace() else letter
        for letter in unicodedata.normalize("NFC", text)
        if letter.isspace() or unicodedata.category(letter) not in _UNWANTED
    )
    return " ".join(kept.split())
