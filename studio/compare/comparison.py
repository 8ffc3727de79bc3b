"""What an address of Compare asks for: which clips, how they are looked at, and how they run together.

Everything about the view lives in the address, so that a link shows a colleague the same. What makes no sense there
is left out, never a fault.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from studio.http import read_uuid

SLOTS = ("a", "b", "c", "d")
VIEWS = {
    "side": "Side by side",
    "wipe": "Wipe",
    "overlap": "Overlap",
    "flip": "Flip",
    "grid": "Grid",
}
SPEEDS = ("0.1", "0.25", "0.5", "0.75", "1", "1.5", "2")
MOST_FRAMES = 9999
LONGEST_SEARCH = 200


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Checked. `clips` by slot, without a gap. `offsets` are whole frames of the slot's own clip, ahead of the rest.

    `split` and `mix` are percent. `sound` is the slot that is heard, or nothing. `against` is the slot whose recipe is
    compared with the first. `find` searches for a clip to put in slot `at`.
    """

    clips: Mapping[str, UUID] = field(default_factory=dict)
    view: str = "side"
    sound: str = "b"
    offsets: Mapping[str, int] = field(default_factory=dict)
    way: str = "across"
    split: int = 50
    mix: int = 50
    blend: str = "blend"
    beat: str = "hand"
    speed: str = "1"
    loops: bool = True
    frame: int = 0
    against: str = "b"
    find: str = ""
    at: str = ""

    @property
    def slots(self) -> tuple[str, ...]:
        return tuple(self.clips)

    @property
    def free_slot(self) -> str:
        """The slot that the next clip goes to; empty when all are taken."""
        return SLOTS[len(self.clips)] if len(self.clips) < len(SLOTS) else ""

    def offset(self, slot: str) -> int:
        return self.offsets.get(slot, 0)

    def put(self, slot: str, clip: UUID) -> Comparison:
        """The same with this clip in a slot. Its offset began with the clip before, and goes."""
        offsets = {name: count for name, count in self.offsets.items() if name != slot}
        return replace(self, clips={**self.clips, slot: clip}, offsets=offsets, find="", at="")

    def without(self, slot: str) -> Comparison:
        """The same without a clip; those after it move up."""
        kept = [clip for name, clip in self.clips.items() if name != slot]
        return replace(self, clips=dict(zip(SLOTS, kept, strict=False)), offsets={}, find="", at="")

    def as_query(self) -> str:
        """The address part that asks for this; what is as usual is left out."""
        usual = Comparison()
        said: dict[str, object] = dict(self.clips.items())
        said["view"] = self.view
        for name in ("sound", "way", "split", "mix", "blend", "beat", "speed", "frame", "against"):
            if getattr(self, name) != getattr(usual, name):
                said[name] = "none" if getattr(self, name) == "" else getattr(self, name)
        if not self.loops:
            said["loop"] = 0
        said |= {f"offset_{slot}": count for slot, count in self.offsets.items() if count}
        return urlencode(said)


def read(query: QueryDict) -> Comparison:
    usual = Comparison()
    found = [clip for slot in SLOTS if (clip := read_uuid(query.get(slot)))]
    clips = dict(zip(SLOTS, found, strict=False))
    offsets = {slot: _whole(query.get(f"offset_{slot}"), 0, -MOST_FRAMES, MOST_FRAMES) for slot in clips}
    return Comparison(
        clips=clips,
        view=_known(query.get("view"), VIEWS) or usual.view,
        sound=_sound(query.get("sound"), clips),
        offsets={slot: count for slot, count in offsets.items() if count},
        way=_known(query.get("way"), {"down"}) or usual.way,
        split=_whole(query.get("split"), usual.split, 0, 100),
        mix=_whole(query.get("mix"), usual.mix, 0, 100),
        blend=_known(query.get("blend"), {"difference"}) or usual.blend,
        beat=_known(query.get("beat"), {"second"}) or usual.beat,
        speed=_known(query.get("speed"), SPEEDS) or usual.speed,
        loops=query.get("loop") != "0",
        frame=_whole(query.get("frame"), 0, 0, MOST_FRAMES),
        against=_known(query.get("against"), set(clips) - {"a"}) or usual.against,
        find=" ".join(query.get("find", "").replace("\0", " ").split())[:LONGEST_SEARCH],
        at=_known(query.get("at"), SLOTS),
    )


def _sound(word: str | None, clips: Mapping[str, UUID]) -> str:
    """The side that was asked for; else the second, which is the newer one; a lone clip is heard itself."""
    if word == "none":
        return ""
    return _known(word, clips) or ("b" if "b" in clips else "a")


def _known(word: str | None, words: Container[str]) -> str:
    return word if word and word in words else ""


def _whole(text: str | None, otherwise: int, least: int, most: int) -> int:
    digits = (text or "").removeprefix("-")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 6:
        return otherwise
    return min(max(int(text or 0), least), most)
