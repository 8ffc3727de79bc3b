"""Run every benchmark and write docs/performance.md.

python -m benchmarks               all of them
python -m benchmarks drafts polls  some; the others keep their last figures
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.rows import Row

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results.json"
PAGE = ROOT / "docs" / "performance.md"
ORDER = {
    "machine": "The machine, in the same run",
    "create_page": "Create page",
    "polls": "Polls",
    "history": "History at 1,000,000 tasks",
    "uploads": "Uploads",
    "media": "Media",
    "media_serving": "Serving films",
    "drafts": "Draft render",
    "stalls": "Other pages while readers and uploads stall",
    "first_frame": "First frame of a finished clip",
    "compare_drift": "Compare on one clock",
    "review": "Review at 5,000,000 notes",
    "status_query": "Questions to a provider",
    "callbacks": "Callbacks",
    "in_flight": "Thousands of jobs under way",
    "soak": "Soak",
    "memory": "Memory",
}


def main() -> int:
    chosen = sys.argv[1:] or list(ORDER)
    results: dict[str, list[dict[str, object]]] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for name in chosen:
        print(f"-- {name}", flush=True)
        results[name] = _run(name)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    PAGE.write_text(_page(results))
    missed = [row.name for rows in results.values() for row in map(_row, rows) if not row.holds]
    print("All figures hold." if not missed else f"Missed: {', '.join(missed)}")
    return 1 if missed else 0


def _run(name: str) -> list[dict[str, object]]:
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, env=os.environ.copy()
    )
    print(done.stdout, end="", flush=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def _row(fields: dict[str, object]) -> Row:
    return Row(**fields)  # type: ignore[arg-type]


def _page(results: dict[str, list[dict[str, object]]]) -> str:
    lines = [
        "# Performance",
        "",
        "Measured with `python -m benchmarks`, which rewrites this page. Absolute figures are this machine's; the",
        "ratios travel. Limits are the most a figure may be, unless they say “at least”.",
        "",
        f"Last written {datetime.now(UTC):%Y-%m-%d}.",
    ]
    for name, title in ORDER.items():
        if rows := results.get(name):
            lines += ["", f"## {title}", "", "| figure | measured | limit | holds |", "|---|---|---|---|"]
            lines += [_line(_row(row)) for row in rows]
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    limit = "" if row.limit is None else f"{'at least ' if row.at_least else ''}{row.limit:g} {row.unit}"
    holds = "" if row.limit is None else ("yes" if row.holds else "**no**")
    note = f" ({row.note})" if row.note else ""
    return f"| {row.name}{note} | {row.value:g} {row.unit} | {limit} | {holds} |"


if __name__ == "__main__":
    sys.exit(main())
