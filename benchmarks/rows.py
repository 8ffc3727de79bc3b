"""One measured figure: printed as a JSON line, and read back by the page writer."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Row:
    """`value` in `unit`. `limit` is the most it may be, or None where it only gives the scale.

    With `at_least`, the limit is the least it may be.
    """

    name: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def holds(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def show(row: Row) -> Row:
    print(json.dumps(asdict(row)), flush=True)
    return row
