"""Kill real processes at every armed point, start them again, and look whether anything was lost or repeated.

    python -m tests.kill.farm --seeds 20 --points c03 c08

Each run forks its processes from this one (so that a start costs milliseconds), with one SQLite file and data
folder shared by all runs. The first process gets SIGKILL at the point; every second seed the next one gets it again
at a random moment; the last one is left alone until the story is over (see tests.kill.stories). One JSON line tells
what was found.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.kill.stories import Story

DEADLINE_SECONDS = 60.0


def main() -> int:
    options = _options()
    _start_django()
    runs = [(point, seed) for point in options.points for seed in range(options.first_seed, options.seeds)]
    failed = 0
    for point, seed in runs:
        found = _one_run(point, seed)
        failed += bool(found["wrong"])
        print(json.dumps(found), flush=True)
    print(json.dumps({"runs": len(runs), "failed": failed}), flush=True)
    return 1 if failed else 0


def _one_run(point: str, seed: int) -> dict[str, Any]:
    from tests.kill.stories import POINTS

    chance = random.Random(f"{point}-{seed}")
    started = time.monotonic()
    story = POINTS[point](point, chance, **CAST)
    died = _wait(_fork(story.dies, crash_at=f"{point}:1"))
    if chance.random() < 0.5:
        _wait(_fork(story.goes_on), until=lambda: False, seconds=chance.uniform(0.0, 1.2))
    _wait(_fork(story.goes_on), until=story.is_over)
    wrong = _what_is_wrong(story)
    if died != -signal.SIGKILL:
        wrong.append(f"the point was never reached: the process ended with {died}")
    return {"point": point, "seed": seed, "seconds": round(time.monotonic() - started, 2), "wrong": wrong}


def _what_is_wrong(story: Story) -> list[str]:
    from studio import invariants

    late = [] if story.is_over() else [f"not over after {DEADLINE_SECONDS:.0f} s"]
    return [*late, *story.wrong(), *invariants.broken()]


def _fork(job: Callable[[], None], crash_at: str = "") -> int:
    from django.db import connections

    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    os.environ["STUDIO_CRASH_AT"] = crash_at
    try:
        job()
        os._exit(0)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(70)


def _wait(pid: int, *, until: Callable[[], bool] | None = None, seconds: float = DEADLINE_SECONDS) -> int:
    """Wait for the process to die; with `until`, kill it -9 once that is true or the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline or (until and until()):
            os.kill(pid, signal.SIGKILL)
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        time.sleep(0.02)


CAST: dict[str, Any] = {}


def _start_django() -> None:
    os.environ["STUDIO_DATA_DIR"] = tempfile.mkdtemp(prefix="studio-kill-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "r2v_site.settings"
    os.environ["STUDIO_LOG_LEVEL"] = "CRITICAL"
    import django

    django.setup()
    from django.core.management import call_command

    from studio import fixing, lifecycle
    from tests.kill.stories import first_cast

    call_command("migrate", verbosity=0)
    # A real lease lasts longer; what is tested here is what happens when it runs out.
    lifecycle.LEASE = fixing.LEASE = timedelta(milliseconds=400)
    fixing.LOOK_EVERY_SECONDS = 0.1
    CAST.update(first_cast())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--points", nargs="+", required=True)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
