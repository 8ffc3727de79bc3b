"""Forked processes that can be killed, stopped, and never outlive the farm."""

from __future__ import annotations

import ctypes
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
LOOK_EVERY_SECONDS = 0.03
TOO_LATE = 1000


def fork(job: Callable[[], None], crash_at: str = "") -> int:
    """Run `job` in a child and return its process id. `crash_at` arms a point (see studio.crash_points)."""
    from django.db import connections

    connections.close_all()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        _die_with(parent)
        random.seed()
        os.environ["STUDIO_CRASH_AT"] = crash_at
        job()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(70)


def wait(pid: int, *, until: Callable[[], bool] | None = None, seconds: float = 60.0) -> int:
    """Wait for the process to die and return its exit code, negative for a signal.

    With `until`, kill it -9 once that is true. It is killed as well when the time is over; without `until` that is
    told as TOO_LATE.
    """
    deadline = time.monotonic() + seconds
    while True:
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            return os.waitstatus_to_exitcode(status)
        is_late = time.monotonic() > deadline
        if is_late or (until and until()):
            code = kill(pid)
            return TOO_LATE if is_late and until is None else code
        time.sleep(LOOK_EVERY_SECONDS)


def wait_for_stop(pid: int, *, seconds: float = 60.0) -> bool:
    """Wait until the process was stopped by a signal. False if it died, or the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        gone, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
        if gone:
            return os.WIFSTOPPED(status)
        time.sleep(LOOK_EVERY_SECONDS)
    return False


def kill(pid: int) -> int:
    """Kill -9, and collect."""
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _die_with(parent: int) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(71)
