"""`manage.py run`, for real: web and worker together, in a data folder of their own."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import pytest

from r2v_site.health import is_healthy
from tests.running.processes import all_gone, command_line, descendants, started
from tests.waiting import wait_until

pytestmark = pytest.mark.kill
SLOW_MACHINE = 120.0  # seconds until something that takes two or three must have happened


@dataclass
class Studio:
    """A running studio and what it has said so far."""

    process: Popen[bytes]
    port: int
    environment: dict[str, str]
    output: Path

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")

    def is_ready(self) -> bool:
        return self.get("/readyz") == 200

    def state(self) -> str:
        """For the message of a test that fails."""
        answers = {path: self.get(path) for path in ("/healthz", "/readyz")}
        return f"{answers} {descendants(self.process.pid)}\n{self.said()}"

    def get(self, path: str) -> int:
        """The status of an answer; 0 when there is none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def pids(self, name: str) -> list[int]:
        """The processes of the web server or the worker, parents first."""
        word = {"web": "r2v_site.web_server"}.get(name, name)
        found = (pid for pid in descendants(self.process.pid) if word in command_line(pid))
        return sorted(found)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """A studio that has said where it is and is ready."""
    environment = {"STUDIO_DATA_DIR": str(tmp_path / "data"), "STUDIO_PORT": str(free_port())}
    output = tmp_path / "output.txt"
    with started(["manage.py", "run"], environment, output) as process:
        running = Studio(process, int(environment["STUDIO_PORT"]), environment, output)
        assert wait_until(lambda: "is running" in running.said(), seconds=SLOW_MACHINE), running.state()
        assert wait_until(running.is_ready, seconds=SLOW_MACHINE), running.state()
        yield running


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_one_command_starts_everything_and_one_signal_stops_it(studio):
    children = descendants(studio.process.pid)
    began = time.monotonic()

    studio.process.send_signal(signal.SIGTERM)

    assert studio.process.wait(timeout=15) == 0
    assert time.monotonic() - began < 10
    assert all_gone(children, seconds=0)


def test_it_answers_at_the_address_it_names_and_hands_out_the_owner_link(studio):
    address = f"http://localhost:{studio.port}"

    assert f"R2V Studio is running: {address}" in studio.said()
    link = re.search(rf"{re.escape(address)}(/\S+)", studio.said())
    assert link
    assert studio.get(link[1]) == 200


def test_it_says_nothing_but_its_greeting(studio):
    lines = studio.said().splitlines()

    assert lines[0].startswith("Preparing the database")
    assert not re.search(r"WARNING|ERROR|Traceback|granian", studio.said())
    assert len(lines) < 15


def test_a_second_start_carries_on_with_the_same_data(studio, tmp_path):
    studio.process.send_signal(signal.SIGINT)
    assert studio.process.wait(timeout=15) == 0
    again = tmp_path / "again.txt"

    with started(["manage.py", "run"], studio.environment, again) as process:
        assert wait_until(lambda: "is running" in again.read_text(), seconds=SLOW_MACHINE)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0

    assert "Preparing the database" not in again.read_text()


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_killed_program_is_back_within_seconds(studio, name):
    before = studio.pids(name)

    os.kill(before[0], signal.SIGKILL)

    assert wait_until(
        lambda: set(studio.pids(name)).isdisjoint(before) and studio.pids(name), seconds=SLOW_MACHINE
    )
    assert wait_until(studio.is_ready, seconds=SLOW_MACHINE)
    assert all_gone(set(before), seconds=5)


def test_a_killed_serving_process_is_replaced(studio):
    server, serving = studio.pids("web")

    os.kill(serving, signal.SIGKILL)

    assert wait_until(lambda: is_healthy("127.0.0.1", studio.port), seconds=SLOW_MACHINE)
    assert studio.pids("web")[0] == server


def test_nothing_is_left_when_the_supervisor_is_killed(studio):
    children = descendants(studio.process.pid)

    studio.process.kill()

    assert len(children) == 3
    assert all_gone(children, seconds=12)
    assert not is_healthy("127.0.0.1", studio.port)


def test_a_second_studio_in_the_same_folder_is_refused_with_a_sentence(studio, tmp_path):
    output = tmp_path / "second.txt"
    environment = {**studio.environment, "STUDIO_PORT": str(free_port())}

    with started(["manage.py", "run"], environment, output) as second:
        assert second.wait(timeout=SLOW_MACHINE) == 1

    assert "A studio is already running with the data in" in output.read_text()


def test_a_port_that_is_taken_is_named_with_the_setting(studio, tmp_path):
    output = tmp_path / "second.txt"
    environment = {**studio.environment, "STUDIO_DATA_DIR": str(tmp_path / "elsewhere")}

    with started(["manage.py", "run"], environment, output) as second:
        assert second.wait(timeout=SLOW_MACHINE) == 1

    assert f"Port {studio.port} is used by another program." in output.read_text()
    assert "STUDIO_PORT" in output.read_text()
