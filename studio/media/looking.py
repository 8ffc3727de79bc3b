"""The child's function for looking at one file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio.media.facts import Facts
from studio.media.sniff import sniff


def look(path: Path) -> Facts:
    """The facts of a file. Only ever called in a child. Raises UnreadableMedia."""
    sniffed = sniff(path)
    if sniffed.family == "still":
        from studio.media import pictures  # each family loads only its own library: start-up is felt

        return pictures.look(path, sniffed)
    from studio.media import recordings

    return recordings.look(path, sniffed)


def run(payload: dict[str, Any], report: Callable[[float], None]) -> dict[str, Any]:
    del report
    return look(Path(payload["path"])).to_dict()
