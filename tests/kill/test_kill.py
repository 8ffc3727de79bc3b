"""T-01: a process dies at each armed point; nothing is lost, nothing is made twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kill.stories import POINTS

ROOT = Path(__file__).resolve().parents[2]
SEEDS = int(os.environ.get("STUDIO_TEST_KILL_SEEDS", "20"))


@pytest.mark.kill
@pytest.mark.parametrize("point", sorted(POINTS))
def test_t01_a_kill_loses_nothing_and_repeats_nothing(point: str):
    command = [sys.executable, "-m", "tests.kill.farm", "--points", point, "--seeds", str(SEEDS)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line for line in lines if line.get("wrong")] == [], done.stderr
    assert lines[-1:] == [{"runs": SEEDS, "failed": 0}], done.stderr
