"""Kill real processes at every armed point, start them again, and look whether anything was lost or repeated.

    python -m tests.kill.farm --seeds 20 --points c03 c08

Each run forks a worker from this process (so that a start costs milliseconds), with its own SQLite file and data
folder shared by all runs. The worker gets SIGKILL at the point; every second seed the next one gets it again at a
random moment; the last one is left alone until every task rests. One JSON line tells what was found.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

SEND_POINTS = ["c01", "c02"]
WORKER_POINTS = ["c03", "c04", "c07", "c08", "c09", "c10", "c11", "c12", "c13", "c14", "c15"]
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
    chance = random.Random(f"{point}-{seed}")
    token = uuid4()
    started = time.monotonic()
    if point in SEND_POINTS:
        died = _wait(_fork(lambda: _send(token), crash_at=point))
        _send(token)
    else:
        _send(token)
        died = _wait(_fork(_work, crash_at=f"{point}:1"))
    if chance.random() < 0.5:
        second = _fork(_work)
        _wait(second, until=lambda: False, seconds=chance.uniform(0.0, 1.2))
    last = _fork(_work)
    _wait(last, until=lambda: _all_rest(token), seconds=DEADLINE_SECONDS)
    wrong = _what_is_wrong(token)
    if died != -signal.SIGKILL:
        wrong.append(f"the point was never reached: the process ended with {died}")
    return {"point": point, "seed": seed, "seconds": round(time.monotonic() - started, 2), "wrong": wrong}


def _send(token: Any) -> None:
    """Press the button, as the web process does. Pressing again with the same token is what people do."""
    from studio import recipes
    from studio.models import Connection
    from tests.factories import inbox

    recipes.send(
        RECIPE["recipe"],
        user=RECIPE["user"],
        project=inbox(),
        shot=None,
        connection=Connection.objects.get(provider="local"),
        takes=1,
        token=token,
    )


def _work() -> None:
    from studio import conductor

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    conductor.run_forever(stop)


def _all_rest(token: Any) -> bool:
    from studio.models import GenerationTask

    return not GenerationTask.objects.active().filter(submission=token).exists()


def _what_is_wrong(token: Any) -> list[str]:
    from studio import invariants
    from studio.models import GenerationTask, Status

    tasks = list(GenerationTask.objects.filter(submission=token).prefetch_related("attempts"))
    wrong = [] if len(tasks) == 1 else [f"{len(tasks)} tasks from one press"]
    for task in tasks:
        jobs = [attempt.job_id for attempt in task.attempts.all() if attempt.job_id]
        if task.status != Status.SUCCEEDED:
            wrong.append(f"ended as {task.status}: {task.error_message} {task.error_detail}")
        if len(jobs) != 1 or len(task.attempts.all()) != 1:
            wrong.append(f"{len(task.attempts.all())} attempts, {len(jobs)} jobs")
    return wrong + [str(broken) for broken in invariants.broken()]


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


RECIPE: dict[str, Any] = {}


def _start_django() -> None:
    os.environ["STUDIO_DATA_DIR"] = tempfile.mkdtemp(prefix="studio-kill-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "r2v_site.settings"
    os.environ["STUDIO_LOG_LEVEL"] = "CRITICAL"
    import django

    django.setup()
    from django.core.management import call_command

    from studio import lifecycle
    from tests.factories import make_file, make_recipe, make_user
    from tests.kill.picture import stored_picture

    call_command("migrate", verbosity=0)
    # A real lease is a minute; what is tested here is what happens when it runs out.
    lifecycle.LEASE = timedelta(milliseconds=400)
    RECIPE["user"] = make_user()
    file = make_file(media=stored_picture())
    RECIPE["recipe"] = make_recipe([file], settings={"duration": 2})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--points", nargs="+", default=SEND_POINTS + WORKER_POINTS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
