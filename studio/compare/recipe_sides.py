"""A take's recipe as it is compared with another's: its prompt, its references and its settings in words."""

from __future__ import annotations

from studio import mentions
from studio.compare.recipe_diff import Side, Used, Value
from studio.models import Reference
from studio.takes.cards import Card
from studio.words.costs import ready_cost

NOT_USED = "Not used"


def side_of(card: Card) -> Side:
    """With the prompt and the references these are the thirteen settings of a take."""
    version = card.task.version
    references = list(version.references.all())
    return Side(
        prompt=version.prompt,
        references=tuple(
            Used(key=each.key, kind=each.kind, name=each.name, content=each.media_id) for each in references
        ),
        settings=(*_of_the_take(card), *_of_the_version(card, references)),
    )


def _of_the_take(card: Card) -> tuple[Value, ...]:
    version, seed = card.task.version, card.task.seed
    cost = ready_cost(card.known)
    return (
        Value(name="Quality, cost", words=f"{version.get_resolution_display()}, {cost}"),
        Value(name="Seed", words="Not fixed" if seed is None else f"{seed:,}".replace(",", "\u2009")),
        Value(name="Made with", words=card.capability.label),
    )


def _of_the_version(card: Card, references: list[Reference]) -> tuple[Value, ...]:
    version, can = card.task.version, card.capability
    first = version.first_frame
    return (
        Value(name="Length", words=f"{version.duration} s"),
        Value(name="Shape", words=version.ratio),
        Value(
            name="First frame",
            words=first.name if first else "None",
            identity=first.media_id if first else "",
        ),
        _voices(references),
        Value(name="Keep out", words=version.negative_prompt or "Nothing"),
        Value(name="Prompt polished", words=_yes(version.prompt_extend, can.accepts_prompt_extend)),
        Value(name="AI mark", words=_yes(version.watermark, can.accepts_watermark)),
        Value(name="Shots", words=version.get_shot_type_display() if can.accepts_shot_type else NOT_USED),
    )


def _voices(references: list[Reference]) -> Value:
    names = mentions.labels([mentions.Named(key=each.key, kind=each.kind) for each in references])
    spoken = [(names[each.key], each.voice) for each in references if each.voice]
    return Value(
        name="Voices",
        words=", ".join(f"{name}: {voice.name}" for name, voice in spoken) or "None",
        identity=" ".join(f"{name}={voice.media_id}" for name, voice in spoken),
    )


def _yes(is_on: bool, is_offered: bool) -> str:
    if not is_offered:
        return NOT_USED
    return "Yes" if is_on else "No"
