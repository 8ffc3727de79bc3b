"""Comparing an answer with a sample: the same keys, the same kinds of values, the same words of state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).resolve().parents[1] / "providers" / "samples"
WORDS = {"status", "task_status", "event", "object", "code", "error", "kind"}


def sample(provider: str, name: str) -> Any:
    return json.loads((SAMPLES / provider / name).read_text(encoding="utf-8"))


def sample_status(provider: str, name: str) -> int:
    """The HTTP status that the index names for a sample."""
    index = sample(provider, "index.json")
    return next(int(row["http_status"]) for row in index["files"] if row["file"] == name)


def differences(ours: Any, theirs: Any, path: str = "") -> list[str]:
    """Where two answers are not of one shape. Nothing (null) in one of them is no difference of kind."""
    if ours is None or theirs is None:
        return []
    if isinstance(theirs, dict) and isinstance(ours, dict):
        found = [f"{path}.{name} is missing" for name in theirs.keys() - ours.keys()]
        found += [f"{path}.{name} is too much" for name in ours.keys() - theirs.keys()]
        for name in theirs.keys() & ours.keys():
            found += differences(ours[name], theirs[name], f"{path}.{name}")
        return found
    if isinstance(theirs, list) and isinstance(ours, list):
        return differences(ours[0], theirs[0], f"{path}[0]") if ours and theirs else []
    if _kind(ours) != _kind(theirs):
        return [f"{path} is {ours!r}, not like {theirs!r}"]
    is_word = path.rpartition(".")[2] in WORDS
    return [f"{path} is {ours!r}, not {theirs!r}"] if is_word and ours != theirs else []


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else type(value).__name__
