"""T-01, M-02, M-08, T-11: processes die, are stopped, lose their disk; no clip and no cent is lost or doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

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
STEP = int(os.environ.get("STUDIO_TEST_KILL_STEP") or "10")
MOST_CHANGES = 100  # of one story
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


@pytest.mark.kill
@pytest.mark.parametrize(
    ("provider", "points"),
    [
        ("local", ["c01", "c03", "c16", "c19", "f01", "u01"]),
        ("modelstream", ["c01", "c03", "c18", "c19"]),
        ("apiframe", ["c01", "c03", "c18", "c19"]),
        ("dashscope", ["c01", "c03", "c18", "c19"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_t01_a_kill_before_any_commit_write_or_rename_loses_nothing(
    provider: str, points: list[str], tables: Path
):
    """Before every tenth change of each story here, each provider from another one on (STUDIO_TEST_KILL_STEP)."""
    begin = 1 + ["local", "modelstream", "apiframe", "dashscope"].index(provider) % STEP
    each = ["--provider", provider, "--how", "each", "--step", str(STEP), "--first-seed", str(begin)]

    found = run_farm(points, len(points) * MOST_CHANGES // STEP, tables, *each)

    assert [line for line in found if line.get("wrong")] == []
    assert found[-1]["runs"] > len(points)


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all farms of a run find the empty database that the first of them made."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    return shared / "farm.sqlite3"


def wrong_in(points: list[str], seeds: int, tables: Path, *options: str) -> list[object]:
    """Everything a farm found wrong: nothing, if each run of it came to its end."""
    runs = len(points) * seeds
    found = run_farm(points, runs, tables, "--seeds", str(seeds), *options)
    wrong: list[object] = [line for line in found if line.get("wrong")]
    return wrong if found[-1]["runs"] == runs else [*wrong, found[-1]]


def run_farm(points: list[str], runs: int, tables: Path, *options: str) -> list[dict[str, Any]]:
    """What it told of each run, and of all of them at the end. `runs` says how long it may take."""
    command = [
        sys.executable,
        "-m",
        "tests.kill.farm",
        "--points",
        *points,
        "--tables",
        str(tables),
        *options,
    ]
    timeout = 120 + SECONDS_FOR_A_RUN * runs
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    if found[-1:] and "runs" in found[-1]:
        return found
    return [*found, {"wrong": f"the farm stopped early: {done.stderr[-3000:]}", "runs": 0}]
