"""Looking at real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def started(
    arguments: Sequence[str], environment: Mapping[str, str] | None = None, output: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python program of this checkout; whatever is left of it and its children is killed in the end."""
    sink = output.open("wb") if output else subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=sink,
        stderr=subprocess.STDOUT,
    )
    seen: set[int] = set()
    try:
        yield process
    finally:
        seen |= descendants(process.pid)
        process.kill()
        process.wait()
        for pid in seen:
            kill(pid)
        if output and not isinstance(sink, int):
            sink.close()


def descendants(pid: int) -> set[int]:
    """The children of a process, their children and so on."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, read(task).split()):
            found |= {child} | descendants(child)
    return found


def command_line(pid: int) -> list[str]:
    return read(Path(f"/proc/{pid}/cmdline")).split("\0")


def is_gone(pid: int) -> bool:
    """Whether the process has ended, be it collected by its parent or not."""
    state = read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return not state or state[0] == "Z"


def all_gone(pids: set[int], *, seconds: float) -> bool:
    return wait_until(lambda: all(map(is_gone, pids)), seconds=seconds)


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
