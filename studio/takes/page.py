"""What a take's own page shows: the sentence with its pictures, the recipe, what happened, its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from studio import mentions, words
from studio.models import GenerationTask, Reference, Version
from studio.takes import faults
from studio.takes.cards import Card
from studio.takes.timeline import About, timeline
from studio.templatetags.ui import file_size, long_duration

EVENTS_SHOWN = 200
CODEC_NAMES = {"h264": "H.264", "hevc": "H.265"}


@dataclass(frozen=True)
class Piece:
    """A stretch of the sentence; with a reference it is a chip."""

    text: str
    reference: Reference | None = None


def clip_context(card: Card) -> dict[str, Any]:
    task, version = card.task, card.task.version
    faults.preload_all([task])
    references = list(version.references.all())
    events = list(task.events.select_related("actor").order_by("pk")[:EVENTS_SHOWN])
    return {
        "card": card,
        "task": task,
        "version": version,
        "references": references,
        "voices": [reference for reference in references if reference.voice],
        "sentence": sentence(version, references),
        "facts": facts(card),
        "moments": timeline(_about(card), events),
        "attempts": list(task.attempts.select_related("connection_key").order_by("number")),
        "charges": card.known.charges,
        "takes": list(
            GenerationTask.objects.filter(version=version, binned_at=None)
            .order_by("number")
            .values_list("number", "task_id")
        ),
        "versions": _other_versions(version),
    }


def _about(card: Card) -> About:
    story = card.story
    return About(task=card.task, capability=card.capability, lead=story.lead, rest=story.rest)


def sentence(version: Version, references: Sequence[Reference]) -> list[Piece]:
    """The stored prompt in stretches: words, and mentions with what they name."""
    named = {reference.key: reference for reference in references}
    labels = mentions.labels([mentions.Named(key=r.key, kind=r.kind) for r in references])
    pieces: list[Piece] = []
    for position, text in enumerate(mentions.TOKEN.split(version.prompt)):
        if position % 2 == 0:
            pieces += [Piece(text)] if text else []
        else:
            pieces.append(Piece(labels.get(text, "Image ?"), named.get(text)))
    return pieces


def facts(card: Card) -> list[tuple[str, str]]:
    """How it was made, as label and value."""
    task, version, clip = card.task, card.task.version, card.task.clip
    capability = card.capability
    told = [
        ("Made with", capability.label),
        ("Cost", words.cost_fact(card.known)),
        ("Picture", _picture(version, task)),
        ("Length", _length(version, task)),
    ]
    if task.seed is not None:
        told.append(("Seed", f"{task.seed:,}".replace(",", " ")))
    if capability.accepts_prompt_extend:
        told.append(("Prompt polished", "Yes" if version.prompt_extend else "No"))
    if capability.accepts_watermark:
        told.append(("AI mark", "Yes" if version.watermark else "No"))
    if capability.accepts_shot_type:
        told.append(("Shots", version.get_shot_type_display()))
    if task.making_seconds:
        told.append(("Took", long_duration(task.making_seconds)))
    if clip:
        sound = f", {clip.audio_codec.upper()}" if clip.audio_codec else ", no sound"
        told.append(("Film", f"{CODEC_NAMES.get(clip.video_codec, clip.video_codec.upper())}{sound}"))
    return told


def _picture(version: Version, task: GenerationTask) -> str:
    size = f", {task.clip.width} × {task.clip.height}" if task.clip else ""
    return f"{version.get_resolution_display()}, {version.ratio}{size}"


def _length(version: Version, task: GenerationTask) -> str:
    if task.clip is None:
        return f"{version.duration} s"
    return f"{task.clip.duration:.4g} s, {task.clip.fps:.4g} fps, {file_size(task.clip.size_bytes)}"


def _other_versions(version: Version) -> list[tuple[int, Any]]:
    """Each other version of the shot that has a take outside the bin, with its newest take."""
    rows = (
        GenerationTask.objects.filter(version__shot=version.shot_id, binned_at=None)
        .exclude(version=version)
        .order_by("version__number", "-pk")
        .values_list("version__number", "task_id")
    )
    newest: dict[int, Any] = {}
    for number, task_id in rows:
        newest.setdefault(number, task_id)
    return sorted(newest.items())
