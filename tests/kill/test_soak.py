"""Two hundred takes at three providers, a third of all calls wrong, and a process killed all the time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TASKS = os.environ.get("STUDIO_TEST_SOAK_TASKS", "200")
NOTHING = {"lost": 0, "stuck": 0, "duplicated": 0, "paid_twice": 0, "broken": 0}


@pytest.mark.kill
def test_t01_t03_m02_a_soak_ends_with_every_job_a_clip_or_a_sentence_and_every_cent_counted():
    command = [sys.executable, "-m", "tests.kill.soak", "--tasks", TASKS, "--seed", "7"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=3600, check=False)

    found = json.loads(done.stdout or "{}")
    assert {name: found.get(name) for name in NOTHING} == NOTHING, (found, done.stderr[-3000:])
    assert {float(value) for value in found["difference"].values()} == {0.0}, found
    assert done.returncode == 0
