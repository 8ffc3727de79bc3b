"""Versions of one shot whose takes have films of our own making: what Compare is tried on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from tests.e2e.studio_process import LiveStudio

PLANT = """
import json
from studio.recipes import Settings
from tests.e2e import inside
shot = None
for version in json.loads({versions!r}):
    settings = Settings(duration=5, resolution=version["resolution"])
    tasks = inside.plant_ready({title!r}, version["films"], prompt=version["prompt"], shot=shot, settings=settings)
    shot = tasks[0].version.shot
    print(*[task.task_id for task in tasks])
"""


@dataclass(frozen=True, kw_only=True)
class Planted:
    """A version to plant: "@" in the prompt is the mention of its one picture; a take for each film."""

    prompt: str
    films: Sequence[str]
    resolution: str = "720p"


def plant_versions(studio: LiveStudio, title: str, versions: Sequence[Planted]) -> list[list[str]]:
    """The ids of the takes, version by version."""
    said = studio.python(PLANT.format(title=title, versions=json.dumps([asdict(each) for each in versions])))
    return [line.split() for line in said.splitlines()]
