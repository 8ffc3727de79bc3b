"""What a child taken over by a hole in a codec would try, so that its walls can be tried on any machine.

Used by the tests. `attempt` runs with the very same walls as every other child function.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any


def attempt(payload: dict[str, Any], report: Callable[[float], None]) -> dict[str, Any]:
    """Try `payload["what"]`. The answer's `outcome` is "done", or the name of the exception that stopped it."""
    report(0.5)
    try:
        value = ATTEMPTS[payload["what"]](payload.get("target", ""))
    except Exception as error:
        return {"outcome": type(error).__name__}
    return {"outcome": "done", "value": value}


def _read(target: str) -> str:
    return Path(target).read_text(errors="replace")[:100]


def _write(target: str) -> str:
    Path(target).write_text("was here")
    return target


def _connect(target: str) -> str:
    host, _, port = target.rpartition(":")
    socket.create_connection((host, int(port)), timeout=2).close()
    return target


def _connect_without_python(_: str) -> str:
    """The C library's own socket call, as native code would use it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if (handle := libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0)) < 0:
        raise PermissionError(ctypes.get_errno(), "no socket")
    return str(handle)


def _fork(_: str) -> str:
    if (child := os.fork()) == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return "forked"


def _program(_: str) -> str:
    os.execv("/bin/true", ["/bin/true"])  # noqa: S606


def _signal_parent(_: str) -> str:
    os.kill(os.getppid(), signal.SIGCONT)
    return "signalled"


def _change_mode(target: str) -> str:
    Path(target).chmod(0o600)
    return target


def _swallow_memory(_: str) -> str:
    hoard = [bytearray(64 * 1024 * 1024) for _ in range(1024)]
    return str(len(hoard))


def _spin(_: str) -> str:
    while True:
        pass


def _wait(_: str) -> str:
    signal.pause()
    return "woken"


def _crash(_: str) -> str:
    ctypes.string_at(0)
    return "alive"


def _environment(_: str) -> dict[str, str]:
    return dict(os.environ)


ATTEMPTS: dict[str, Callable[[str], Any]] = {
    "read": _read,
    "write": _write,
    "connect": _connect,
    "connect_without_python": _connect_without_python,
    "fork": _fork,
    "program": _program,
    "signal_parent": _signal_parent,
    "change_mode": _change_mode,
    "swallow_memory": _swallow_memory,
    "spin": _spin,
    "wait": _wait,
    "crash": _crash,
    "environment": _environment,
}
