"""What a press in the tray does. Every change can be taken back once.

A press is a line: `put PLACE FILE`, `remove KEY`, `earlier KEY`, `later KEY`, `order KEY,KEY,KEY`,
`drop first_frame`, `drop voice:KEY`, `original PLACE`, `undo CHANGE`. PLACE is `tray`, `first_frame`, `voice:KEY` or
`replace:KEY`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from studio import mentions
from studio.briefs import undoing
from studio.briefs.tray import PLACES_AT_MOST, Tray
from studio.models import Brief, LibraryFile

TILES_AT_MOST = 10


class CannotChange(Exception):
    """The tray stays as it was. The sentence is for people."""


def change(brief: Brief, tray: Tray, line: str, file: LibraryFile | None = None) -> str:
    """Change the unsaved brief as the line says, and answer with the words for it. Raises CannotChange.

    `file` is the library file that `put` names, already looked up with the person's rights.
    """
    verb, _, rest = line.partition(" ")
    if verb == "undo":
        return _undo(brief, rest)
    before = undoing.state(brief)
    if verb == "put":
        words = _put(brief, tray, rest.partition(" ")[0], file)
    elif verb in CHANGES:
        words = CHANGES[verb](brief, tray, rest)
    else:
        raise CannotChange("That can’t be done here.")
    undoing.remember(brief, before, words)
    return words


def _put(brief: Brief, tray: Tray, place: str, file: LibraryFile | None) -> str:
    if file is None:
        raise CannotChange("This file isn’t in the library any more.")
    where, _, key = place.partition(":")
    if file.kind == "audio" and where in {"tray", "replace"}:
        where, key = "voice", key or _voiceless(brief)
    if where == "tray":
        return _add(brief, tray, file)
    if where == "first_frame":
        if file.kind != "image":
            raise CannotChange(f"{file.name} is not a picture. A first frame is one picture.")
        brief.first_frame = str(file.pk)
        return f"{file.name} opens the clip."
    entry = _entry(brief, key)
    if where == "voice":
        if file.kind != "audio":
            raise CannotChange(f"{file.name} is not a sound. A voice is a WAV or MP3.")
        entry["voice"] = str(file.pk)
        return f"{file.name} is the voice of {_title(tray, key)}."
    if where != "replace":
        raise CannotChange("That can’t be done here.")
    entry.update(file=str(file.pk), name=file.name, kind=file.kind)
    return f"{_title(tray, key)} is now {file.name}."


def _add(brief: Brief, tray: Tray, file: LibraryFile) -> str:
    if any(entry["file"] == str(file.pk) for entry in brief.tray):
        return f"{file.name} is in the tray already."
    if len(tray.usable) >= PLACES_AT_MOST or len(brief.tray) >= TILES_AT_MOST:
        raise CannotChange(
            "The tray is full. Five pictures and videos together is the most the model can follow. "
            f"Remove one to add {file.name}."
        )
    key = mentions.new_key([entry["key"] for entry in brief.tray] + mentions.mentioned_keys(brief.prompt))
    voice = str(file.voice_id) if file.voice_id else ""
    entry = {"key": key, "file": str(file.pk), "voice": voice, "name": file.name, "kind": file.kind}
    brief.tray = [*brief.tray, entry]
    return f"{file.name} added."


def _remove(brief: Brief, tray: Tray, key: str) -> str:
    _entry(brief, key)
    title, name = _title(tray, key), next(place.name for place in tray.places if place.key == key)
    brief.tray = [entry for entry in brief.tray if entry["key"] != key]
    return f"Removed {title}, {name}." if title != name else f"Removed {name}."


def _order(brief: Brief, tray: Tray, keys: str) -> str:
    """The places in the order given; those that the line does not name keep theirs behind them."""
    wanted = {key: index for index, key in enumerate(keys.split(","))}
    brief.tray = sorted(brief.tray, key=lambda entry: wanted.get(entry["key"], len(wanted)))
    return "References reordered. The names in your prompt moved along."


def _earlier(brief: Brief, tray: Tray, key: str) -> str:
    return _moved(brief, tray, key, -1)


def _later(brief: Brief, tray: Tray, key: str) -> str:
    return _moved(brief, tray, key, 1)


def _moved(brief: Brief, tray: Tray, key: str, step: int) -> str:
    keys = [entry["key"] for entry in brief.tray]
    _entry(brief, key)
    here = keys.index(key)
    there = min(max(here + step, 0), len(keys) - 1)
    keys.insert(there, keys.pop(here))
    return _order(brief, tray, ",".join(keys))


def _drop(brief: Brief, tray: Tray, place: str) -> str:
    where, _, key = place.partition(":")
    if where == "first_frame":
        brief.first_frame = ""
        return "Removed the first frame."
    if where != "voice":
        raise CannotChange("That can’t be done here.")
    _entry(brief, key)["voice"] = ""
    return f"Removed the voice of {_title(tray, key)}."


def _original(brief: Brief, tray: Tray, place: str) -> str:
    """The original of a fixed copy takes its place again, under the same key and so with the same mentions."""
    where, _, key = place.partition(":")
    if where == "first_frame":
        brief.first_frame = str(_source(tray, brief.first_frame).pk)
        return "The first frame is the original again."
    entry = _entry(brief, key)
    if where == "voice":
        entry["voice"] = str(_source(tray, entry.get("voice", "")).pk)
        return f"The voice of {_title(tray, key)} is the original again."
    if where != "replace":
        raise CannotChange("That can’t be done here.")
    copy, original = tray.files.get(entry["file"]), _source(tray, entry["file"])
    entry.update(file=str(original.pk), kind=original.kind)
    if copy and entry["name"] == copy.name and not copy.fix.get("unasked"):
        entry["name"] = original.name
    return f"{_title(tray, key)} is the original again."


def _source(tray: Tray, file_id: str) -> LibraryFile:
    copy = tray.files.get(file_id)
    original = copy.fixed_from if copy else None
    if original is None or original.deleted_at:
        raise CannotChange("The original isn’t in the library any more.")
    return original


def _undo(brief: Brief, change: str) -> str:
    try:
        undoing.take_back(brief, change, timezone.now())
    except undoing.NotTakenBack as why:
        raise CannotChange(str(why)) from why
    return "Taken back."


def _entry(brief: Brief, key: str) -> dict[str, str]:
    for entry in brief.tray:
        if entry["key"] == key:
            return _copied(brief, key)
    raise CannotChange("This reference isn’t in the tray any more.")


def _copied(brief: Brief, key: str) -> dict[str, str]:
    """The same entry in a copied list, so that a change of it is a change of the brief alone."""
    brief.tray = [dict(each) for each in brief.tray]
    return next(each for each in brief.tray if each["key"] == key)


def _voiceless(brief: Brief) -> str:
    """The reference that a dropped sound belongs to: the first without a voice."""
    for entry in brief.tray:
        if not entry.get("voice"):
            return str(entry["key"])
    raise CannotChange("A voice belongs to a reference. Add a picture or a clip first.")


def _title(tray: Tray, key: str) -> str:
    return next((place.title for place in tray.places if place.key == key), "a reference")


CHANGES: dict[str, Callable[[Brief, Tray, str], str]] = {
    "remove": _remove,
    "order": _order,
    "earlier": _earlier,
    "later": _later,
    "drop": _drop,
    "original": _original,
}
