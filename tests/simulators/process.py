"""A simulator for a test: start it, plan faults, kill it, start it again, and ask its ledger.

with SimulatorProcess("apiframe", tmp_path, speed=60) as provider:
    provider.fault("create", "reset_after")
    ...
    assert len(provider.ledger.jobs()) == 1
"""

from __future__ import annotations

import json
import os
import secrets
import select
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from tests.simulators.faults import Fault, Where
from tests.simulators.ledger import Ledger
from tests.simulators.options import Name, Options
from tests.simulators.rows import Create

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0


class SimulatorProcess:
    """One simulator in a process of its own. Its port and ledger stay the same over kills and restarts."""

    def __init__(self, name: Name, folder: Path, **options: Any) -> None:
        token = secrets.token_urlsafe(16)
        self.options = Options(name=name, folder=folder / name, control_token=token, **options)
        self.options.folder.mkdir(parents=True, exist_ok=True)
        self.base_url = ""
        self._control_url = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._ledger: Ledger | None = None

    @property
    def key(self) -> str:
        """The first API key that it accepts."""
        return self.options.accepted_keys[0]

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    @property
    def ledger(self) -> Ledger:
        """What it accepted and charged; may be asked while it is dead."""
        if self._ledger is None:
            self._ledger = Ledger(self.options.folder / "ledger.sqlite3")
        return self._ledger

    def creates(self) -> list[Create]:
        """Every create whose body it read, refused ones included."""
        return self.ledger.creates()

    def start(self) -> Self:
        path = self.options.folder / "options.json"
        path.write_text(json.dumps(self.options.to_dict()), encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.simulators", str(path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
        ready = json.loads(self._first_line(self._process))
        self.base_url, self._control_url = ready["base_url"], ready["control_url"]
        ports = [int(url.rpartition(":")[2]) for url in (self.base_url, self._control_url)]
        self.options = replace(self.options, port=ports[0], control_port=ports[1])
        return self

    def _first_line(self, process: subprocess.Popen[bytes]) -> bytes:
        assert process.stdout is not None
        readable, _, _ = select.select([process.stdout], [], [], START_SECONDS)
        line = process.stdout.readline() if readable else b""
        if not line:
            self.kill()
            raise RuntimeError(f"The simulator of {self.options.name} did not start.")
        return line

    def stop(self) -> None:
        """End it in good order."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._gone()

    def kill(self) -> None:
        """Kill -9: what was answered is in the ledger, what was under way is not."""
        if self._process is not None:
            self._process.kill()
        self._gone()

    def _gone(self) -> None:
        if self._process is not None:
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
        self._process = None

    def restart(self, **changes: Any) -> Self:
        """Kill it and start it again on the same address, with changed options if any are given."""
        self.kill()
        self.options = replace(self.options, **changes)
        return self.start()

    def fault(self, where: Where, what: str, **more: Any) -> None:
        """Plan one fault; see `faults` for the names and `faults.Fault` for the rest."""
        self.faults(Fault(where=where, what=what, **more))

    def faults(self, *faults: Fault) -> None:
        self.control("faults", faults=[fault.to_dict() for fault in faults])

    def clear_faults(self) -> None:
        self.control("clear")

    def down(self, seconds: float | None = None) -> None:
        """Refuse connections for so many simulated seconds, or until `up`."""
        self.control("down", seconds=seconds)

    def up(self) -> None:
        self.control("up")

    def advance(self, seconds: float) -> None:
        """Push the simulated clock forward."""
        self.control("clock", advance=seconds)

    def finish(self, job_id: str, outcome: str = "") -> None:
        """End a job now: well, or with a job fault."""
        self.control("job", job_id=job_id, outcome=outcome)

    def account(self, *, state: str | None = None, credits: int | None = None, key: str = "") -> None:
        self.control("account", key=key or self.key, state=state, credits=credits)

    def control(self, what: str, **given: Any) -> dict[str, Any]:
        answer = httpx.post(
            f"{self._control_url}/_control/{what}",
            json=given,
            headers={"X-Control-Token": self.options.control_token},
            timeout=30,
            trust_env=False,
        )
        payload: dict[str, Any] = answer.json()
        if answer.status_code != 200:
            raise ValueError(payload["problem"])
        return payload

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None
