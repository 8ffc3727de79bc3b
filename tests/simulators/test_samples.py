"""Every situation that a sample shows is answered like the sample."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.simulators import calls
from tests.simulators.here import Here, running
from tests.simulators.options import Name
from tests.simulators.shapes import differences, sample, sample_status

Situation = Callable[[Here], httpx.Response]


def after(state: Callable[[Here], str]) -> Situation:
    return lambda here: calls.status(here, state(here))


def ended(outcome: str) -> Situation:
    return lambda here: calls.status(here, calls.finished(here, outcome))


def spoiled(where: str, what: str) -> Situation:
    def ask(here: Here) -> httpx.Response:
        here.fault(where, what)  # type: ignore[arg-type]
        return calls.create(here)

    return ask


def cancel(here: Here, job_id: str) -> httpx.Response:
    return here.client.post(f"/api/v1/tasks/{job_id}/cancel")


def canceled(here: Here) -> httpx.Response:
    job_id = calls.created(here)
    cancel(here, job_id)
    return calls.status(here, job_id)


def two_tasks(here: Here) -> httpx.Response:
    calls.created(here)
    calls.finished(here)
    return here.client.get("/api/v1/tasks/")


def with_header(**headers: str) -> Situation:
    return lambda here: calls.create(here, **headers)


def conflict(here: Here) -> httpx.Response:
    calls.create(here, Idempotency_Key="one")
    return calls.create(here, calls.body(here, prompt="Something else"), Idempotency_Key="one")


def replay(here: Here) -> httpx.Response:
    calls.create(here, Idempotency_Key="one")
    here.advance(15)
    return calls.create(here, Idempotency_Key="one")


def too_poor(here: Here) -> httpx.Response:
    here.simulator.ledger.run("UPDATE accounts SET credits = 12")
    return calls.create(here)


def inactive(here: Here) -> httpx.Response:
    here.simulator.ledger.run("UPDATE accounts SET state = 'inactive'")
    return calls.create(here)


def uploaded(here: Here) -> httpx.Response:
    pixel = base64.b64decode("/9j/4AAQSkZJRgABAQ==")
    return here.client.post("/v2/uploads", files={"file": ("a.jpg", pixel, "image/jpeg")})


def listed(here: Here) -> httpx.Response:
    calls.running_job(here)
    return here.client.get("/v2/jobs", params={"limit": 20, "model": "wan-2.7-r2v"})


APIFRAME: dict[str, Situation] = {
    "create-response.json": calls.create,
    "create-response.replay.json": replay,
    "status-queued.json": after(calls.created),
    "status-running.json": after(calls.running_job),
    "status-succeeded.json": ended(""),
    "status-failed.json": ended("moderation"),
    "status-cancelled.json": ended("canceled"),
    "status-expired.json": ended("expired"),
    "jobs-list.json": listed,
    "upload-response.json": uploaded,
    "me-response.json": lambda here: here.client.get("/v2/me"),
    "models-response.json": lambda here: here.client.get("/v2/models?modality=video"),
    "error-401.json": with_header(X_API_Key="afk_wrong"),
    "error-401.missing-key.json": with_header(X_API_Key=""),
    "error-402.json": too_poor,
    "error-403.json": inactive,
    "error-404.json": lambda here: calls.status(here, "7b0d6f54-3c1e-4d0b-9c52-2f8a4f6f1e11"),
    "error-409.json": conflict,
    "error-429.json": spoiled("create", "rate_limited"),
    "error-503.json": spoiled("create", "json_503"),
}
DASHSCOPE: dict[str, Situation] = {
    "create-response.json": calls.create,
    "status-queued.json": after(calls.created),
    "status-running.json": after(calls.running_job),
    "status-succeeded.json": ended(""),
    "status-failed.moderation.json": ended("moderation"),
    "status-canceled.json": canceled,
    "status-unknown.json": lambda here: calls.status(here, "966cebcd-dedc-4962-af88-000000000001"),
    "tasks-list.json": two_tasks,
    "cancel-response.json": lambda here: cancel(here, calls.created(here)),
    "upload-policy.json": lambda here: here.client.get("/api/v1/uploads?action=getPolicy&model=wan2.7-r2v"),
    "error-400.json": lambda here: calls.create(here, {**calls.body(here), "input": {"prompt": "A fox"}}),
    "error-400.cancel.json": lambda here: cancel(here, calls.running_job(here)),
    "error-400.moderation.json": spoiled("create", "moderation"),
    "error-400.media-download.json": spoiled("create", "media_download"),
    "error-400.arrearage.json": spoiled("create", "balance"),
    "error-401.json": with_header(Authorization="Bearer sk-wrong"),
    "error-403.sync.json": with_header(X_DashScope_Async="no"),
    "error-429.json": spoiled("create", "rate_limited"),
    "error-500.json": spoiled("create", "error_500"),
}
MODELSTREAM: dict[tuple[str, str], Situation] = {
    ("B", "create-response.json"): calls.create,
    ("D", "create-response.openai-video.json"): calls.create,
    ("legacy", "create-response.id-only.json"): calls.create,
    ("A", "status-queued.json"): after(calls.created),
    ("A", "status-running.json"): after(calls.running_job),
    ("A", "status-succeeded.json"): ended(""),
    ("A", "status-failed.json"): ended("moderation"),
    ("B", "status-not-start.wrapped.json"): after(calls.created),
    ("B", "status-running.wrapped.json"): after(calls.running_job),
    ("B", "status-succeeded.wrapped.json"): ended(""),
    ("B", "status-failed.wrapped.json"): ended("moderation"),
    ("legacy", "status-succeeded.wrapped-legacy.json"): ended(""),
    ("C", "status-succeeded.wrapped-flat.json"): ended(""),
    ("D", "status-succeeded.openai-video.json"): ended(""),
    ("B", "error-400.json"): lambda here: calls.create(here, calls.body(here, duration=40)),
    ("B", "error-400.task.json"): lambda here: calls.create(here, calls.body(here, metadata={"input": {}})),
    ("B", "error-400.moderation.json"): spoiled("create", "moderation"),
    ("B", "error-400.task-not-exist.json"): lambda here: calls.status(here, "task_nobody"),
    ("B", "error-401.json"): with_header(Authorization="Bearer sk-wrong"),
    ("B", "error-403.insufficient-quota.json"): spoiled("create", "balance"),
    ("B", "error-429.json"): spoiled("create", "rate_limited"),
    ("B", "error-429.task.json"): spoiled("create", "chinese"),
    ("B", "error-500.task.json"): spoiled("create", "error_500"),
    ("B", "error-503.json"): spoiled("create", "json_503"),
}
CASES: list[tuple[Name, str, str, Situation]] = [
    *(("apiframe", "B", name, situation) for name, situation in APIFRAME.items()),
    ("apiframe", "string", "status-succeeded.string-result.json", ended("")),
    ("apiframe", "videos", "status-succeeded.videos-array.json", ended("")),
    *(("dashscope", "B", name, situation) for name, situation in DASHSCOPE.items()),
    *(("modelstream", shape, name, situation) for (shape, name), situation in MODELSTREAM.items()),
]


@pytest.mark.parametrize(
    ("provider", "shape", "name", "situation"), CASES, ids=[f"{case[0]}-{case[2]}" for case in CASES]
)
def test_the_simulator_answers_like_the_sample(
    tmp_path: Path, provider: Name, shape: str, name: str, situation: Situation
) -> None:
    with running(provider, tmp_path, shape=shape) as here:
        answer = situation(here)

    assert answer.status_code == sample_status(provider, name)
    assert differences(answer.json(), sample(provider, name)) == []
