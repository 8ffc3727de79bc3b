"""Which input an answer points at. A text names a place ("#i2": the second picture); the request knows its key.

Places: "prompt", "first_frame", "#i2" and "#v1" (second picture, first clip), "#m3" (third medium as sent, the first
frame counted), "#u" and eight hex digits (an address), "voice:#m3". They are short, so that a place can be kept with
a task until its request is at hand.
"""

from __future__ import annotations

import hashlib
import re

from studio.providers.base import ReferenceInput, VideoRequest

FIRST_FRAME, PROMPT, VOICE = "first_frame", "prompt", "voice:"

_ADDRESS = re.compile(r"(?:https?|oss)://[^\s\"'<>)\]]+", re.IGNORECASE)
_LISTED = re.compile(r"reference_(image|video)s?[\[.\s]+(\d{1,2})", re.IGNORECASE)
_MEDIUM = re.compile(r"\bmedia[\[.\s]+(\d{1,2})\]?(\.reference_voice)?", re.IGNORECASE)
_LABEL = re.compile(
    r"\b(image|video)\s*#?\s*([1-9])\b(?!\s*(?:s|sec|second|frame|px|mb)|[.:\d])", re.IGNORECASE
)
_FRAME = re.compile(r"\bfirst[ _-]frame", re.IGNORECASE)
_PROMPT = re.compile(r"\bprompt\b", re.IGNORECASE)


def place_in(said: str) -> str:
    """The place a provider's text points at, or nothing."""
    if found := _ADDRESS.search(said):
        return _address(found[0].rstrip(".,;"))
    if found := _LISTED.search(said):
        return f"#{found[1][0].lower()}{int(found[2]) + 1}"
    if found := _MEDIUM.search(said):
        return f"{VOICE if found[2] else ''}#m{int(found[1]) + 1}"
    if found := _LABEL.search(said):
        return f"#{found[1][0].lower()}{found[2]}"
    if _FRAME.search(said):
        return FIRST_FRAME
    return PROMPT if _PROMPT.search(said) else ""


def fault_in(place: str, request: VideoRequest) -> str:
    """The fault of a ProviderError for a place: the key of a reference, "voice:KEY", "first_frame", "prompt" or ""."""
    if place.startswith("#u"):
        return _fault_at(place, request)
    if place == FIRST_FRAME:
        return place if request.first_frame_url else ""
    named = place.removeprefix(VOICE)
    if named[:1] != "#" or not named[2:].isdigit():
        return place if place == PROMPT else ""
    number = int(named[2:]) - 1
    if named[1] == "m":
        return _medium(number, request, prefix=VOICE if place.startswith(VOICE) else "")
    kind = {"i": "image", "v": "video"}.get(named[1])
    return _key([each for each in request.references if each.kind == kind], number)


def _medium(number: int, request: VideoRequest, *, prefix: str) -> str:
    if request.first_frame_url:
        if number == 0:
            return FIRST_FRAME
        number -= 1
    key = _key(list(request.references), number)
    return f"{prefix}{key}" if key else ""


def _key(references: list[ReferenceInput], number: int) -> str:
    return references[number].key if 0 <= number < len(references) else ""


def _fault_at(place: str, request: VideoRequest) -> str:
    if request.first_frame_url and _address(request.first_frame_url) == place:
        return FIRST_FRAME
    for reference in request.references:
        if _address(reference.url) == place:
            return reference.key
        if reference.voice_url and _address(reference.voice_url) == place:
            return f"{VOICE}{reference.key}"
    return ""


def _address(url: str) -> str:
    """Without its query, which changes with every signature."""
    return "#u" + hashlib.sha256(url.partition("?")[0].encode(errors="replace")).hexdigest()[:8]
