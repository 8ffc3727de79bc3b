"""What came of one check."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many tests passed, failed (errors included) and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    @classmethod
    def from_junit(cls, path: Path, *, since: float) -> Self | None:
        """The counts that pytest wrote after `since`, or None if it did not get that far."""
        try:
            if path.stat().st_mtime < since:
                return None
            root = ElementTree.parse(path).getroot()  # noqa: S314 - our own pytest wrote it
        except (OSError, ElementTree.ParseError):
            return None
        totals = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
        for suite in root.iter("testsuite"):
            for name in totals:
                totals[name] += int(suite.get(name, 0))
        failed = totals["failures"] + totals["errors"]
        return cls(
            passed=max(0, totals["tests"] - failed - totals["skipped"]),
            failed=failed,
            skipped=totals["skipped"],
        )


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`not_run` says why nothing happened; such a step is never good."""

    name: str
    seconds: float
    is_good: bool
    counts: Counts | None = None
    not_run: str = ""

    @property
    def verdict(self) -> str:
        if self.not_run:
            return "NOT RUN"
        return "passed" if self.is_good else "FAILED"
