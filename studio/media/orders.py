"""What a repair is asked to do, as it arrives in the child."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from studio.media.facts import Facts
from studio.media.findings import FixKind
from studio.media.limits import Limits
from studio.media.plans import FixChoices


@dataclass(frozen=True, kw_only=True)
class Order:
    path: Path
    out_dir: Path
    facts: Facts
    kinds: frozenset[FixKind]
    choices: FixChoices
    limits: Limits
    start: float
    end: float

    @classmethod
    def read(cls, payload: dict[str, Any]) -> Self:
        lists = {key: tuple(value) for key, value in payload["limits"].items() if isinstance(value, list)}
        return cls(
            path=Path(payload["path"]),
            out_dir=Path(payload["out_dir"]),
            facts=Facts.from_dict(payload["facts"]),
            kinds=frozenset(FixKind(kind) for kind in payload["kinds"]),
            choices=FixChoices.from_dict(payload["choices"]),
            limits=Limits(**{**payload["limits"], **lists}),
            start=payload["start"],
            end=payload["end"] or 0.0,
        )

    def turn(self) -> int:
        """Clockwise degrees to turn what is stored: the file's own mark and what a person added."""
        own = self.facts.rotation if FixKind.TURN_UPRIGHT in self.kinds else 0
        return (own + self.choices.rotate) % 360

    def turned_sides(self) -> tuple[int, int]:
        """Width and height of what is worked on, after the turn."""
        width, height = self.facts.sides
        crosswise = (self.turn() - self.facts.rotation) % 180 == 90
        return (height, width) if crosswise else (width, height)
