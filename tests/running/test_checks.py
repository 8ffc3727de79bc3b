"""The check runner: its table, its closing line, and what it says of tools that are not there."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from scripts.checks import report, steps, tools
from scripts.checks.outcome import Counts, Outcome

JUNIT = '<testsuites><testsuite tests="10" failures="1" errors="2" skipped="3"/></testsuites>'


def outcome(
    name: str = "tests", *, is_good: bool = True, counts: Counts | None = None, not_run: str = ""
) -> Outcome:
    return Outcome(name=name, seconds=1.0, is_good=is_good, counts=counts, not_run=not_run)


def test_the_counts_come_from_what_pytest_wrote(tmp_path):
    results = tmp_path / "results.xml"
    results.write_text(JUNIT)

    assert Counts.from_junit(results, since=0.0) == Counts(passed=4, failed=3, skipped=3)


def test_results_of_an_earlier_run_do_not_count(tmp_path):
    results = tmp_path / "results.xml"
    results.write_text(JUNIT)

    assert Counts.from_junit(results, since=results.stat().st_mtime + 1) is None


@pytest.mark.parametrize("text", ["", "<testsuites", "not xml"])
def test_results_that_were_cut_off_do_not_count(tmp_path, text):
    results = tmp_path / "results.xml"
    results.write_text(text)

    assert Counts.from_junit(results, since=0.0) is None


def test_the_closing_line_adds_everything_up():
    outcomes = [
        outcome("lint"),
        outcome("tests", is_good=False, counts=Counts(passed=8, failed=2, skipped=1)),
    ]

    assert report.lines(outcomes)[-1] == "9 passed, 2 failed, 1 skipped"


def test_a_test_run_that_broke_off_is_a_failure():
    assert report.lines([outcome(is_good=False)])[-1] == "0 passed, 1 failed, 0 skipped"
    assert (
        report.lines([outcome(is_good=False, counts=Counts(passed=5))])[-1] == "5 passed, 1 failed, 0 skipped"
    )


def test_steps_that_did_not_run_are_named_with_their_reason():
    lines = report.lines(
        [outcome("html tests", is_good=False, not_run="no Java could be found or installed")]
    )

    assert any("html tests" in line and "no Java" in line for line in lines)
    assert any(line.startswith("Not everything ran: html tests.") for line in lines)


def test_without_a_browser_only_its_own_tests_are_left_out():
    missing = {
        step.name for step in steps.plan(browser=None, firefox="x", java="x", postgres="x") if step.missing
    }

    assert missing == {"browser tests", "browser alone", "html tests"}


def test_without_firefox_only_its_own_tests_are_left_out():
    plan = steps.plan(browser="x", firefox=None, java="x", postgres="x")

    assert [(step.name, step.missing) for step in plan if step.missing] == [
        ("firefox tests", "no Firefox 153 or later could be found or installed")
    ]


def test_without_java_only_the_html_tests_are_left_out():
    missing = {
        step.name for step in steps.plan(browser="x", firefox="x", java=None, postgres="x") if step.missing
    }

    assert missing == {"html tests"}


def test_without_postgresql_only_its_own_step_is_left_out():
    left_out = [
        step for step in steps.plan(browser="x", firefox="x", java="x", postgres=None) if step.missing
    ]

    assert [step.name for step in left_out] == ["postgresql"]
    assert "no PostgreSQL server" in left_out[0].missing


def test_every_room_of_tests_runs_on_postgresql_or_is_known_to_need_no_database():
    rooms = {path.parent.name for path in Path("tests").glob("*/__init__.py")}

    assert set(steps.WITHOUT_DATABASE) <= rooms
    assert {"access", "damage", "engine", "history", "uploads"} <= rooms - set(steps.WITHOUT_DATABASE)


def test_a_postgresql_that_does_not_run_is_not_taken(tmp_path, monkeypatch):
    (tmp_path / "initdb").touch()
    monkeypatch.setenv("STUDIO_TEST_POSTGRES", str(tmp_path))

    assert tools.postgres_programs() is None


def test_a_step_that_did_not_run_is_not_good(capfd):
    step = steps.Step(name="templates", command=["true"], missing="no tool")

    result = steps.run(step, {})

    assert not result.is_good
    assert result.not_run == "no tool"


@pytest.mark.parametrize(("command", "is_good"), [("true", True), ("false", False)])
def test_a_step_is_as_good_as_its_exit_code(command, is_good, capfd):
    assert steps.run(steps.Step(name="lint", command=[f"/usr/bin/{command}"]), {}).is_good is is_good


def test_every_test_runs_in_exactly_one_step():
    """The expressions, over every combination of the marks."""
    expressions = [step.command[4] for step in steps.test_steps(browser="x", firefox="x", java="x")]

    for given in product([False, True], repeat=5):
        marks = dict(zip(("browser", "firefox", "kill", "html", "alone"), given, strict=True))
        chosen = [each for each in expressions if eval(each, {}, marks)]
        assert len(chosen) == 1, f"{marks} runs in {chosen}"


def test_the_tests_do_not_see_the_settings_of_this_machine(monkeypatch):
    monkeypatch.setenv("STUDIO_PUBLIC_URL", "https://studio.example")
    monkeypatch.setenv("DATABASE_URL", "postgres://production")

    environment = steps.environment("/usr/bin/chromium", None, "/usr/bin/firefox-esr")

    assert "STUDIO_PUBLIC_URL" not in environment
    assert "DATABASE_URL" not in environment
    assert environment["STUDIO_TEST_BROWSER"] == "/usr/bin/chromium"
    assert environment["STUDIO_TEST_FIREFOX"] == "/usr/bin/firefox-esr"


def test_no_process_of_a_test_compiles_what_another_has_compiled(monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")

    environment = steps.environment(None, None)

    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert environment["PYTHONPYCACHEPREFIX"].startswith(environment["STUDIO_DATA_DIR"])


def test_a_named_browser_is_taken_only_if_it_runs(tmp_path, monkeypatch):
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("STUDIO_TEST_BROWSER", str(broken))

    assert tools.named("STUDIO_TEST_BROWSER") is None


def test_the_first_program_that_runs_is_taken(tmp_path: Path, monkeypatch):
    works = tmp_path / "google-chrome"
    works.write_text("#!/bin/sh\nexit 0\n")
    works.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert tools.first_that_runs(tools.BROWSER_NAMES, ["/nowhere/chromium"]) == str(works)


def test_nothing_is_installed_where_we_may_not(monkeypatch):
    monkeypatch.setattr(tools, "administrator_prefix", lambda: None)

    assert not tools.install_from_debian(["chromium"])


@pytest.mark.parametrize(
    ("version", "is_taken"), [("140.12.0esr", False), ("153.7.0esr", True), ("201.0", True)]
)
def test_an_installed_firefox_that_is_too_old_is_none(tmp_path, monkeypatch, version, is_taken):
    firefox = tmp_path / "firefox"
    firefox.write_text(f"#!/bin/sh\necho 'Mozilla Firefox {version}'\n")
    firefox.chmod(0o755)
    monkeypatch.setenv("STUDIO_TEST_FIREFOX", str(firefox))
    monkeypatch.setattr(tools, "install_from_debian", lambda packages: False)

    assert tools.find_firefox() == (str(firefox) if is_taken else None)
