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

    `shape` is ModelStream's answer shape: A, B, C, D or legacy. `skew` makes the provider's timestamps wrong by
    so many real seconds. `fetching`: ask for each reference as carefully as a provider might ("full": HEAD, a range,
    then all of it), with one GET ("once"), or not at all ("none"). `queries_per_second` is enforced with 429 where
    it is not 0. `list_zone_hours` is the zone in which DashScope reads and writes times without one.
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
    is_quiet: bool = True

    @property
    def accepted_keys(self) -> tuple[str, ...]:
        return self.keys or (KEYS[self.name],)

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "folder": str(self.folder), "keys": list(self.keys)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        return cls(**{**data, "folder": Path(data["folder"]), "keys": tuple(data.get("keys", ()))})
