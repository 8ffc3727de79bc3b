"""Words of the create page: names read out, numbers with commas, where a finding points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django import template

from studio.briefs.tray import Place
from studio.forms.brief import REFERENCES, Finding

register = template.Library()

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
SHAPES = {"16:9": "cinema", "9:16": "phone", "1:1": "square", "4:3": "classic", "3:4": "portrait"}
STATES = {"ready": "ready", "set-aside": "set aside", "broken": "needs attention"}


@register.filter
def spoken(place: Place) -> str:
    """A tile as a screen reader says it: "Image 1, rabbit-turnaround.png, ready"."""
    length = ""
    if place.kind == "video" and place.file and (seconds := place.file.media.facts.get("duration")):
        length = f"{round(seconds)} seconds"
    parts = [place.label, place.name, length, "with a voice" if place.voice else "", STATES[place.state]]
    return ", ".join(part for part in parts if part)


@register.filter
def next_name(places: Iterable[Place]) -> str:
    """What a picture dropped now would be called."""
    return f"Image {sum(1 for place in places if place.label and place.kind == 'image') + 1}"


@register.filter
def shape_name(ratio: str) -> str:
    """What people call a shape: "16:9" is cinema."""
    return SHAPES.get(ratio, ratio)


@register.filter
def lower_words(listed: str) -> str:
    """ "0:14 to 0:24, Upright, MP4" inside a sentence: "0:14 to 0:24, upright, MP4"."""
    return ", ".join(each if each[1:2].isupper() else each.lower() for each in listed.split(", "))


@register.filter
def listed(words: Sequence[str]) -> str:
    """ "a first frame, a voice and the mark"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


@register.filter
def thousands(number: int) -> str:
    return f"{number:,}"


@register.filter
def things(count: int) -> str:
    """ "One thing", "Three things", for the head of a list of findings."""
    word = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return f"{word} thing{'' if count == 1 else 's'}"


@register.filter
def anchor(finding: Finding) -> str:
    """The id of what a finding is about."""
    if finding.field == REFERENCES:
        return f"tile-{finding.key}" if finding.key else "references"
    return finding.field


@register.filter
def lost_words(name: str) -> str:
    """What happened to a mention that reads "Image ?"."""
    return f"{'A picture' if name.startswith('Image') else 'A video'} that the prompt mentions was removed."
