"""ModelStream: Wan 2.7 reference-to-video (contract, section 2).

Only its create call is documented. What it answers about a job is inferred from the gateway software it appears to
run, in four shapes; every guess about them is in `read_job` and the helpers below it. Its texts may be Chinese and
carry ids of others, so none is shown unless it can be quoted.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from studio.providers import upstream
from studio.providers.answers import Answer, job_id, link, parsed, percent, redacted, text, under, word
from studio.providers.base import (
    Account,
    Capability,
    ErrorCategory,
    Host,
    JobSeen,
    KeyCheck,
    PriceRule,
    ProviderError,
    Snapshot,
    State,
    VideoRequest,
)
from studio.providers.http import ProviderHttp
from studio.providers.pointing import place_in
from studio.providers.refusals import Refusal, refused
from studio.providers.sentences import problem, sentence
from studio.providers.wire import Wire

logger = logging.getLogger(__name__)

MODEL = "wan2.7-r2v"
LABEL = "ModelStream"
CREATE, JOBS, MODELS = "/v1/video/generations", "/v1/video/generations/", "/v1/models"

CAPABILITY = Capability(
    name="modelstream",
    label=LABEL,
    summary="Voice, first frame, up to 15 s",
    price=PriceRule(unit="usd", per_second={"720p": None, "1080p": None}),
    needs=frozenset({"image"}),  # its own form marks a picture as required
    max_duration=15,
    max_duration_with_video=10,
    accepts_shot_type=False,
    expected_seconds=90,
    poll_rhythm=((120, 10), (600, 15), (86_400, 30)),
    hosts=(Host(label="ModelStream", url="https://api.modelstream.ai"),),
    queries_per_second=5,  # its own limit is not published
    holds_results_seconds=86_400,  # the model's own address is handed through
    reasons={"shot_type": "Apiframe only. ModelStream decides from your prompt."},
    notes={
        "references": "ModelStream needs at least one picture.",
        "voice": "Experimental with ModelStream: listen to a first clip before you make many.",
        "resolution": "The price can differ between the two.",
    },
)

STATES = {
    "queued": State.QUEUED,
    "not_start": State.QUEUED,
    "submitted": State.QUEUED,
    "pending": State.QUEUED,
    "in_progress": State.RUNNING,
    "processing": State.RUNNING,
    "running": State.RUNNING,
    "unknown": State.RUNNING,
    "completed": State.SUCCEEDED,
    "succeeded": State.SUCCEEDED,
    "success": State.SUCCEEDED,
    "failed": State.FAILED,
    "failure": State.FAILED,
    "error": State.FAILED,
    "canceled": State.CANCELED,
    "cancelled": State.CANCELED,
    "expired": State.EXPIRED,
}
_URLS: tuple[tuple[str, ...], ...] = (
    ("url",),
    ("result_url",),
    ("data", "url"),
    ("data", "result_url"),
    ("data", "fail_reason"),  # older builds kept the address of a finished clip here
    ("data", "data", "output", "video_url"),
    ("metadata", "url"),
    ("data", "metadata", "url"),
    ("video_url",),
)
_REASONS: tuple[tuple[str, ...], ...] = (
    ("error", "message"),
    ("error",),
    ("data", "error", "message"),
    ("data", "error"),
    ("data", "fail_reason"),
    ("data", "data", "output", "message"),
    ("data", "data", "message"),
    ("fail_reason",),
)
_CODES: tuple[tuple[str, ...], ...] = (
    ("data", "data", "output", "code"),
    ("data", "data", "code"),
    ("error", "code"),
    ("data", "error", "code"),
)
_TASK_FAILED = re.compile(r"code: *(?P<code>[\w.\-]+) *, *message: *(?P<message>.*)", re.DOTALL)
_AVAILABLE = re.compile(r"剩余额度[:：]\s*[＄$]?(\d+(?:\.\d+)?)")
_NEEDED = re.compile(r"需要预扣费额度[:：]\s*[＄$]?(\d+(?:\.\d+)?)")


def create_body(request: VideoRequest) -> dict[str, Any]:
    """The body of a create. `metadata` is merged over the mapped request there, so it repeats nothing."""
    media: list[dict[str, str]] = []
    if request.first_frame_url:
        media.append({"type": "first_frame", "url": request.first_frame_url})
    for reference in request.references:
        medium = {"type": f"reference_{reference.kind}", "url": reference.url}
        if reference.voice_url:
            medium["reference_voice"] = reference.voice_url
        media.append(medium)
    asked: dict[str, Any] = {"media": media}
    if request.negative_prompt:
        asked["negative_prompt"] = request.negative_prompt
    parameters: dict[str, Any] = {
        "ratio": request.ratio,
        "prompt_extend": request.prompt_extend,
        "watermark": request.watermark,
        "seed": request.seed,
    }
    given = {name: value for name, value in parameters.items() if value is not None}
    return {
        "model": MODEL,
        "prompt": request.prompt,
        "size": request.resolution.upper(),
        "duration": request.duration,
        "metadata": {"input": asked, "parameters": given},
    }


def read_job_id(answer: Answer) -> str:
    """The id of an accepted create. Raises UNCERTAIN for a yes without one: a job may be running."""
    for path in (("task_id",), ("id",), ("data", "task_id"), ("data", "id")):
        if found := job_id(under(answer.json, *path)):
            return found
    raise problem(LABEL, ErrorCategory.UNCERTAIN, detail=answer.detail)


def read_job(json: Any) -> Snapshot:
    """How a job is, in any of the four shapes. Raises ProviderError for what is no answer about a job."""
    if not isinstance(json, dict):
        raise problem(LABEL, ErrorCategory.PROVIDER_ERROR, detail="The answer is not about a job.")
    said = word(under(json, "data", "status")) or word(under(json, "status"))
    state = STATES.get(said, State.UNKNOWN)
    if said == "unknown" and _first_text(json, _REASONS):
        state = State.UNKNOWN
    progress = percent(under(json, "data", "progress"))
    if progress is None:
        progress = percent(under(json, "progress"))
    if state == State.SUCCEEDED:
        return _made(json)
    if state == State.FAILED:
        return _failed(json)
    if state == State.UNKNOWN:
        logger.warning("ModelStream says %r about a job, which we do not know", said)
        return Snapshot(state=state, progress=progress, is_understood=False, detail=f"status {said!r}")
    return Snapshot(state=state, progress=progress if state in (State.QUEUED, State.RUNNING) else None)


def read_error(answer: Answer, *, creating: bool, request: VideoRequest | None = None) -> ProviderError:
    """What an answer without a job means; `request` lets it name the input at fault."""
    return refused(LABEL, answer, _refusal(answer), creating=creating, request=request)


class ModelStream:
    """One account at ModelStream."""

    name = CAPABILITY.name
    capability = CAPABILITY

    def __init__(self, account: Account, *, wire: Wire | None = None) -> None:
        headers = {"Authorization": f"Bearer {account.key}"}
        self._http = ProviderHttp(account, headers=headers, label=LABEL, wire=wire)

    def submit(self, request: VideoRequest, *, key: str) -> str:
        """Start one job. `key` cannot travel: ModelStream has no way to recognise a repeat."""
        answer = self._http.create(CREATE, create_body(request))
        if not answer.is_success:
            raise read_error(answer, creating=True, request=request)
        return read_job_id(answer)

    def fetch(self, job_id: str) -> Snapshot:
        answer = self._http.get(JOBS + quote(job_id, safe=""))
        if not answer.is_success or answer.json is None:
            raise read_error(answer, creating=False)
        return read_job(answer.json)

    def cancel(self, job_id: str) -> bool:
        """ModelStream has no way to stop a job."""
        return False

    def forget(self, job_id: str) -> None:
        """Nothing is kept here."""

    def check_key(self) -> KeyCheck:
        answer = self._http.get(MODELS)
        models = under(answer.json, "data")
        if not answer.is_success or not isinstance(models, list):
            raise read_error(answer, creating=False)
        is_named = any(under(model, "id") == MODEL for model in models)
        return KeyCheck(note="" if is_named else f"Its list of models does not name {MODEL}.")

    def jobs_between(self, start: datetime, end: datetime) -> list[JobSeen]:
        """ModelStream does not list jobs."""
        return []

    def take_file(self, path: Path, *, mime: str) -> str:
        """ModelStream takes no files, only addresses."""
        raise problem(LABEL, ErrorCategory.MEDIA_UNREACHABLE, detail="no upload")


def _made(json: dict[str, Any]) -> Snapshot:
    found = next(filter(None, (link(under(json, *path)) for path in _URLS)), "")
    if found:
        return Snapshot(state=State.SUCCEEDED, progress=100, video_url=found)
    logger.warning("ModelStream says that a job succeeded, and not where its clip is")
    return Snapshot(state=State.UNKNOWN, progress=100, is_understood=False, detail="success without address")


def _failed(json: dict[str, Any]) -> Snapshot:
    reason = _first_text(json, _REASONS)
    code = _first_text(json, _CODES)
    if told := _TASK_FAILED.search(reason):
        code, reason = code or told["code"], told["message"]
    category = upstream.category_of(code, reason) or ErrorCategory.PROVIDER_ERROR
    fault = place_in(reason) if category != ErrorCategory.PROVIDER_ERROR else ""
    return Snapshot(
        state=State.FAILED,
        category=category,
        message=sentence(LABEL, category, reason=reason, fault=fault),
        detail=redacted(f"{code} {reason}".strip())[:2000],
        fault=fault,
    )


def _first_text(json: dict[str, Any], paths: tuple[tuple[str, ...], ...]) -> str:
    return next(filter(None, (text(under(json, *path)) for path in paths)), "")


def _refusal(answer: Answer) -> Refusal | None:
    """Either body style, or None. The message may itself be the JSON of whoever said no further up."""
    json = answer.json
    inner = under(json, "error") if isinstance(under(json, "error"), dict) else json
    if not isinstance(inner, dict) or not ({"message", "code"} & inner.keys()):
        return None
    code, said, pointed = text(inner.get("code")), text(inner.get("message")), text(inner.get("param"))
    above = parsed(said) if said.startswith("{") else None
    if isinstance(above, dict):
        code, said = text(above.get("code")) or code, text(above.get("message"))
    # "code" is often empty or general, and the type tells
    told = (upstream.category_of(each, said) for each in (code, text(inner.get("type"))))
    return Refusal(
        category=next(filter(None, told), None),
        reason=said,
        points_at=f"{pointed} {said}".strip(),
        needs=" ".join(_amounts(said)),
        is_upstream_trouble=code.casefold().startswith(("internalerror", "do_request_failed")),
    )


def _amounts(said: str) -> Iterator[str]:
    needed, available = _NEEDED.search(said), _AVAILABLE.search(said)
    if needed and available:
        yield f"This clip needs {_dollars(needed[1])} and {_dollars(available[1])} is left."


def _dollars(amount: str) -> str:
    return f"${Decimal(amount):.2f}"
