"""A simulator as a process: killed at any moment, it goes on where it was."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.running.processes import ROOT, is_gone
from tests.simulators.process import SimulatorProcess
from tests.simulators.shapes import sample
from tests.waiting import wait_until

pytestmark = pytest.mark.kill
BODY = sample("apiframe", "create-request.json")


def create(provider: SimulatorProcess, key: str) -> httpx.Response:
    headers = {"X-API-Key": provider.key, "Idempotency-Key": key}
    return httpx.post(f"{provider.base_url}/v2/videos/generate", json=BODY, headers=headers, trust_env=False)


def test_a_killed_simulator_keeps_jobs_money_faults_and_address(tmp_path: Path) -> None:
    with SimulatorProcess("apiframe", tmp_path, fetching="none") as provider:
        provider.fault("create", "reset_after")
        provider.fault("create", "json_503", after=1)
        address = provider.base_url
        with pytest.raises(httpx.HTTPError):
            create(provider, "one")

        provider.kill()
        kept = [job.idempotency for job in provider.ledger.jobs()]
        provider.restart()

        answers = [create(provider, key).status_code for key in ("one", "one", "two")]
        assert kept == ["one"]
        assert provider.base_url == address
        assert answers == [202, 503, 202]
        assert [create.is_new for create in provider.creates()] == [True, False, True]
        assert provider.ledger.balance() == 170


def test_the_simulated_clock_goes_on_after_a_kill(tmp_path: Path) -> None:
    with SimulatorProcess("apiframe", tmp_path, fetching="none") as provider:
        job_id = create(provider, "one").json()["jobId"]
        provider.advance(200)
        provider.restart()

        url = f"{provider.base_url}/v2/jobs/{job_id}"
        answer = httpx.get(url, headers={"X-API-Key": provider.key}, trust_env=False)

    assert answer.json()["status"] == "COMPLETED"


def test_a_kill_in_the_middle_leaves_no_job_without_its_price_and_no_answer_without_its_job(
    tmp_path: Path,
) -> None:
    answered: list[str] = []

    def order(number: int) -> None:
        with contextlib.suppress(httpx.HTTPError):
            answered.append(create(provider, f"attempt-{number}").json()["jobId"])

    with SimulatorProcess("apiframe", tmp_path, fetching="none", credits=1_000_000) as provider:
        with ThreadPoolExecutor(8) as pool:
            pool.map(order, range(80))
            assert wait_until(lambda: len(answered) >= 20)
            provider.kill()

        jobs = {job.id for job in provider.ledger.jobs()}
        assert len(jobs) < 80
        assert set(answered) <= jobs
        assert jobs == {row.job_id for row in provider.ledger.money()}
        assert jobs == {row.job_id for row in provider.creates() if row.is_new}
        assert provider.ledger.credits(provider.key) == 1_000_000 - 85 * len(jobs)


def test_the_back_door_wants_its_token(tmp_path: Path) -> None:
    with SimulatorProcess("apiframe", tmp_path) as provider:
        door = f"{provider._control_url}/_control/clear"

        answers = [
            httpx.post(door, headers=headers, trust_env=False) for headers in ({}, {"X-Control-Token": "x"})
        ]

        assert [answer.status_code for answer in answers] == [403, 403]
        with pytest.raises(ValueError, match="knows no fault"):
            provider.fault("job", "sunshine")


def test_a_simulator_that_is_down_refuses_until_it_is_up(tmp_path: Path) -> None:
    with SimulatorProcess("apiframe", tmp_path) as provider:
        provider.down()
        with pytest.raises(httpx.ConnectError):
            create(provider, "one")

        provider.up()

        assert create(provider, "one").status_code == 202


def test_the_command_starts_three_and_leaves_none(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "simulate_providers", "--speed", "10", "--folder", str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = ""
    while "Ctrl-C" not in said:
        said += process.stdout.readline()
    exported = dict(
        line.removeprefix("export ").split("=", 1) for line in said.splitlines() if "export " in line
    )
    answer = httpx.get(
        f"{exported['APIFRAME_BASE_URL']}/v2/me",
        headers={"X-API-Key": exported["APIFRAME_API_KEY"]},
        trust_env=False,
    )

    process.terminate()

    assert answer.status_code == 200
    assert exported["STUDIO_ALLOW_PRIVATE_ADDRESSES"] == "1"
    assert process.wait(20) == 0
    assert wait_until(lambda: is_gone(process.pid))


def test_the_command_says_when_a_port_is_taken(tmp_path: Path) -> None:
    with SimulatorProcess("apiframe", tmp_path) as provider:
        taken = str(provider.options.port)
        command = [sys.executable, "manage.py", "simulate_providers", "--ports", taken, "0", "0"]

        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert ended.returncode == 1
    assert f"Port {taken} cannot be used" in ended.stderr
    assert "Traceback" not in ended.stderr
