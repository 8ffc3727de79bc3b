"""T-01: a process dies at each armed point; nothing is lost, nothing is made or paid for twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kill.paid_stories import PAID_POINTS
from tests.kill.stories import POINTS

ROOT = Path(__file__).resolve().parents[2]
SEEDS = int(os.environ.get("STUDIO_TEST_KILL_SEEDS", "20"))
PAID_SEEDS = int(
    os.environ.get("STUDIO_TEST_PAID_KILL_SEEDS", os.environ.get("STUDIO_TEST_KILL_SEEDS", "30"))
)
SECONDS_FOR_A_RUN = 5


@pytest.mark.kill
def test_t01_a_kill_loses_nothing_and_repeats_nothing():
    runs = len(POINTS) * SEEDS

    found, said = _farmed(["--seeds", str(SEEDS)], runs)

    assert [line for line in found[:-1] if line["wrong"]] == [], said
    assert found[-1] | {"seconds": 0} == {"runs": runs, "failed": 0, "seconds": 0}, said


@pytest.mark.kill
@pytest.mark.parametrize("provider", ["modelstream", "apiframe", "dashscope"])
def test_t01_m02_a_kill_loses_no_cent_and_no_clip_of_a_paid_provider(provider: str):
    runs = len(PAID_POINTS) * PAID_SEEDS

    found, said = _farmed(["--provider", provider, "--seeds", str(PAID_SEEDS)], runs)

    assert [line for line in found[:-1] if line["wrong"]] == [], said
    assert found[-1] | {"seconds": 0} == {"runs": runs, "failed": 0, "seconds": 0}, said


def _farmed(options: list[str], runs: int) -> tuple[list[dict[str, object]], str]:
    command = [sys.executable, "-m", "tests.kill.farm", *options]
    timeout = 120 + SECONDS_FOR_A_RUN * runs
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()] or [{}], done.stderr[-4000:]
