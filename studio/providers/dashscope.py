"""Alibaba Model Studio (DashScope), the origin of the model (contract, section 4)."""

from __future__ import annotations

import logging
import mimetypes
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from studio.providers import upstream
from studio.providers.answers import Answer, job_id, link, number, redacted, text, under, word
from studio.providers.base import (
    Account,
    Billed,
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
LABEL = "DashScope"
CREATE = "/api/v1/services/aigc/video-generation/video-synthesis"
JOBS, UPLOADS = "/api/v1/tasks/", "/api/v1/uploads"
LISTED_PER_PAGE, MOST_PAGES = 100, 40
MB = 1_000_000

CAPABILITY = Capability(
    name="dashscope",
    label=LABEL,
    summary="Voice, first frame, up to 15 s",
    price=PriceRule(unit="usd", per_second={"720p": None, "1080p": None}, bills_reference_clips=True),
    max_duration=15,
    max_duration_with_video=10,
    accepts_shot_type=False,
    expected_seconds=150,
    poll_rhythm=((600, 15), (86_400, 30)),
    can_cancel=True,  # as long as the job waits in its queue
    hosts=(
        Host(label="Singapore", url="https://dashscope-intl.aliyuncs.com"),
        Host(label="Beijing", url="https://dashscope.aliyuncs.com"),
    ),
    queries_per_second=20,
    lists_jobs=True,
    takes_data_pictures=True,
    upload_limits={"image": 20 * MB, "video": 100 * MB, "audio": 15 * MB},
    failed_jobs_are_free=True,
    holds_results_seconds=86_400,
    reasons={"shot_type": "Apiframe only. DashScope decides from your prompt."},
    notes={"references": "Seconds of reference clips are charged too."},
)

STATES = {
    "pending": State.QUEUED,
    "running": State.RUNNING,
    "succeeded": State.SUCCEEDED,
    "failed": State.FAILED,
    "canceled": State.CANCELED,
    "cancelled": State.CANCELED,
}
# "UNKNOWN" means over a day old, or never heard of. Only our own clock can tell which, so the job stays open.
NOT_KNOWN_THERE = "unknown"


def create_body(request: VideoRequest) -> dict[str, Any]:
    """The body of a create. With a first frame the ratio is that of the picture, whatever is sent."""
    media: list[dict[str, str]] = []
    if request.first_frame_url:
        media.append({"type": "first_frame", "url": request.first_frame_url})
    for reference in request.references:
        medium = {"type": f"reference_{reference.kind}", "url": reference.url}
        if reference.voice_url:
            medium["reference_voice"] = reference.voice_url
        media.append(medium)
    asked: dict[str, Any] = {"prompt": request.prompt}
    if request.negative_prompt:
        asked["negative_prompt"] = request.negative_prompt
    parameters: dict[str, Any] = {
        "resolution": request.resolution.upper(),
        "ratio": request.ratio,
        "duration": request.duration,
        "prompt_extend": request.prompt_extend,
        "watermark": request.watermark,
        "seed": request.seed,
    }
    given = {name: value for name, value in parameters.items() if value is not None}
    return {"model": MODEL, "input": asked | {"media": media}, "parameters": given}


def create_headers(request: VideoRequest) -> dict[str, str]:
    """Every create is a background one; addresses of its own upload must be announced."""
    urls = [request.first_frame_url or ""]
    for reference in request.references:
        urls += [reference.url, reference.voice_url or ""]
    headers = {"X-DashScope-Async": "enable"}
    if any(url.startswith("oss://") for url in urls):
        headers["X-DashScope-OssResourceResolve"] = "enable"
    return headers


def read_job_id(answer: Answer) -> str:
    """The id of an accepted create. Raises UNCERTAIN for a yes without one: a job may be running."""
    if found := job_id(under(answer.json, "output", "task_id")):
        return found
    raise problem(LABEL, ErrorCategory.UNCERTAIN, detail=answer.detail)


def read_job(json: Any) -> Snapshot:
    """How a job is. Raises ProviderError for what is no answer about a job."""
    output = under(json, "output")
    if not isinstance(output, dict):
        raise problem(LABEL, ErrorCategory.PROVIDER_ERROR, detail="The answer is not about a job.")
    said = word(output.get("task_status"))
    if said == NOT_KNOWN_THERE:
        return Snapshot(state=State.UNKNOWN, detail="DashScope does not know the job, or no longer.")
    state = STATES.get(said, State.UNKNOWN)
    if state == State.UNKNOWN:
        logger.warning("DashScope says %r about a job, which we do not know", said)
        return Snapshot(state=state, is_understood=False, detail=f"task_status {said!r}")
    if state == State.SUCCEEDED:
        return _made(json, output)
    return _failed(output) if state == State.FAILED else Snapshot(state=state)


def read_error(answer: Answer, *, creating: bool, request: VideoRequest | None = None) -> ProviderError:
    """What an answer without a job means; `request` lets it name the input at fault."""
    return refused(LABEL, answer, _refusal(answer), creating=creating, request=request)


class DashScope:
    """One account at DashScope, in the region of its base URL."""

    name = CAPABILITY.name
    capability = CAPABILITY

    def __init__(self, account: Account, *, wire: Wire | None = None) -> None:
        headers = {"Authorization": f"Bearer {account.key}"}
        self._http = ProviderHttp(account, headers=headers, label=LABEL, wire=wire)

    def submit(self, request: VideoRequest, *, key: str) -> str:
        """Start one job. `key` cannot travel: DashScope has no way to recognise a repeat."""
        answer = self._http.create(CREATE, create_body(request), headers=create_headers(request))
        if not answer.is_success:
            raise read_error(answer, creating=True, request=request)
        return read_job_id(answer)

    def fetch(self, job_id: str) -> Snapshot:
        answer = self._http.get(JOBS + quote(job_id, safe=""))
        if not answer.is_success or answer.json is None:
            raise read_error(answer, creating=False)
        return read_job(answer.json)

    def cancel(self, job_id: str) -> bool:
        """Stop a job that still waits there. False if it is past that."""
        answer = self._http.post(f"{JOBS}{quote(job_id, safe='')}/cancel")
        if answer.is_success and isinstance(answer.json, dict):
            return True
        if text(under(answer.json, "code")) == "UnsupportedOperation":
            return False
        raise read_error(answer, creating=False)

    def forget(self, job_id: str) -> None:
        """Nothing is kept here."""

    def check_key(self) -> KeyCheck:
        """The shortest list of jobs: it costs nothing and needs the key."""
        answer = self._http.get(JOBS, {"page_no": "1", "page_size": "1"})
        if not answer.is_success or not isinstance(under(answer.json, "data"), list):
            raise read_error(answer, creating=False)
        return KeyCheck()

    def jobs_between(self, start: datetime, end: datetime) -> list[JobSeen]:
        """The account's jobs of a time within the last 24 hours, whichever of its keys made them.

        The whole list is read and compared by the milliseconds in its rows, because the time zone of its own
        filter is not documented. Raises ProviderError where not every page could be read.
        """
        seen: list[JobSeen] = []
        for page in range(1, MOST_PAGES + 1):
            answer = self._page_of_jobs(page)
            rows = under(answer.json, "data")
            seen += [job for job in map(_listed, rows) if job and start <= job.created_at <= end]
            pages = number(under(answer.json, "total_page"))
            if not rows or (pages is not None and page >= pages):
                return seen
        raise problem(LABEL, ErrorCategory.PROVIDER_ERROR, detail=f"more than {MOST_PAGES} pages of jobs")

    def _page_of_jobs(self, page: int, *, tries: int = 3) -> Answer:
        """Asked for again where it fails: one page would waste all that were read before it."""
        params = {"model_name": MODEL, "page_no": str(page), "page_size": str(LISTED_PER_PAGE)}
        try:
            answer = self._http.get(JOBS, params)
            if not answer.is_success or not isinstance(under(answer.json, "data"), list):
                raise read_error(answer, creating=False)
        except ProviderError as error:
            if tries == 1 or error.category in (ErrorCategory.AUTH, ErrorCategory.RATE_LIMITED):
                raise
            return self._page_of_jobs(page, tries=tries - 1)
        return answer

    def take_file(self, path: Path, *, mime: str) -> str:
        """Upload a file to its temporary place and return the oss:// address. The file's own name stays here."""
        answer = self._http.get(UPLOADS, {"action": "getPolicy", "model": MODEL})
        policy = under(answer.json, "data")
        host = link(under(policy, "upload_host"))
        if not answer.is_success or not host:
            raise read_error(answer, creating=False)
        place = f"{text(under(policy, 'upload_dir'))}/{uuid4().hex}{mimetypes.guess_extension(mime) or ''}"
        fields = {
            "OSSAccessKeyId": text(under(policy, "oss_access_key_id")),
            "Signature": text(under(policy, "signature")),
            "policy": text(under(policy, "policy")),
            "key": place,
            "x-oss-object-acl": text(under(policy, "x_oss_object_acl")),
            "x-oss-forbid-overwrite": text(under(policy, "x_oss_forbid_overwrite")),
            "success_action_status": "200",
        }
        with path.open("rb") as file:
            stored = self._http.upload(host, {"file": (place.rpartition("/")[2], file, mime)}, fields)
        if not stored.is_success:
            raise read_error(stored, creating=False)
        return f"oss://{place}"


def _made(json: Any, output: dict[str, Any]) -> Snapshot:
    if found := link(output.get("video_url")):
        seconds = number(under(json, "usage", "duration"))
        billed = None if seconds is None else Billed(amount=seconds, unit="seconds")
        return Snapshot(state=State.SUCCEEDED, progress=100, video_url=found, billed=billed)
    logger.warning("DashScope says that a job succeeded, and not where its clip is")
    return Snapshot(state=State.UNKNOWN, progress=100, is_understood=False, detail="success without address")


def _failed(output: dict[str, Any]) -> Snapshot:
    code, reason = text(output.get("code")), text(output.get("message"))
    category = upstream.category_of(code, reason) or ErrorCategory.PROVIDER_ERROR
    fault = place_in(reason) if category != ErrorCategory.PROVIDER_ERROR else ""
    return Snapshot(
        state=State.FAILED,
        category=category,
        message=sentence(LABEL, category, reason=reason, fault=fault),
        detail=redacted(f"{code} {reason}".strip())[:2000],
        fault=fault,
    )


def _refusal(answer: Answer) -> Refusal | None:
    code, said = text(under(answer.json, "code")), text(under(answer.json, "message"))
    if not code:
        return None
    return Refusal(
        category=_category(code, said),
        reason=said,
        is_upstream_trouble=code.casefold().startswith("internalerror"),
    )


def _category(code: str, said: str) -> ErrorCategory | None:
    if code.startswith("AccessDenied"):
        is_ours = "synchronous" in said  # a header of ours is missing
        return ErrorCategory.PROVIDER_ERROR if is_ours else ErrorCategory.AUTH
    return upstream.category_of(code, said)


def _listed(row: Any) -> JobSeen | None:
    found, created = job_id(under(row, "task_id")), number(under(row, "gmt_create"))
    if not found or created is None:
        return None
    try:
        return JobSeen(job_id=found, created_at=datetime.fromtimestamp(float(created) / 1000, UTC))
    except (OverflowError, OSError, ValueError):
        return None
