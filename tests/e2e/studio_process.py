"""A whole studio in its own processes and data folder: the same command that people run."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.e2e.studio_python import StudioPython
from tests.running.processes import ROOT, command_line, descendants, is_gone
from tests.waiting import wait_until

OWNER_EMAIL = "mara@studio.example"
OWNER_PASSWORD = "slow dandelion breakfast"
DATABASE = "studio.sqlite3"
ACTIVE = {"queued", "submitting", "running", "saving"}
STARTS_WITHIN = 90.0
STOPS_WITHIN = 20.0


class LiveStudio:
    """`manage.py run` with web and worker. `start` returns when it answers; everything is gone after `stop`.

    `environment` holds further settings of this studio; it may be filled until the start. `sample_id` is the
    clip that pages are looked at with. It begins with a copy of `database`, if there is one.
    """

    def __init__(self, data_dir: Path, *, with_owner: bool = True, database: Path | None = None) -> None:
        self.data_dir = data_dir
        self.environment: dict[str, str] = {}
        self.sample_id = ""
        self.port = free_port()
        self.base_url = f"http://localhost:{self.port}"
        self._with_owner = with_owner
        self._database = database
        self._process: subprocess.Popen[bytes] | None = None
        self._python: StudioPython | None = None

    @property
    def log(self) -> str:
        return (self.data_dir / "run.log").read_text(encoding="utf-8", errors="replace")

    @property
    def owner_link(self) -> str:
        """The one-time link that the console shows."""
        found = re.findall(r"http://\S+/welcome/\S+/", self.log)
        return found[-1] if found else ""

    def start(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        if self._database and not (self.data_dir / DATABASE).exists():
            shutil.copy(self._database, self.data_dir / DATABASE)
        said = self.log.count("R2V Studio is running") if (self.data_dir / "run.log").exists() else 0
        with (self.data_dir / "run.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "run"],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        if not wait_until(
            lambda: self.log.count("R2V Studio is running") > said or self._is_over(), seconds=STARTS_WITHIN
        ):
            raise RuntimeError(f"The studio did not start.\n{self.log}")
        if self._is_over():
            raise RuntimeError(f"The studio ended at once.\n{self.log}")

    def stop(self) -> None:
        if self._python:
            self._python.close()
            self._python = None
        if self._process and not self._is_over():
            left = descendants(self._process.pid)
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            for pid in left:
                if not is_gone(pid):
                    os.kill(pid, signal.SIGKILL)

    def restart(self) -> None:
        self.stop()
        self.start()

    def kill_worker(self) -> None:
        """kill -9, as a full memory would. The supervisor starts another one."""
        self._kill("worker")

    def kill_web(self) -> None:
        self._kill("web")

    def manage(self, *arguments: str) -> str:
        """What a management command prints, run on this studio's data."""
        ran = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise RuntimeError(
                f"{' '.join(arguments)[:60]} ended with {ran.returncode}:\n{ran.stdout}{ran.stderr}"
            )
        return ran.stdout

    def python(self, code: str) -> str:
        """Run Python inside this studio and give back what it prints. RuntimeError if it ends in an exception."""
        if self._python is None:
            self._python = StudioPython(self._environment())
        return self._python.run(code)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Look into the database, without changing it."""
        path = self.data_dir / DATABASE
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20) as connection:
            return connection.execute(query, values).fetchall()

    def task_statuses(self) -> list[str]:
        return [row[0] for row in self.rows("SELECT status FROM studio_generationtask ORDER BY id")]

    def task_ids(self) -> list[str]:
        """In the order they were asked for, as addresses carry them."""
        return [
            str(UUID(row[0])) for row in self.rows("SELECT task_id FROM studio_generationtask ORDER BY id")
        ]

    def is_busy(self) -> bool:
        """Whether anything is being made, or waits to be."""
        return any(status in ACTIVE for status in self.task_statuses())

    def _kill(self, program: str) -> None:
        assert self._process is not None
        victims = [
            pid
            for pid in descendants(self._process.pid)
            if {"web": "r2v_site.web_server"}.get(program, program) in command_line(pid)
        ]
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        assert victims, f"no {program} was running"

    def _is_over(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _environment(self) -> dict[str, str]:
        own = {
            "STUDIO_DATA_DIR": str(self.data_dir),
            "STUDIO_PORT": str(self.port),
            "STUDIO_HOST": "127.0.0.1",
            "PYTHONUNBUFFERED": "1",
        }
        if self._with_owner:
            own |= {"STUDIO_OWNER_EMAIL": OWNER_EMAIL, "STUDIO_OWNER_PASSWORD": OWNER_PASSWORD}
        own["DJANGO_SETTINGS_MODULE"] = "r2v_site.settings"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("STUDIO_")}
        return kept | own | self.environment


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
