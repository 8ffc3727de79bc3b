"""The back door for tests: `/_control/...` on an address of its own, for whoever has the token."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.simulators.faults import Fault
from tests.simulators.server import Listener

HEAD = "/_control/"


class ControlServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, listener: Listener, *, port: int, token: str) -> None:
        self.listener, self.token = listener, token
        super().__init__(("127.0.0.1", port), _Handler)

    def do(self, what: str, given: dict[str, Any]) -> dict[str, Any]:
        """Carry out one order. Raises KeyError for one nobody knows, ValueError or TypeError for a wrong one."""
        orders: dict[str, Callable[..., dict[str, Any]]] = {
            "health": self._health,
            "faults": self._faults,
            "clear": self._clear,
            "down": self._down,
            "up": self._up,
            "clock": self._clock,
            "account": self._account,
            "job": self._job,
        }
        return orders[what](**given)

    def _health(self) -> dict[str, Any]:
        simulator = self.listener.simulator
        return {
            "is_open": self.listener.is_open,
            "now": simulator.clock.now(),
            "base_url": simulator.base_url,
        }

    def _faults(self, faults: list[dict[str, Any]]) -> dict[str, Any]:
        planned = [self.listener.simulator.plan(Fault.from_dict(fault)) for fault in faults]
        return {"planned": [one.number for one in planned]}

    def _clear(self) -> dict[str, Any]:
        self.listener.simulator.script.clear()
        self.listener.simulator.ledger.clear_faults()
        return {}

    def _down(self, seconds: float | None = None) -> dict[str, Any]:
        self.listener.close(seconds=seconds)
        return {}

    def _up(self) -> dict[str, Any]:
        self.listener.open()
        return {}

    def _clock(self, advance: float = 0.0) -> dict[str, Any]:
        simulator = self.listener.simulator
        simulator.clock.advance(float(advance))
        simulator.ledger.keep_clock(simulator.clock.origin())
        simulator.jobs.tick()
        return {"now": simulator.clock.now()}

    def _account(self, key: str, state: str | None = None, credits: int | None = None) -> dict[str, Any]:
        """Open an account, or change its state ("active", "inactive", "gone") or its credits."""
        ledger = self.listener.simulator.ledger
        ledger.open_account(key, credits or 0)
        if state is not None:
            ledger.run(
                "UPDATE accounts SET state = ? WHERE account = ?", "" if state == "gone" else state, key
            )
        if credits is not None:
            ledger.run("UPDATE accounts SET credits = ? WHERE account = ?", int(credits), key)
        return {"credits": ledger.credits(key)}

    def _job(self, job_id: str, outcome: str = "", ends_in: float = 0.0) -> dict[str, Any]:
        """Decide how and when a running job ends: `outcome` is a job fault, or "" for well."""
        simulator = self.listener.simulator
        now = simulator.clock.now()
        runs = min(simulator.jobs.known(job_id).runs, now + ends_in)
        simulator.ledger.change_job(job_id, outcome=outcome, runs=runs, ends=now + ends_in)
        job = simulator.jobs.settled(job_id)
        return {"state": job.state if job else ""}


class _Handler(BaseHTTPRequestHandler):
    server: ControlServer

    def do_POST(self) -> None:
        if not hmac.compare_digest(
            self.headers.get("X-Control-Token", "").encode(), self.server.token.encode()
        ):
            self._say(403, {"problem": "This address needs its control token."})
            return
        try:
            given = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
            self._say(200, self.server.do(self.path.removeprefix(HEAD), given))
        except KeyError as trouble:
            self._say(404, {"problem": f"There is no {trouble}."})
        except (ValueError, TypeError) as trouble:
            self._say(400, {"problem": str(trouble)})

    def log_message(self, format: str, *args: Any) -> None:
        """Control is not part of what is tested."""

    def _say(self, status: int, payload: dict[str, Any]) -> None:
        body = json.dumps(payload).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
