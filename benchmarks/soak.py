"""10,000 takes at the three simulated providers, with 30 % of the calls gone wrong and a kill every 5 to 40 seconds.

What the ledgers and the studio's rows say in the end (see tests.kill.soak). With the name of a file it reads what
such a run printed instead of making one.

    python -m benchmarks.soak [FILE]
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.rows import Row, show
from benchmarks.studio_server import ROOT

RUN = "--tasks 10000 --faults 0.3 --kill-every 5-40 --speed 8 --at-once 600"


def main() -> None:
    if len(sys.argv) > 1:
        printed = Path(sys.argv[1]).read_text(encoding="utf-8")
    else:
        command = [sys.executable, "-m", "tests.kill.soak", *RUN.split()]
        printed = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False).stdout
    _show(json.loads(printed))


def _show(found: dict[str, Any]) -> None:
    takes = sum(found["takes"].values())
    note = f"{found['jobs']} jobs, {found['kills']} kills, {found['seconds']} s"
    show(Row(name="takes", value=takes, unit="", limit=10_000, at_least=True, note=note))
    for name in ("lost", "stuck", "duplicated", "paid_twice", "broken"):
        words = "broken invariants" if name == "broken" else name.replace("_", " ")
        show(Row(name=words, value=found[name], unit="", limit=0))
    for provider, difference in found["difference"].items():
        name = f"difference to the ledger of {provider}"
        show(Row(name=name, value=abs(float(difference)), unit="", limit=0))
    left = sum(found["for_a_person"].values())
    show(Row(name="answers that were lost for good, for a person to look at", value=left, unit=""))


if __name__ == "__main__":
    main()
