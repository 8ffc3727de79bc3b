"""Memory of the web process, idle and after 100,000 requests.

python -m benchmarks.memory
"""

from __future__ import annotations

import http.client
import threading
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.rows import Row, show
from benchmarks.studio_server import Running, studio

REQUESTS = 100_000
SENDERS = 8
PAGES = ("/healthz", "/", "/library/", "/works/")


def main() -> None:
    with studio("web") as running:
        _send(running, 2_000)
        early = _memory(running)
        _send(running, REQUESTS)
        late = _memory(running)
    show(Row(name="web processes together, warm", value=early, unit="MB", limit=130))
    show(Row(name=f"after {REQUESTS:,} requests", value=late, unit="MB", limit=130))
    show(Row(name="growth", value=round(late - early, 1), unit="MB", limit=8))


def _send(running: Running, count: int) -> None:
    """Most requests are cheap ones, every 50th a whole page: what a busy day looks like to the process."""
    senders = [threading.Thread(target=_some, args=(running, count // SENDERS)) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()


def _some(running: Running, count: int) -> None:
    address = urlsplit(running.url)
    line = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
    headers = {"Cookie": f"sessionid={running.session}"}
    for index in range(count):
        path = PAGES[1 + index // 50 % 3] if index % 50 == 0 else PAGES[0]
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")


def _memory(running: Running) -> float:
    """Proportional set size of the web command and everything it started, in MB."""
    processes = family(running.processes["web"].pid)
    return round(sum(proportional_kb(pid) for pid in processes) / 1024, 1)


def family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family(int(child)))]


def proportional_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    main()
