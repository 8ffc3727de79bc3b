"""Presses that change words or a number for people without scripts; with them the page does it by itself."""

from __future__ import annotations

from studio import mentions
from studio.briefs.saving import PROMPT_KEEPS
from studio.briefs.tray import Tray
from studio.models import Brief

VERBS = ("names", "words", "forget", "length")


def reword(brief: Brief, tray: Tray, line: str) -> str:
    """Carry out `names Image 4=Image 2`, `names Image 4=`, `words`, `forget` or `length 10`."""
    verb, _, rest = line.partition(" ")
    if verb == "names":
        return _rename(brief, tray, *rest.partition("=")[::2])
    if verb == "length":
        brief.settings["duration"] = rest[:4]
        return f"The length is {rest[:4]} seconds now."
    other = str(brief.settings.pop("other", ""))
    if verb == "words" and other:
        brief.settings["other"], brief.prompt = brief.prompt, other
        return "These are the other words."
    return "Kept as it is."


def _rename(brief: Brief, tray: Tray, name: str, other: str) -> str:
    text = mentions.to_display(brief.prompt, tray.numbered, gone=tray.gone)
    text = mentions.renamed(text, name, other)[:PROMPT_KEEPS]
    brief.prompt = mentions.to_stored(text, tray.numbered, gone=tray.gone)
    return f"{name} is now {other}." if other else f"Took {name} out of the prompt."
