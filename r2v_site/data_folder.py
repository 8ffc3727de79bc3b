"""The folder where everything a studio owns is kept, and the right to be the one who runs it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if os.name == "nt":
    import msvcrt
else:
    import fcntl


class FolderInUse(Exception):
    """Another process runs the studio in this folder."""


class FolderNotUsable(Exception):
    """The sentence says what stands in the way."""


def prepare(folder: Path) -> None:
    """Make the folder, for its owner alone."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderNotUsable(f"The data folder {folder} cannot be made: {error.strerror}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FolderNotUsable(f"The data folder {folder} cannot be written to by this account.")


@contextmanager
def held(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold a lock file until the block ends or the process dies. Raises FolderInUse if someone else does."""
    with path.open("a+b") as file:
        try:
            _lock(file.fileno(), wait=wait)
        except OSError as error:
            raise FolderInUse(str(path)) from error
        yield


def _lock(descriptor: int, *, wait: bool) -> None:
    if os.name == "nt":
        msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
