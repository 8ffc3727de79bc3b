"""The calls that tests make of a simulator, by provider."""

from __future__ import annotations

import io
from typing import Any

import httpx
from PIL import Image

from tests.simulators.here import Here
from tests.simulators.shapes import sample

CREATE = {
    "modelstream": "/v1/video/generations",
    "apiframe": "/v2/videos/generate",
    "dashscope": "/api/v1/services/aigc/video-generation/video-synthesis",
}
STATUS = {"modelstream": "/v1/video/generations/", "apiframe": "/v2/jobs/", "dashscope": "/api/v1/tasks/"}


def body(here: Here, **changes: Any) -> dict[str, Any]:
    """The sample's small request, with top-level changes."""
    return {**sample(here.simulator.options.name, "create-request.json"), **changes}


def create(here: Here, content: Any = None, **headers: str) -> httpx.Response:
    path = CREATE[here.simulator.options.name]
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return here.client.post(path, json=body(here) if content is None else content, headers=named)


def created(here: Here) -> str:
    """A new job's id."""
    create(here)
    return here.simulator.ledger.jobs()[-1].id


def status(here: Here, job_id: str) -> httpx.Response:
    return here.client.get(STATUS[here.simulator.options.name] + job_id)


def finished(here: Here, outcome: str = "") -> str:
    """A job that is over."""
    if outcome:
        here.fault("job", outcome)
    job_id = created(here)
    here.advance(200)
    return job_id


def running_job(here: Here) -> str:
    job_id = created(here)
    here.advance(15)
    return job_id


def result_url(here: Here, job_id: str) -> str:
    job = here.simulator.ledger.job(job_id)
    assert job is not None
    return here.simulator.result_url(job)


def picture(size: tuple[int, int] = (320, 320), mode: str = "RGB", form: str = "PNG") -> bytes:
    """A plain picture of one colour."""
    out = io.BytesIO()
    Image.new(mode, size, "#aa7755").save(out, form)
    return out.getvalue()
