"""The supervisor with small real programs: it starts, restarts and stops them, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

import pytest

from r2v_site.supervisor import LONGEST_PAUSE_SECONDS, SETTLED_AFTER_SECONDS, Program, how_it_ended
from tests.running.processes import all_gone, descendants, started
from tests.waiting import wait_until

pytestmark = pytest.mark.kill


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.txt"
    path.touch()
    return path


def supervise(log: Path, *kinds: str):
    return started(["-m", "tests.running.programs", str(log), "supervise", *kinds])


def pids(log: Path, kind: str) -> list[int]:
    return [int(pid) for pid in re.findall(rf"^{kind} started (\d+)$", log.read_text(), re.MULTILINE)]


def test_every_program_is_started_and_stopped_with_it(log):
    with supervise(log, "obedient", "obedient") as supervisor:
        assert wait_until(lambda: len(pids(log, "obedient")) == 2)
        children = descendants(supervisor.pid)

        supervisor.send_signal(signal.SIGTERM)

        assert supervisor.wait(timeout=5) == 0
        assert all_gone(children, seconds=0)
        assert log.read_text().count("obedient stopped") == 2


def test_ctrl_c_stops_it_as_well(log):
    with supervise(log, "obedient") as supervisor:
        assert wait_until(lambda: pids(log, "obedient"))

        supervisor.send_signal(signal.SIGINT)

        assert supervisor.wait(timeout=5) == 0
        assert "obedient stopped" in log.read_text()


def test_a_killed_program_starts_again(log):
    with supervise(log, "obedient"):
        assert wait_until(lambda: pids(log, "obedient"))

        os.kill(pids(log, "obedient")[0], signal.SIGKILL)

        assert wait_until(lambda: len(pids(log, "obedient")) == 2)
        assert "The obedient was ended by SIGKILL. It starts again in 0.5 s." in log.read_text()


def test_a_program_that_keeps_dying_is_started_less_and_less_often(log):
    with supervise(log, "brief"):
        assert wait_until(lambda: "again in 2 s" in log.read_text())

    assert re.findall(r"again in ([\d.]+) s", log.read_text())[:3] == ["0.5", "1", "2"]


def test_a_stubborn_program_is_ended_within_ten_seconds(log):
    with supervise(log, "stubborn") as supervisor:
        assert wait_until(lambda: "stubborn ready" in log.read_text())
        children = descendants(supervisor.pid)
        began = time.monotonic()

        supervisor.send_signal(signal.SIGTERM)

        assert supervisor.wait(timeout=15) == 0
        assert time.monotonic() - began < 10
        assert all_gone(children, seconds=0)


def test_nobody_outlives_a_killed_supervisor(log):
    with supervise(log, "obedient", "obedient") as supervisor:
        assert wait_until(lambda: len(pids(log, "obedient")) == 2)
        children = descendants(supervisor.pid)

        supervisor.kill()

        assert all_gone(children, seconds=5)


def test_the_pause_grows_to_a_limit_and_shrinks_after_a_long_life():
    program = Program(name="web", command=["true"])
    program.started_at = time.monotonic()

    pauses = [program.plan_restart() for _ in range(10)]
    program.started_at = time.monotonic() - SETTLED_AFTER_SECONDS - 1

    assert pauses[:3] == [0.5, 1.0, 2.0]
    assert pauses[-1] == LONGEST_PAUSE_SECONDS
    assert program.plan_restart() == 0.5


@pytest.mark.parametrize(("code", "words"), [(3, "stopped with code 3"), (-9, "was ended by SIGKILL")])
def test_an_end_is_told_in_words(code, words):
    assert how_it_ended(code) == words
