"""From a saved brief to a recipe, which the form has checked; and what the brief is after the press."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from studio import mentions, recipes
from studio.briefs.tray import Tray
from studio.models import Brief, GenerationTask, LibraryFile

TITLE_LONG = 48
CLAUSE_LONG = 16
UNTITLED = "Untitled clip"
SHOT_MARK = re.compile(r"^\s*shot\s*1\s*(\[[^\]]*\])?\s*:?", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?;:])\s")
LEADS_ON = re.compile(
    r"(\s(a|an|the|and|or|of|on|in|at|to|by|as|with|for|from|into|onto|over|under|around|its|his|her|their))+$",
    re.IGNORECASE,
)
SHAPES = {"16:9": 16 / 9, "9:16": 9 / 16, "1:1": 1.0, "4:3": 4 / 3, "3:4": 3 / 4}


def recipe_of(brief: Brief, tray: Tray, checked: dict[str, Any]) -> recipes.Recipe:
    """What is frozen. References that are set aside stay out; what the provider lacks is kept, and not sent."""
    ratio = (
        shape_of(tray.first_frame)
        if tray.first_frame and checked["follows_first_frame"]
        else checked["ratio"]
    )
    return recipes.Recipe(
        title=title_of(brief, tray),
        prompt=checked["prompt"],
        references=tuple(
            recipes.ReferenceChoice(key=place.key, file=place.file, name=place.name, voice=place.voice)
            for place in tray.usable
            if place.file
        ),
        first_frame=tray.first_frame,
        seed=checked["seed"] if checked["seed_kind"] == "fixed" else None,
        settings=recipes.Settings(
            negative_prompt=checked["negative_prompt"],
            resolution=checked["resolution"],
            ratio=ratio,
            duration=checked["duration"],
            prompt_extend=checked["prompt_extend"],
            watermark=checked["watermark"],
            shot_type=checked["shot_type"],
        ),
    )


def bind(brief: Brief, tasks: Sequence[GenerationTask], token: UUID) -> None:
    """The next press belongs to the same shot and is a new press. Only the first of equal presses does this."""
    Brief.objects.filter(pk=brief.pk, send_token=token).update(
        send_token=uuid4(),
        shot=tasks[0].version.shot,
        title=tasks[0].version.shot.title,
        sent_at=timezone.now(),
    )
    brief.refresh_from_db()


def title_of(brief: Brief, tray: Tray) -> str:
    """The name people gave it, else how the first sentence begins, with the files' own names."""
    if brief.title:
        return brief.title
    names = {place.key: place.name for place in tray.places}
    text = mentions.TOKEN.sub(lambda match: names.get(match.group(1), ""), SHOT_MARK.sub("", brief.prompt))
    sentence = SENTENCE_END.split(" ".join(text.split()), maxsplit=1)[0]
    title = _shortened(sentence).rstrip(",.;:!?")
    return title[:1].upper() + title[1:] or UNTITLED


def _shortened(sentence: str) -> str:
    """As much as a title holds, ended at a comma if there is one late enough, and on no word that leads to the next."""
    if len(sentence) <= TITLE_LONG:
        return sentence
    cut = textwrap.shorten(sentence, TITLE_LONG, placeholder="")
    clause = cut.rpartition(",")[0]
    return clause if len(clause) >= CLAUSE_LONG else LEADS_ON.sub("", cut)


def shape_of(picture: LibraryFile) -> str:
    """The shape that comes closest to a picture's own."""
    facts = picture.media.facts
    width, height = facts.get("width") or 16, facts.get("height") or 9
    return min(SHAPES, key=lambda name: abs(SHAPES[name] - width / height) / SHAPES[name])
