"""Run one of our functions in a child process that can do little harm.

What a child may do is in `ChildLimits`: memory, processor time, wall clock, size and number of files, which
paths it may read and write. What it may never do: reach the network, start programs, see our environment,
outlive us. How far the operating system helps is told by `barriers()`; see `lockdown.py` for the means.

A function that can be run is `def name(payload: dict[str, Any], report: Callable[[float], None])` returning a
dict, in a module under `studio.media` or `studio.drafts`. Payload and answer travel as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.media.conversation import Conversation
from studio.media.errors import ChildFailed

ALLOWED_PREFIXES = ("studio.media.", "studio.drafts.")
MB = 1024 * 1024
_CODE = Path(__file__).resolve().parents[1]  # the `studio` package
_ENTRANCE = Path(__file__).with_name("child_main.py")


@dataclass(frozen=True, kw_only=True)
class ChildLimits:
    """What a child may use. `read` and `write` are the only paths it may open besides the code itself;
    a path in `write` may be read too, and must exist when the child starts."""

    memory_bytes: int = 1024 * MB
    cpu_seconds: int = 60
    wall_seconds: float = 60.0
    file_bytes: int = 512 * MB
    open_files: int = 64
    niceness: int = 0
    read: tuple[Path, ...] = ()
    write: tuple[Path, ...] = ()


def run_child(
    function: str,
    payload: dict[str, Any],
    *,
    limits: ChildLimits,
    on_progress: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
) -> dict[str, Any]:
    """The answer of `function` ("module:name") from a fresh, locked child.

    Raises ChildCancelled once `cancel` is set, ChildFailed when a limit, a crash or an unexpected exception
    ended the child, and UnreadableMedia when the function said so. The child is gone in every case.
    """
    if not function.startswith(ALLOWED_PREFIXES) or ":" not in function:
        raise ValueError(f"{function!r} may not be run in a child")
    request = {"function": function, "payload": payload, **_surroundings(limits)}
    process = _start()
    talk = Conversation(process, wall_seconds=limits.wall_seconds, on_progress=on_progress, cancel=cancel)
    return talk.run(json.dumps(request).encode() + b"\n")


def barriers() -> frozenset[str]:
    """What holds a child back on this machine, asked of a real child. Names are those of `lockdown.py`."""
    answer = run_child("studio.media.lockdown:which_hold", {}, limits=ChildLimits(wall_seconds=20))
    return frozenset(answer["barriers"])


def _start() -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", str(_ENTRANCE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        raise ChildFailed("not_started", f"could not start: {error}") from error


def _surroundings(limits: ChildLimits) -> dict[str, Any]:
    packages = _package_folders()
    return {
        "parent": os.getpid(),
        "packages": packages,
        "code": str(_CODE),
        "limits": {
            "memory_bytes": limits.memory_bytes,
            "cpu_seconds": limits.cpu_seconds,
            "file_bytes": limits.file_bytes,
            "open_files": limits.open_files,
            "niceness": limits.niceness,
        },
        "read": [str(_CODE), *packages, *_standard_library(), *(str(path.resolve()) for path in limits.read)],
        "write": [str(path.resolve()) for path in limits.write],
    }


def _package_folders() -> list[str]:
    """Where installed packages lie; the project folder itself (which may hold our data) is not among them."""
    return [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]


def _standard_library() -> list[str]:
    paths = sysconfig.get_paths()
    return [paths["stdlib"], paths["platstdlib"], str(Path(sys.base_prefix) / "lib")]
