"""The child's walls (THREATS U-04), tried from inside by a child that misbehaves."""

from __future__ import annotations

import os
import platform
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from studio.media import ChildCancelled, ChildFailed, ChildLimits, run_child
from studio.media.child import barriers

ATTEMPT = "studio.media.rehearsal:attempt"


def attempt(what: str, target: object = "", **limits: Any) -> dict[str, Any]:
    return run_child(ATTEMPT, {"what": what, "target": str(target)}, limits=ChildLimits(**limits))


@pytest.fixture(scope="module")
def holding() -> frozenset[str]:
    return barriers()


def needs(barrier: str, holding: frozenset[str]) -> None:
    """A wall that this system cannot build is not promised here."""
    if barrier not in holding:
        pytest.skip(f"this system cannot promise {barrier}")


def test_u04_the_walls_that_every_such_system_has_are_up(holding):
    promised = {"resources", "dies_with_parent"}
    if sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64"):
        promised |= {"no_network", "no_new_programs"}

    assert promised <= holding


def test_only_functions_of_media_and_drafts_can_be_run():
    with pytest.raises(ValueError, match="may not be run"):
        run_child("os:getcwd", {}, limits=ChildLimits())


def test_u04_a_child_sees_an_empty_environment(monkeypatch):
    monkeypatch.setenv("STUDIO_SECRET_KEY", "hunter2")

    seen = attempt("environment")["value"]

    assert set(seen) <= {"LC_ALL", "LC_CTYPE", "MALLOC_ARENA_MAX", "__CF_USER_TEXT_ENCODING"}


def test_u04_a_child_reads_and_writes_where_it_was_told(tmp_path):
    (tmp_path / "given.txt").write_text("given")

    read = attempt("read", tmp_path / "given.txt", read=(tmp_path / "given.txt",))
    wrote = attempt("write", tmp_path / "out.txt", write=(tmp_path,))

    assert read == {"outcome": "done", "value": "given"}
    assert wrote["outcome"] == "done"
    assert (tmp_path / "out.txt").read_text() == "was here"


def test_u04_a_child_cannot_read_a_foreign_file(tmp_path, holding):
    needs("no_foreign_files", holding)
    secret = tmp_path / "secret.key"
    secret.write_text("hunter2")

    for target in (secret, "/etc/passwd", f"/proc/{os.getpid()}/environ", "/proc/self/environ"):
        assert attempt("read", target)["outcome"] == "PermissionError", target


def test_u04_a_child_cannot_write_or_change_a_foreign_file(tmp_path, holding):
    needs("no_foreign_files", holding)
    needs("no_new_programs", holding)
    original = tmp_path / "original.jpg"
    original.write_text("original")

    written = attempt("write", original, read=(original,))
    beside = attempt("write", tmp_path / "new.txt", read=(tmp_path,))
    changed = attempt("change_mode", original, read=(original,))

    assert {written["outcome"], beside["outcome"], changed["outcome"]} == {"PermissionError"}
    assert original.read_text() == "original"


def test_u04_a_child_has_no_network_not_even_its_own_machine(holding):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        outcome = attempt("connect", f"127.0.0.1:{server.getsockname()[1]}")["outcome"]

        assert outcome == "PermissionError"
        with pytest.raises(TimeoutError):
            server.accept()

    needs("no_network", holding)
    assert attempt("connect_without_python")["outcome"] == "PermissionError"


@pytest.mark.parametrize("what", ["fork", "program", "signal_parent"])
def test_u04_a_child_starts_nothing_and_signals_nobody(what, holding):
    needs("no_new_programs", holding)

    assert attempt(what)["outcome"] == "PermissionError"


@pytest.mark.skipif(sys.platform != "linux", reason="macOS does not limit memory by rlimit")
def test_u04_a_child_that_swallows_memory_is_stopped():
    assert attempt("swallow_memory", memory_bytes=200 * 2**20)["outcome"] == "MemoryError"


def test_u04_a_child_that_spins_is_stopped_by_its_processor_seconds():
    with pytest.raises(ChildFailed) as caught:
        attempt("spin", cpu_seconds=1, wall_seconds=30)

    assert caught.value.reason == "cpu"


def test_u04_a_child_that_sleeps_is_stopped_by_the_wall_clock():
    started = time.monotonic()

    with pytest.raises(ChildFailed) as caught:
        attempt("wait", wall_seconds=0.5)

    assert caught.value.reason == "timeout"
    assert time.monotonic() - started < 5


def test_u04_a_child_cannot_write_a_file_beyond_its_limit(tmp_path):
    assert attempt("write", tmp_path / "big", write=(tmp_path,), file_bytes=3)["outcome"] == "OSError"


def test_a_child_that_crashes_is_a_failure_and_not_an_exception_of_its_own():
    with pytest.raises(ChildFailed) as caught:
        attempt("crash")

    assert caught.value.reason == "crashed"


def test_a_child_reports_progress():
    heard: list[float] = []

    run_child(ATTEMPT, {"what": "environment"}, limits=ChildLimits(), on_progress=heard.append)

    assert heard == [0.5]


def test_a_child_can_be_cancelled_while_it_works():
    cancel = threading.Event()

    with pytest.raises(ChildCancelled):
        run_child(
            ATTEMPT,
            {"what": "wait"},
            limits=ChildLimits(wall_seconds=30),
            on_progress=lambda _: cancel.set(),
            cancel=cancel,
        )


def test_a_child_does_not_outlive_a_parent_that_was_killed():
    """A middle process starts a child that waits for ever, says so, and is killed."""
    middle = (
        "from studio.media import ChildLimits, run_child\n"
        "run_child('studio.media.rehearsal:attempt', {'what': 'wait'},"
        " limits=ChildLimits(wall_seconds=60), on_progress=lambda _: print('working', flush=True))"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", middle], cwd=root, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"working\n"
        (child,) = _ask("pgrep", "-P", str(parent.pid)).split()
        parent.kill()

    deadline = time.monotonic() + 10
    while _runs(child):
        assert time.monotonic() < deadline, "the child outlived its parent"


def _runs(process: str) -> bool:
    state = _ask("ps", "-o", "stat=", "-p", process).strip()
    return bool(state) and not state.startswith("Z")


def _ask(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
