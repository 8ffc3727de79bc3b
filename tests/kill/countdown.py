"""Die before the k-th change of this process to the disk: a commit, a file opened to be written, renamed, removed.

All that lies between two changes is lost with the process anyway, so that one death before each of them meets every
state the disk can be left in (THREATS, crash points: "at the k-th commit, write, rename").
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

MOVES = {"os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.truncate", "os.symlink"}
WRITES = os.O_WRONLY | os.O_RDWR
CHANGES = ("INSERT", "UPDATE", "DELETE")


def arm(number: int, told: Path) -> None:
    """Die before change `number`, counted from 1, and write into `told` which one it is."""
    counter, ours = itertools.count(1), str(settings.DATA_DIR)
    line = os.open(told, os.O_WRONLY | os.O_CREAT)

    def reach(what: str) -> None:
        if next(counter) == number:
            os.write(line, what.encode(errors="replace"))
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event in MOVES:
            reach(f"{event} {arguments[0]}")
        elif event == "open" and (arguments[2] or 0) & WRITES and str(arguments[0]).startswith(ours):
            reach(f"write {arguments[0]}")

    sys.addaudithook(watch)
    _before_every_commit(reach)


def _before_every_commit(reach: Callable[[str], None]) -> None:
    """Whoever sends a statement outside a transaction commits it with it."""
    commit, execute = BaseDatabaseWrapper._commit, CursorWrapper.execute  # type: ignore[attr-defined]

    def watched_commit(self: BaseDatabaseWrapper) -> Any:
        reach("commit")
        return commit(self)

    def watched_execute(self: CursorWrapper, sql: str, params: Any = None) -> Any:
        if not self.db.in_atomic_block and sql.startswith(CHANGES):
            reach(sql[:80])
        return execute(self, sql, params)

    wrapper: Any = BaseDatabaseWrapper
    wrapper._commit = watched_commit
    cursor: Any = CursorWrapper
    cursor.execute = watched_execute
