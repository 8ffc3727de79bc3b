"""A simulator inside the test's own process, for tests that need no process of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.simulators.__main__ import KINDS
from tests.simulators.faults import Fault, Where
from tests.simulators.options import Name, Options
from tests.simulators.server import Listener
from tests.simulators.simulator import Simulator


@dataclass(frozen=True, kw_only=True)
class Here:
    """A running simulator and a client with its key."""

    simulator: Simulator
    listener: Listener
    client: httpx.Client

    def fault(self, where: Where, what: str, **more: Any) -> None:
        self.simulator.plan(Fault(where=where, what=what, **more))

    def advance(self, seconds: float) -> None:
        self.simulator.clock.advance(seconds)
        self.simulator.jobs.tick()


@contextmanager
def running(name: Name, folder: Path, **options: Any) -> Iterator[Here]:
    """Started, and stopped in the end. References are not fetched unless `fetching` says so."""
    usual = {"fetching": "none", "films": folder.parent / "films"}  # drawn once for all tests of a run
    chosen = Options(name=name, folder=folder / name, **{**usual, **options})
    simulator = KINDS[name](chosen)
    listener = Listener(simulator)
    simulator.start()
    key = chosen.accepted_keys[0]
    headers = {"X-API-Key": key} if name == "apiframe" else {"Authorization": f"Bearer {key}"}
    if name == "dashscope":
        headers["X-DashScope-Async"] = "enable"
    client = httpx.Client(
        base_url=simulator.base_url, headers=headers, trust_env=False, verify=False, timeout=20
    )
    try:
        with client:
            yield Here(simulator=simulator, listener=listener, client=client)
    finally:
        simulator.stop()
        listener.close()
