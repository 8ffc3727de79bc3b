"""T-01, M-02, M-08, T-11: processes die, are stopped, lose their disk; no clip and no cent is lost or doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kill.paid_stories import PAID_POINTS, WHILE_WORKING
from tests.kill.stories import POINTS

ROOT = Path(__file__).resolve().parents[2]
ASKED_FOR = os.environ.get("STUDIO_TEST_KILL_SEEDS")
SEEDS = int(ASKED_FOR or "20")
PAID_SEEDS = int(os.environ.get("STUDIO_TEST_PAID_KILL_SEEDS") or ASKED_FOR or "30")
STOPPED_SEEDS = max(PAID_SEEDS // 30, 1)
FULL_SEEDS = max(PAID_SEEDS // 10, 1)
SECONDS_FOR_A_RUN = 6
PAID = pytest.mark.parametrize("provider", ["modelstream", "apiframe", "dashscope"])


@pytest.mark.kill
def test_t01_a_kill_loses_nothing_and_repeats_nothing(tables: Path):
    assert wrong_in(sorted(POINTS), SEEDS, tables) == []


@pytest.mark.kill
@PAID
def test_t01_m02_a_kill_loses_no_cent_and_no_clip_of_a_paid_provider(provider: str, tables: Path):
    assert wrong_in(sorted(PAID_POINTS), PAID_SEEDS, tables, "--provider", provider) == []


@pytest.mark.kill
@PAID
def test_m08_a_worker_stopped_past_its_lease_neither_writes_nor_sends_when_it_wakes(
    provider: str, tables: Path
):
    assert wrong_in(WHILE_WORKING, STOPPED_SEEDS, tables, "--provider", provider, "--how", "stop") == []


@pytest.mark.kill
@PAID
def test_t11_a_disk_that_is_full_for_a_second_anywhere_loses_nothing(provider: str, tables: Path):
    assert wrong_in(["c03"], FULL_SEEDS, tables, "--provider", provider, "--how", "full") == []


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all farms of a run find the empty database that the first of them made."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    return shared / "farm.sqlite3"


def wrong_in(points: list[str], seeds: int, tables: Path, *options: str) -> list[object]:
    """Everything a farm found wrong: nothing, if each run of it came to its end."""
    command = [sys.executable, "-m", "tests.kill.farm", "--points", *points, "--seeds", str(seeds)]
    command += ["--tables", str(tables), *options]
    runs = len(points) * seeds
    timeout = 120 + SECONDS_FOR_A_RUN * runs
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    wrong = [line for line in found if line.get("wrong")]
    is_whole = found[-1:] and found[-1].get("runs") == runs
    return wrong if is_whole else [*wrong, f"the farm stopped early: {done.stderr[-3000:]}"]
