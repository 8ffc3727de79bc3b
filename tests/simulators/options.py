"""How one simulator is started. Everything that must survive its death is in `folder`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self

Name = Literal["modelstream", "apiframe", "dashscope"]
Fetching = Literal["full", "once", "none"]
NAMES: tuple[Name, ...] = ("modelstream", "apiframe", "dashscope")
KEYS: dict[str, str] = {
    "modelstream": "sk-simulated-modelstream-0001",
    "apiframe": "afk_simulated_apiframe_0001",
    "dashscope": "sk-simulated-dashscope-0001",
}


@dataclass(frozen=True, kw_only=True)
class Options:
    """Times are seconds of the simulated clock, which runs `speed` times as fast as the real one.

    `shape` is ModelStream's answer shape: A, B, C, D or legacy; Apiframe shows results as "string" or "videos" if
    asked to. `mixed_case`: ModelStream's status words come in any case. `skew` makes the provider's timestamps wrong
    by so many real seconds. `fetching`: ask for each reference as carefully as a provider might ("full": HEAD, a
    range, then all of it), with one GET ("once"), or not at all ("none"). `queries_per_second` is enforced with 429
    where it is not 0. `list_zone_hours` is the zone in which DashScope reads times without one. Clips are drawn once
    and kept in `films`, by default beside `folder`; `film_scale` below 1 makes them smaller, for runs of thousands.
    """

    name: Name
    folder: Path
    port: int = 0
    control_port: int = 0
    control_token: str = ""
    speed: float = 1.0
    keys: tuple[str, ...] = ()
    shape: str = "B"
    mixed_case: bool = False
    credits: int = 4820
    queue_seconds: float = 8.0
    run_seconds: float = 52.0
    spread: float = 0.25
    retention_seconds: float = 86_400.0
    upload_seconds: float = 5_400.0
    fetching: Fetching = "full"
    film_scale: float = 1.0
    queries_per_second: float = 0.0
    list_zone_hours: float = 8.0
    skew: float = 0.0
    hex_signatures: bool = False
    seed: int = 1
    films: Path | None = None

    @property
    def accepted_keys(self) -> tuple[str, ...]:
        return self.keys or (KEYS[self.name],)

    @property
    def films_folder(self) -> Path:
        return self.films or self.folder.parent / "films"

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        values = {**asdict(self), "keys": list(self.keys)}
        return {name: str(value) if isinstance(value, Path) else value for name, value in values.items()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        films = Path(data["films"]) if data.get("films") else None
        typed = {"folder": Path(data["folder"]), "films": films, "keys": tuple(data.get("keys", ()))}
        return cls(**{**data, **typed})
