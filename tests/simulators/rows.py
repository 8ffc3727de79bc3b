"""What the ledger keeps, as typed rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

OPEN_STATES = ("queued", "running")


@dataclass(frozen=True, kw_only=True)
class Job:
    """One accepted create. `made`, `runs`, `ends` are simulated seconds, `wall` the provider's time of creation.
    `outcome` is how it will end ("" is well), `state` how far it is."""

    number: int
    id: str
    account: str
    idempotency: str
    digest: str
    body: dict[str, Any]
    wall: float
    made: float
    runs: float
    ends: float
    state: str
    outcome: str
    code: str
    message: str
    is_checked: bool
    width: int
    height: int
    seconds: int
    resolution: str
    ratio: str
    clip_seconds: Decimal
    callback: str
    events: tuple[str, ...]
    webhook_state: str
    told: float
    request_id: str
    resolves_oss: bool

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


@dataclass(frozen=True, kw_only=True)
class Create:
    """One create request whose body was read, whatever it was answered. `is_new` is False for a replay."""

    number: int
    at: float
    account: str
    idempotency: str
    body: dict[str, Any]
    status: int
    job_id: str
    is_new: bool
    fault: str
    ignored: str


@dataclass(frozen=True, kw_only=True)
class Money:
    """A charge or a refund, in the provider's unit: "usd", "credits" or "seconds"."""

    number: int
    at: float
    account: str
    job_id: str
    kind: str
    amount: Decimal
    unit: str


@dataclass(frozen=True, kw_only=True)
class Fetch:
    """One request for a reference. `place` is where the request named it, `problem` is empty if all was well."""

    number: int
    at: float
    job_id: str
    place: str
    url: str
    method: str
    status: int
    size: int
    content_type: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request that reached the simulator. `status` is 0 where nothing was answered."""

    number: int
    at: float
    endpoint: str
    method: str
    path: str
    status: int
    fault: str
    has_credentials: bool


@dataclass(frozen=True, kw_only=True)
class Told:
    """One webhook that was sent. `status` is what we were answered, 0 for nobody there."""

    number: int
    at: float
    job_id: str
    event: str
    fault: str
    status: int
    body: str
    signature: str


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file handed to the provider's own upload. `at` is simulated seconds."""

    id: str
    at: float
    account: str
    kind: str
    content_type: str
    size: int
    path: str


_READ: dict[str, Any] = {
    "body": lambda text: json.loads(text) if text.startswith("{") else {},
    "events": lambda text: tuple(filter(None, text.split(","))),
    "clip_seconds": Decimal,
    "amount": Decimal,
    "is_checked": bool,
    "is_new": bool,
    "has_credentials": bool,
    "resolves_oss": bool,
}


def typed[Row](kind: type[Row], values: dict[str, Any]) -> Row:
    """A row of the database as its class."""
    if kind is Told:
        return kind(**values)
    return kind(**{name: _READ[name](value) if name in _READ else value for name, value in values.items()})
