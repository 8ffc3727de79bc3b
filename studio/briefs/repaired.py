"""What was repaired on a file that lies in a brief, and whether its original could be used instead."""

from __future__ import annotations

from dataclasses import dataclass

from studio import media
from studio.files import uploads
from studio.models import LibraryFile
from studio.providers.base import Capability


@dataclass(frozen=True, kw_only=True)
class Repaired:
    """`done` says what was done ("JPEG, Upright"); `is_unasked` where nobody had to ask for it.

    `is_usable`: the original can be used as it is, so going back to it costs nothing.
    """

    done: str
    is_unasked: bool
    is_usable: bool


def repaired(file: LibraryFile | None, use: media.Use, capability: Capability) -> Repaired | None:
    """Nothing for a file that is no fixed copy, or whose original has left the library."""
    original = file.fixed_from if file else None
    if file is None or original is None or original.deleted_at:
        return None
    return Repaired(
        done=", ".join(file.fix.get("done", [])),
        is_unasked=bool(file.fix.get("unasked")),
        is_usable=uploads.verdict_for(original, use, capability).outcome == media.Outcome.ACCEPT,
    )
