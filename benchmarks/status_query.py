"""What one question about a job costs the processor, beside the leanest HTTP client there is, in the same run.

python -m benchmarks.status_query
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx

from benchmarks.rows import Row, show
from studio.providers.base import Account, State
from studio.providers.http import CONNECTIONS
from studio.providers.registry import paid_provider

QUERIES = 2000
ROUNDS = 5
PATH = "/api/v1/tasks/0385dc79-5ff8-4d82-bcb6-000000000000"
ANSWER = {
    "request_id": "2ca1c497-f9e0-449d-9a3f-000000000000",
    "output": {
        "task_id": "0385dc79-5ff8-4d82-bcb6-000000000000",
        "task_status": "RUNNING",
        "submit_time": "2026-11-21 10:00:00.000",
        "scheduled_time": "2026-11-21 10:00:01.000",
    },
}
SERVER = """
import json, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
body = sys.argv[1].encode()
class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
    def log_message(self, *_): pass
server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
print(server.server_port, flush=True)
server.serve_forever()
"""


def main() -> None:
    command = [sys.executable, "-c", SERVER, json.dumps(ANSWER)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            _measure(int(server.stdout.readline()))
        finally:
            server.terminate()


def _measure(port: int) -> None:
    account = Account(key="sk-benchmark", base_url=f"http://127.0.0.1:{port}", allow_private=True)
    provider = paid_provider("dashscope", account)
    assert provider.fetch("0385dc79").state == State.RUNNING
    plain = http.client.HTTPConnection("127.0.0.1", port)
    with httpx.Client(base_url=account.base_url, trust_env=False) as comfortable:
        bare = _cpu(lambda: _bare(plain))
        usual = _cpu(lambda: comfortable.get(PATH).json())
        ours = _cpu(lambda: provider.fetch("0385dc79"))
        crowd_bare = _cpu_of_many(_bare_per_thread(port))
        crowded = _cpu_of_many(lambda: provider.fetch("0385dc79"))
    show(Row(name="http.client, one connection", value=round(1e6 * bare), unit="µs CPU"))
    show(Row(name="httpx, one connection", value=round(1e6 * usual), unit="µs CPU"))
    note = f"{1e6 * ours:.0f} µs, with its answer read and understood"
    show(
        Row(
            name="a question about a job",
            value=round(ours / bare, 2),
            unit="x http.client",
            limit=4,
            note=note,
        )
    )
    name = f"http.client, {CONNECTIONS} threads with a connection each"
    show(Row(name=name, value=round(1e6 * crowd_bare), unit="µs CPU"))
    show(
        Row(
            name=f"a question from {CONNECTIONS} threads on one pool",
            value=round(crowded / crowd_bare, 2),
            unit="x http.client",
            limit=4,
            note=f"{1e6 * crowded:.0f} µs",
        )
    )


def _bare(connection: http.client.HTTPConnection) -> object:
    connection.request("GET", PATH, headers={"Authorization": "Bearer sk-benchmark"})
    return json.loads(connection.getresponse().read())


def _bare_per_thread(port: int) -> Callable[[], object]:
    """The bare client at the size of our pool: threads wait for each other with any client."""
    own = threading.local()

    def ask() -> object:
        if not hasattr(own, "connection"):
            own.connection = http.client.HTTPConnection("127.0.0.1", port)
        return _bare(own.connection)

    return ask


def _cpu(ask: Callable[[], object]) -> float:
    """Processor seconds of one question, of the best round."""
    ask()
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(QUERIES // ROUNDS):
            ask()
        best = min(best, (time.process_time() - start) / (QUERIES // ROUNDS))
    return best


def _cpu_of_many(ask: Callable[[], object]) -> float:
    best = float("inf")
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        for _ in range(ROUNDS):
            start = time.process_time()
            list(threads.map(lambda _: ask(), range(QUERIES // ROUNDS)))
            best = min(best, (time.process_time() - start) / (QUERIES // ROUNDS))
    return best


if __name__ == "__main__":
    main()
