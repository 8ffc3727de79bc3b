"""What is checked, in which order, and how one check is run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from scripts.checks.outcome import Counts, Outcome
from scripts.checks.tools import FIREFOX_FROM

PYTHON = sys.executable
RESULTS = Path("check-results")
CORES = os.cpu_count() or 1
# Long, and about the wire, the doors or the media rather than about the database. What PostgreSQL refuses and
# SQLite takes is met by access/test_strange_values.py, at every address.
SAME_ON_ANY_DATABASE = (
    "access/test_every_address.py",
    "access/test_every_role.py",
    "access/test_extra_fields.py",
    "access/test_headers.py",
    "files/test_fixing.py",
    "paid/test_callbacks.py",
    "paid/test_delivery.py",
    "paid/test_k_keys.py",
    "paid/test_m03_lost_answers.py",
    "paid/test_s_addresses.py",
    "paid/test_t_answers.py",
    "paid/test_t_clocks_and_stumbles.py",
    "paid/test_t_keys.py",
    "paid/test_t_outages.py",
    "paid/test_t_results.py",
    "review/test_frames.py",
)
NO_BROWSER = "not browser and not firefox and not html"
PROVIDERS = ("MODELSTREAM_", "APIFRAME_", "DASHSCOPE_")
WITHOUT_DATABASE = (
    "bucket",
    "design",
    "drafts",
    "e2e",
    "kill",
    "media",
    "providers",
    "running",
    "simulators",
    "site",
    "templatetags",
)
LIKE_PRODUCTION = {
    "STUDIO_PUBLIC_URL": "https://studio.example",
    "STUDIO_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "STUDIO_MAIL_URL": "smtp://mail.studio.example",
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One check. `missing` says what it would need; such a step is named and not run."""

    name: str
    command: Sequence[str]
    extra_environment: Mapping[str, str] = field(default_factory=dict)
    is_pytest: bool = False
    missing: str = ""


def environment(browser: str | None, java: str | None, firefox: str | None = None) -> dict[str, str]:
    """The tests' environment: where browsers and Java are, and none of this machine's studio settings."""
    kept = {name: value for name, value in os.environ.items() if not is_studio_setting(name)}
    data = Path(tempfile.mkdtemp(prefix="r2v-studio-checks-"))
    (data / "static").mkdir()  # nothing is collected for tests; the folder alone keeps WhiteNoise quiet
    kept["STUDIO_DATA_DIR"] = str(data)
    # A test starts hundreds of processes: sources are compiled for the first, wherever bytecode is not kept.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    kept["PYTHONPYCACHEPREFIX"] = str(data / "compiled")
    if browser:
        kept["STUDIO_TEST_BROWSER"] = browser
    if firefox:
        kept["STUDIO_TEST_FIREFOX"] = firefox
    if java:
        kept["STUDIO_TEST_JAVA"] = java
    return kept


def is_studio_setting(name: str) -> bool:
    is_ours = name.startswith("STUDIO_") and not name.startswith("STUDIO_TEST_")
    return is_ours or name == "DATABASE_URL" or name.startswith(PROVIDERS)


def plan(*, browser: str | None, firefox: str | None, java: str | None, postgres: str | None) -> list[Step]:
    """Every step, cheap ones first."""
    tests = test_steps(browser=browser, firefox=firefox, java=java)
    return [*static_steps(), *tests, postgres_step(postgres)]


def static_steps() -> list[Step]:
    templates = sorted(map(str, Path("templates").rglob("*.html")))
    manage = [PYTHON, "manage.py"]
    return [
        Step(name="format", command=[PYTHON, "-m", "ruff", "format", "--check", "."]),
        Step(name="lint", command=[PYTHON, "-m", "ruff", "check", "."]),
        Step(name="templates", command=[tool("djade"), "--check", "--target-version", "6.1", *templates]),
        Step(name="imports", command=[tool("lint-imports"), "--no-logo", "--no-cache"]),
        Step(name="types", command=[PYTHON, "-m", "mypy"]),
        Step(name="migrations", command=[*manage, "makemigrations", "--check", "--dry-run"]),
        Step(
            name="deployment",
            command=[*manage, "check", "--deploy", "--fail-level", "WARNING"],
            extra_environment=LIKE_PRODUCTION,
        ),
    ]


