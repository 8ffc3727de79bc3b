"""What holds a child back, from the most portable means to the strongest.

| barrier          | means                                        | where                       |
| ---------------- | -------------------------------------------- | --------------------------- |
| resources        | rlimits: memory, processor, files, no core   | Linux, macOS (memory: Linux)|
| no_new_programs  | seccomp: no fork, no exec, no signals        | Linux on x86-64 and ARM64   |
| no_network       | seccomp: no sockets                          | Linux on x86-64 and ARM64   |
| empty_network    | own user and network namespace               | Linux that allows it        |
| no_foreign_files | Landlock: only the paths that were named     | Linux 5.13 and newer        |
| dies_with_parent | death signal (Linux), end of standard input  | everywhere                  |

Where seccomp and namespaces are both missing, Python's own sockets are switched off. That stops accidents,
not a hole in a codec, and is therefore not called a barrier.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from studio.media import landlock, seccomp

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
ADDRESS_SPACE_SLACK = 3 * 1024**3  # thread stacks and malloc reserve addresses that they never fill

_holding: set[str] = set()


def which_hold(payload: dict[str, Any], report: Callable[[float], None]) -> dict[str, Any]:
    """A child function: the barriers around the child that runs it."""
    del payload, report
    return {"barriers": sorted(_holding)}


def limit_resources(
    *, memory_bytes: int, cpu_seconds: int, file_bytes: int, open_files: int, niceness: int
) -> None:
    """Hard limits that cannot be raised again. The soft processor limit comes first, so it can be named."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, file_bytes)
    _limit(resource.RLIMIT_NOFILE, open_files)
    _limit(resource.RLIMIT_DATA, memory_bytes)
    _limit(resource.RLIMIT_AS, memory_bytes + ADDRESS_SPACE_SLACK)
    _limit(resource.RLIMIT_CPU, cpu_seconds, hard=cpu_seconds + 2)
    os.nice(niceness)
    _holding.add("resources")


def close_doors(*, read: list[str], write: list[str]) -> None:
    """No new rights, no network, no programs, no paths but those named. As far as the system helps."""
    if sys.platform != "linux":
        _switch_off_sockets()
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0:
        _holding.add("empty_network")
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if landlock.restrict(libc, read=[*read, *landlock.SYSTEM_LIBRARIES], write=write):
        _holding.add("no_foreign_files")
    if seccomp.restrict(libc):
        _holding.update(("no_network", "no_new_programs"))
    elif "empty_network" not in _holding:
        _switch_off_sockets()


def stay_with_parent(parent: int) -> None:
    """Die when our parent does. Called again after the doors closed: new credentials clear the wish."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    _holding.add("dies_with_parent")


def _limit(kind: int, soft: int, *, hard: int | None = None) -> None:
    with contextlib.suppress(OSError, ValueError):  # macOS refuses some; a lower limit may already stand
        resource.setrlimit(kind, (soft, soft if hard is None else hard))


def _switch_off_sockets() -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise PermissionError("a child has no network")

    setattr(socket, "socket", refuse)  # noqa: B010  mypy rightly dislikes assigning to a class
    socket.create_connection = refuse
    socket.getaddrinfo = refuse
