"""What happens to the processes of a story: killed at a point or before a change, stopped past a lease, a full disk.

Each returns sentences about what went wrong with the trouble itself.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import time
from collections.abc import Callable

from tests.kill import haste
from tests.kill.processes import fork, kill, wait
from tests.kill.stories import Story

FULL_AT = 2048  # bytes: no file may grow beyond, neither a clip nor the database's log
FULL_FOR_SECONDS = 1.0


def killed(story: Story, deadline: float) -> list[str]:
    """SIGKILL at the point; every second time once more at a random moment; then all goes on."""
    died = story.first_death()
    haste.let_leases_run_out()
    if story.chance.random() < 0.5:
        wait(fork(story.goes_on), until=lambda: False, seconds=story.chance.uniform(0.0, 0.4))
        haste.let_leases_run_out()
    story.press_again()
    wait(fork(story.goes_on), until=story.is_over, seconds=deadline)
    if died != -signal.SIGKILL:
        return [f"the point was never reached: the process ended with {died}"]
    return []


def before_change(story: Story, number: int, deadline: float) -> tuple[str, list[str]]:
    """SIGKILL before change `number` to the disk; then all goes on. Which change that was; "" if there were fewer."""
    told = story.scene.folder / "before"
    told.unlink(missing_ok=True)
    ended = story.dies_before(number, told)
    what = told.read_text() if told.exists() else ""
    haste.let_leases_run_out()
    story.press_again()
    wait(fork(story.goes_on), until=story.is_over, seconds=deadline)
    return what, [] if what or ended in (0, -signal.SIGKILL) else [f"the process ended with {ended}"]


def stopped(story: Story, deadline: float) -> list[str]:
    """SIGSTOP at the point, past the lease; another worker goes on; then the first one wakes up in its step (M-08)."""
    sleeper = story.sleeps()
    if not sleeper:
        return ["the point was never reached"]
    haste.let_leases_run_out()
    wait(fork(story.goes_on), until=story.is_over, seconds=deadline)
    haste.let_leases_run_out()
    os.kill(sleeper, signal.SIGCONT)
    time.sleep(
        story.chance.uniform(0.1, 0.4)
    )  # whatever it does now, it does to a take that is no longer its own
    kill(sleeper)
    haste.let_leases_run_out()
    wait(fork(story.goes_on), until=story.is_over, seconds=deadline)
    return []


def full(story: Story, deadline: float) -> list[str]:
    """For a second no file of the worker may grow (T-11). Nobody touches anything; it goes on by itself."""
    worker = fork(story.goes_on)
    time.sleep(story.chance.uniform(0.0, 0.8))
    _let_grow(worker, FULL_AT)
    time.sleep(FULL_FOR_SECONDS)
    _let_grow(worker, resource.RLIM_INFINITY)
    ended = wait(worker, until=story.is_over, seconds=deadline)
    return [] if ended == -signal.SIGKILL else [f"the worker did not live through it: {ended}"]


def _let_grow(pid: int, limit: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


ALL: dict[str, Callable[[Story, float], list[str]]] = {"kill": killed, "stop": stopped, "full": full}