def test_steps(*, browser: str | None, firefox: str | None, java: str | None) -> list[Step]:
    """Unit tests on every core; then, by themselves, those with real processes and real browsers.

    `html` tests need a browser's pages and Java; they are a part of `browser`.
    """
    no_browser = "" if browser else "no Chromium or Chrome could be found or installed"
    no_firefox = "" if firefox else f"no Firefox {FIREFOX_FROM} or later could be found or installed"
    no_java = "" if java else "no Java could be found or installed"
    return [
        pytest_step("tests", f"not kill and {NO_BROWSER}", processes=CORES),
        pytest_step("kill tests", f"kill and {NO_BROWSER}", processes=min(CORES, 2)),
        pytest_step(
            "browser tests",
            "browser and not alone and not firefox and not html",
            processes=min(CORES, 2),
            missing=no_browser,
        ),
        pytest_step(
            "browser alone", "browser and alone and not firefox and not html", processes=1, missing=no_browser
        ),
        pytest_step("firefox tests", "firefox and not html", processes=1, missing=no_firefox),
        pytest_step("html tests", "html", processes=1, missing=no_browser or no_java),
    ]


def postgres_step(programs: str | None) -> Step:
    """Everything that touches the database, once more, on PostgreSQL."""
    marks = f"not kill and not sqlite and {NO_BROWSER}"
    once = pytest_step(
        "postgresql", marks, processes=min(CORES, 2), leave_out=(*WITHOUT_DATABASE, *SAME_ON_ANY_DATABASE)
    )
    if not programs:
        return replace(once, missing="no PostgreSQL server could be found or installed")
    return replace(once, command=[PYTHON, "-m", "scripts.checks.postgres", programs, *once.command])


def pytest_step(
    name: str,
    marks: str,
    *,
    processes: int,
    missing: str = "",
    leave_out: Sequence[str] = (),
    more: Sequence[str] = (),
) -> Step:
    results = RESULTS / f"{name.replace(' ', '-')}.xml"
    spread = ["-n", str(processes), "--dist", "loadgroup"] if processes > 1 else ["-n", "0"]
    ignored = [f"--ignore=tests/{room}" for room in leave_out]
    command = [PYTHON, "-m", "pytest", "-m", marks, *ignored, *more, *spread, f"--junitxml={results}"]
    return Step(name=name, command=command, is_pytest=True, missing=missing)


def tool(name: str) -> str:
    """A command that a package put beside this Python."""
    return str(Path(PYTHON).parent / name)


def run(step: Step, base: Mapping[str, str]) -> Outcome:
    """Run one step with its output live."""
    if step.missing:
        print(f"\n== {step.name}: not run, {step.missing}", flush=True)
        if step.is_pytest:
            list_tests(step, base)
        return Outcome(name=step.name, seconds=0.0, is_good=False, not_run=step.missing)
    print(f"\n== {step.name}", flush=True)
    started = time.monotonic()
    code = subprocess.run(step.command, env={**base, **step.extra_environment}, check=False).returncode
    seconds = time.monotonic() - started
    if not step.is_pytest:
        return Outcome(name=step.name, seconds=seconds, is_good=code == 0)
    counts = Counts.from_junit(Path(step.command[-1].partition("=")[2]), since=time.time() - seconds - 1)
    return Outcome(name=step.name, seconds=seconds, is_good=code == 0, counts=counts)


def list_tests(step: Step, base: Mapping[str, str]) -> None:
    """Name the tests that do not run."""
    command = [*step.command[:-1], "--collect-only", "-q", "-n", "0", "--no-header"]
    subprocess.run(command, env=dict(base), check=False)


def run_pytest_alone(arguments: Sequence[str], base: Mapping[str, str]) -> int:
    return subprocess.run([PYTHON, "-m", "pytest", *arguments], env=dict(base), check=False).returncode
