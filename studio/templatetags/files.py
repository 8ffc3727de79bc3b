"""Words for library files: what stands under a tile, how a file is typed in a prompt, what was done to it."""

from __future__ import annotations

import re

from django import template
from django.urls import reverse
from django.utils import timezone

from studio.files import consent
from studio.files.shelf import Tile
from studio.forms.fix import BACKGROUNDS
from studio.models import LibraryFile, MediaFile
from studio.models.library import FileRole
from studio.templatetags.ui import file_size, long_duration
from studio.views.media import is_playable

register = template.Library()

TILE_KINDS = {"image": "picture", "video": "clip", "audio": "voice"}


@register.filter
def tile_kind(file: LibraryFile) -> str:
    """The word the stylesheet has for a kind: picture, clip or voice."""
    return TILE_KINDS[file.kind]


@register.simple_tag
def preview(file: LibraryFile, *variants: str) -> str:
    """The address of the first of these pictures that the file has; nothing if it has none."""
    found = next((name for name in variants if file.media.previews.get(name)), None)
    return reverse("studio:file-picture", args=[file.pk, found]) if found else ""


@register.filter
def plays(file: LibraryFile) -> bool:
    return is_playable(file.media)


@register.filter
def tile_line(tile: Tile) -> str:
    """The quiet line under a file: "Person · used in 14 clips"."""
    file = tile.file
    if file.fix:
        return f"Fixed copy{_kept(file)}"
    if tile.has_copy:
        return "Original of a fixed copy"
    if tile.rides_with:
        return f"Rides with {tile.rides_with}"
    role = file.get_role_display() if file.role else ""
    return " · ".join(filter(None, [role, used_words(tile.used_in)])).capitalize()


@register.filter
def consent_line(tile: Tile) -> str:
    """What a card says about a consent: "Person · consent ends 30 Nov", "Consent not noted"."""
    role = tile.file.get_role_display() if tile.file.consent_who and tile.file.role else ""
    line = " · ".join(filter(None, [role, tile.consent]))
    return line[:1].upper() + line[1:]


@register.filter
def consent_hint(file: LibraryFile | None) -> str:
    """The hint beside a reference; the sound of a voice is asked about in the library alone."""
    if file is None or (file.role == FileRole.VOICE and not file.consent_who):
        return ""
    return consent.hint(file, timezone.localdate())


@register.filter
def used_words(count: int) -> str:
    if not count:
        return "not used yet"
    return f"used in {count} {'clip' if count == 1 else 'clips'}"


@register.filter
def typed_as(file: LibraryFile) -> str:
    """How the file is called in a prompt: "Dawn meadow" is "@dawn-meadow"."""
    return "@" + (re.sub(r"[\W_]+", "-", file.name.lower()).strip("-") or "file")


@register.filter
def measured(stored: MediaFile) -> str:
    """Size in pixels, length and bytes: "2,048 × 2,048, 3.1 MB"."""
    facts = stored.facts
    width, height = facts.get("width"), facts.get("height")
    size = f"{width:,} × {height:,}" if width and height else ""
    length = long_duration(facts.get("duration")) if facts.get("duration") else ""
    return ", ".join(filter(None, [size, length, file_size(stored.size_bytes)]))


@register.filter
def things(count: int) -> str:
    """How many things stand in the way, as a sentence begins: "Three things stand"."""
    words = {1: "One thing stands", 2: "Two things stand", 3: "Three things stand", 4: "Four things stand"}
    return words.get(count, f"{count} things stand")


@register.filter
def swatch_name(colour: str) -> str:
    """The stylesheet's word for a background: "#e9e7e2" is "soft"."""
    return BACKGROUNDS.get(colour, ("soft", ""))[0]


def _kept(file: LibraryFile) -> str:
    """ " · 10 s of 42 s" where a stretch was kept."""
    original = file.fixed_from
    whole = original.media.facts.get("duration") if original else None
    kept = file.media.facts.get("duration")
    if not whole or not kept or whole - kept < 0.5:
        return ""
    return f" · {long_duration(kept)} of {long_duration(whole)}"
