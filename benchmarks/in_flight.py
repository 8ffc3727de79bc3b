"""Thousands of jobs under way at one provider: is its rate kept, and used, and does memory stay flat?

python -m benchmarks.in_flight
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rows import Row, show

ROOT = Path(__file__).resolve().parent.parent
RATE = 20  # of DashScope, for all keys of an account
SECONDS = 25
LISTENER = """
import json, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
times = []
body = json.dumps({"request_id": "r", "output": {"task_id": "t", "task_status": "RUNNING"}}).encode()
class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    def do_GET(self):
        times.append(time.time())
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
    def log_message(self, *_): pass
server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
print(server.server_port, flush=True)
import threading
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
print(json.dumps(times), flush=True)
"""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """`most` questions in any second, wherever it begins; `used` of the rate, 0 to 1; `memory` of a worker in MB."""

    most: int
    used: float
    memory: float


def main() -> None:
    few = measure(jobs=100, seconds=SECONDS)
    for jobs in (1_000, 10_000):
        many = measure(jobs=jobs, seconds=SECONDS)
        show(Row(name=f"{jobs:,} jobs, most questions in any second", value=many.most, unit="", limit=RATE))
        name = f"{jobs:,} jobs, part of the rate that is used"
        show(Row(name=name, value=round(many.used, 2), unit="", limit=0.8, at_least=True))
        growth = round(many.memory - few.memory, 1)
        show(Row(name=f"{jobs:,} jobs, memory beyond that of 100", value=growth, unit="MB", limit=10))


def measure(*, jobs: int, seconds: float, workers: int = 2) -> Figures:
    """Let so many workers ask about so many jobs that are all due, for a while."""
    with (
        tempfile.TemporaryDirectory(prefix="studio-in-flight-") as folder,
        subprocess.Popen(
            [sys.executable, "-c", LISTENER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as listener,
    ):
        assert listener.stdout is not None
        port = int(listener.stdout.readline())
        command = [sys.executable, "-m", "benchmarks.in_flight_workers"]
        options = [str(jobs), str(seconds), str(workers), f"http://127.0.0.1:{port}"]
        surroundings = {**os.environ, "STUDIO_DATA_DIR": str(Path(folder) / "data")}
        done = subprocess.run(
            [*command, *options], cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, check=True
        )
        said, _ = listener.communicate("")
    times = sorted(json.loads(said))
    return Figures(
        most=most_in_a_second(times),
        used=_used(times),
        memory=float(json.loads(done.stdout)["memory"]),
    )


def most_in_a_second(times: list[float]) -> int:
    return max((bisect_left(times, start + 1.0) - place for place, start in enumerate(times)), default=0)


def _used(times: list[float]) -> float:
    """Questions of a second, on the average from the first to the last, as a part of what is allowed."""
    lasted = times[-1] - times[0] if len(times) > 1 else 0.0
    return (len(times) - 1) / lasted / RATE if lasted else 0.0


if __name__ == "__main__":
    main()
