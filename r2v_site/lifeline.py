"""A process that must not outlive the one that started it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

PARENT_VARIABLE = "STUDIO_PARENT_PID"
PR_SET_PDEATHSIG = 1
LOOK_EVERY_SECONDS = 1.0


def end_with_supervisor() -> bool:
    """Ask to be told to stop when the supervisor dies. False, and nothing asked, when started by hand."""
    parent = os.environ.pop(PARENT_VARIABLE, "")
    if parent:
        end_with_parent(int(parent), signal.SIGTERM)
    return bool(parent)


def end_with_parent(parent: int, how: signal.Signals) -> None:
    """Send `how` to this process as soon as the process `parent`, which started it, is gone.

    Linux tells by itself, and only from the thread that started us, so call and start from main threads.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    else:
        threading.Thread(target=_watch, args=(parent, how), daemon=True, name="lifeline").start()
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), how)


def _watch(parent: int, how: signal.Signals) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_SECONDS)
    os.kill(os.getpid(), how)
