"""What a client is told of how a clip was made: the sentence, the references by name, the settings. Never the price."""

from __future__ import annotations

from dataclasses import dataclass

from studio import mentions
from studio.connections.provider_accounts import capability_for
from studio.models import GenerationTask


@dataclass(frozen=True, kw_only=True)
class Making:
    sentence: str
    references: list[str]
    facts: list[tuple[str, str]]


def making_of(task: GenerationTask) -> Making:
    version = task.version
    references = list(version.references.all())
    labels = mentions.labels([mentions.Named(key=each.key, kind=each.kind) for each in references])
    sentence = mentions.TOKEN.sub(lambda found: labels.get(found[1], "Image ?"), version.prompt)
    facts = [
        ("Made with", capability_for(task.connection).label),
        ("Picture", f"{version.get_resolution_display()}, {version.ratio}"),
        ("Length", f"{version.duration} s"),
    ]
    if task.seed is not None:
        facts.append(("Seed", str(task.seed)))
    return Making(
        sentence=sentence,
        references=[f"{labels.get(each.key, 'Image ?')}: {each.name}" for each in references],
        facts=facts,
    )
