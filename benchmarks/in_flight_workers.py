"""The studio of `in_flight`: rows of running jobs, and workers that ask about them. Prints their memory as JSON."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import django

PER_VERSION = 4


def main(jobs: int, seconds: float, workers: int, base_url: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "r2v_site.settings"
    os.environ["STUDIO_ALLOW_PRIVATE_ADDRESSES"] = "1"
    os.environ["STUDIO_LOG_LEVEL"] = "ERROR"
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0)
    _fill(jobs, base_url)
    connections.close_all()
    pids = [_start_worker() for _ in range(workers)]
    time.sleep(seconds)
    memory = max(_megabytes(pid) for pid in pids)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    print(json.dumps({"memory": memory}))


def _fill(jobs: int, base_url: str) -> None:
    """As many running jobs, every one of them due."""
    from django.utils import timezone

    from studio.connections import provider_accounts
    from studio.models import Attempt, GenerationTask, Status, Version
    from studio.recipes import Settings
    from tests.factories import make_recipe, make_tasks

    account = provider_accounts.connect("dashscope", "sk-benchmark-0001", base_url=base_url)
    key = provider_accounts.current_key(account)
    [model] = make_tasks(recipe=make_recipe(), connection=account)
    now = timezone.now()
    versions = [
        Version(
            shot=model.version.shot,
            number=number,
            prompt="A walk",
            created_by=model.created_by,
            **asdict(Settings()),
        )
        for number in range(2, jobs // PER_VERSION + 2)
    ]
    Version.objects.bulk_create(versions, batch_size=500)
    shared = {
        "project": model.project,
        "connection": account,
        "provider": "dashscope",
        "submission": model.submission,
        "created_by": model.created_by,
        "created_at": now,
        "started_at": now,
        "next_at": now - timedelta(seconds=1),
        "status": Status.RUNNING,
    }
    tasks = [
        GenerationTask(version=version, number=number, job_id=f"job-{version.pk}-{number}", **shared)
        for version in versions
        for number in range(1, PER_VERSION + 1)
    ]
    GenerationTask.objects.bulk_create(tasks, batch_size=500)
    attempts = [
        Attempt(task=task, number=1, intended_at=now, accepted_at=now, job_id=task.job_id, connection_key=key)
        for task in GenerationTask.objects.filter(status=Status.RUNNING).iterator()
    ]
    Attempt.objects.bulk_create(attempts, batch_size=500)
    GenerationTask.objects.filter(pk=model.pk).update(next_at=now + timedelta(days=1))


def _start_worker() -> int:
    from studio import conductor

    pid = os.fork()
    if pid == 0:
        conductor.run_forever(threading.Event())
        os._exit(0)
    return pid


def _megabytes(pid: int) -> float:
    """Memory that is its own, from the kernel's account of the process."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    kilobytes = [
        int(line.split()[1]) for line in lines if line.startswith(("Private_Dirty:", "Private_Clean:"))
    ]
    return round(sum(kilobytes) / 1024, 1)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
