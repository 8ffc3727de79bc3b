"""Apiframe v2: Wan 2.7 reference-to-video (contract, section 3). The best specified of the three; it refuses keys that
it does not know, recognises a repeated create by its key, and says what a job cost.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import mimetypes
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from studio.providers import upstream
from studio.providers.answers import (
    Answer,
    job_id,
    link,
    number,
    parsed,
    percent,
    redacted,
    text,
    under,
    word,
)
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
    UnknownJob,
    VideoRequest,
)
from studio.providers.http import ProviderHttp
from studio.providers.pointing import place_in
from studio.providers.refusals import Refusal, refused
from studio.providers.sentences import problem, sentence
from studio.providers.wire import Wire

logger = logging.getLogger(__name__)

MODEL = "wan-2.7-r2v"
LABEL = "Apiframe"
CREATE, JOBS, ME, UPLOADS = "/v2/videos/generate", "/v2/jobs/", "/v2/me", "/v2/uploads"
CREDITS_PER_SECOND = Decimal(17)
NO_SUCH_JOB = {400, 404}  # a number that is none of theirs by its shape; one that they do not know
MB = 1_000_000

CAPABILITY = Capability(
    name="apiframe",
    label=LABEL,
    summary="Single or multi-shot, up to 10 s",
    price=PriceRule(unit="credits", per_second={"720p": CREDITS_PER_SECOND, "1080p": CREDITS_PER_SECOND}),
    accepts_first_frame=False,
    accepts_voice=False,
    max_duration=10,
    max_duration_with_video=10,
    negative_prompt_limit=2500,
    accepts_prompt_extend=False,
    accepts_watermark=False,
    accepts_shot_type=True,
    expected_seconds=120,
    poll_rhythm=((120, 10), (600, 15), (86_400, 30)),
    repeats_by_key=True,
    hosts=(Host(label="Apiframe", url="https://api.apiframe.ai"),),
    queries_per_second=5,  # its own limit is not published
    takes_callbacks=True,
    tells_balance=True,
    upload_limits={"image": 25 * MB, "video": 50 * MB, "audio": 25 * MB},
    failed_jobs_are_free=True,
    holds_results_seconds=86_400,  # its pages disagree; the shorter one is safe
    reasons={
        "first_frame": "Not used by Apiframe",
        "voice": "Not used by Apiframe",
        "prompt_extend": "ModelStream only. Your words are sent exactly as written.",
        "watermark": "ModelStream only. Apiframe adds no mark.",
    },
    notes={
        "duration": "Apiframe makes 2 to 10 seconds.",
        "resolution": "Same price for both here.",
        "voice": "Sound is made automatically.",
    },
)

STATES = {
    "queued": State.QUEUED,
    "processing": State.RUNNING,
    "completed": State.SUCCEEDED,
    "failed": State.FAILED,
    "cancelled": State.CANCELED,
    "canceled": State.CANCELED,
}
_RESULTS: tuple[tuple[str | int, ...], ...] = (
    ("result", "videoUrl"),
    ("result",),
    ("result", "videos", 0),
    ("result", "url"),
)


def create_body(request: VideoRequest) -> dict[str, Any]:
    """The body of a create, with no key outside its schema."""
    urls = {
        kind: [each.url for each in request.references if each.kind == kind] for kind in ("image", "video")
    }
    asked: dict[str, Any] = {
        "reference_images": urls["image"],
        "reference_videos": urls["video"],
        "shot_type": request.shot_type,
        "resolution": request.resolution,
        "aspect_ratio": request.ratio,
        "duration": request.duration,
        "negative_prompt": request.negative_prompt,
        "seed": request.seed,
    }
    given = {name: value for name, value in asked.items() if value not in (None, "", [])}
    body: dict[str, Any] = {"model": MODEL, "prompt": request.prompt, "wan27R2vParams": given}
    if request.callback_url:
        body |= {"webhookUrl": request.callback_url, "webhookEvents": ["completed", "failed"]}
    return body


def read_job_id(answer: Answer) -> str:
    """The id of an accepted create. Raises UNCERTAIN for a yes without one: a job may be running."""
    if found := job_id(under(answer.json, "jobId")) or job_id(under(answer.json, "id")):
        return found
    raise problem(LABEL, ErrorCategory.UNCERTAIN, detail=answer.detail)


def read_job(json: Any) -> Snapshot:
    """How a job is. Raises ProviderError for what is no answer about a job."""
    if not isinstance(json, dict):
        raise problem(LABEL, ErrorCategory.PROVIDER_ERROR, detail="The answer is not about a job.")
    said = word(json.get("status"))
    state = STATES.get(said, State.UNKNOWN)
    if state == State.UNKNOWN:
        logger.warning("Apiframe says %r about a job, which we do not know", said)
        return Snapshot(state=state, is_understood=False, detail=f"status {said!r}")
    if state in (State.QUEUED, State.RUNNING):
        return Snapshot(state=state, progress=percent(json.get("progress")))
    if state == State.SUCCEEDED:
        return _made(json)
    if state == State.FAILED:
        return _failed(json)
    return Snapshot(state=state, billed=_billed(json))


def read_error(answer: Answer, *, creating: bool, request: VideoRequest | None = None) -> ProviderError:
    """What an answer without a job means; `request` lets it name the input at fault."""
    return refused(LABEL, answer, _refusal(answer), creating=creating, request=request)


def read_webhook(raw_body: bytes) -> str:
    """The id of the job that a call-back is about, or nothing. It is a hint to read the job, never more."""
    return job_id(under(parsed(raw_body), "jobId"))


def signature_is_valid(raw_body: bytes, header: str, api_key: str) -> bool:
    """True if the call-back was signed with this key, in either of the two encodings in use.

    Takes the same time whatever is wrong.
    """
    claimed = header.strip().lower().encode(errors="replace")
    digest = hashlib.sha256(api_key.encode(errors="replace")).digest()
    fits = [
        hmac.compare_digest(b"sha256=" + hmac.digest(secret, raw_body, "sha256").hex().encode(), claimed)
        for secret in (digest, digest.hex().encode())
    ]
    return any(fits)


def read_callback(raw_body: bytes, headers: Mapping[str, str], api_key: str) -> str:
    """The id of the job that a genuine call-back is about; nothing if it was not signed with this key."""
    is_genuine = signature_is_valid(raw_body, headers.get("X-Webhook-Signature", ""), api_key)
    return read_webhook(raw_body) if is_genuine else ""


class Apiframe:
    """One account at Apiframe."""

    name = CAPABILITY.name
    capability = CAPABILITY

    def __init__(self, account: Account, *, wire: Wire | None = None) -> None:
        headers = {"X-API-Key": account.key}
        self._http = ProviderHttp(account, headers=headers, label=LABEL, wire=wire)

    def submit(self, request: VideoRequest, *, key: str) -> str:
        """Start one job. Within a day the same `key` with the same request is the same job."""
        answer = self._http.create(CREATE, create_body(request), headers={"Idempotency-Key": key})
        if not answer.is_success:
            raise read_error(answer, creating=True, request=request)
        return read_job_id(answer)

    def fetch(self, job_id: str) -> Snapshot:
        answer = self._http.get(JOBS + quote(job_id, safe=""))
        if not answer.is_success or answer.json is None:
            error = read_error(answer, creating=False)
            if answer.status in NO_SUCH_JOB:
                raise UnknownJob(error.category, error.message, detail=error.detail)
            raise error
        return read_job(answer.json)

    def cancel(self, job_id: str) -> bool:
        """Apiframe has no way to stop a job."""
        return False

    def forget(self, job_id: str) -> None:
        """Nothing is kept here."""

    def check_key(self) -> KeyCheck:
        answer = self._http.get(ME)
        if not answer.is_success or not isinstance(under(answer.json, "team"), dict):
            raise read_error(answer, creating=False)
        return KeyCheck(balance=number(under(answer.json, "team", "credits")), unit="credits")

    def jobs_between(self, start: datetime, end: datetime) -> list[JobSeen]:
        """Its list says nothing of what was asked; repeating the create with its key is the way."""
        return []

    def take_file(self, path: Path, *, mime: str) -> str:
        """Upload a file, to be named in a request within the hour. The file's own name stays here."""
        name = uuid4().hex + (mimetypes.guess_extension(mime) or "")
        with path.open("rb") as file:
            answer = self._http.upload(UPLOADS, {"file": (name, file, mime)}, {})
        url = link(under(answer.json, "url"))
        if not answer.is_success or not url:
            raise read_error(answer, creating=False)
        return url


def _made(json: dict[str, Any]) -> Snapshot:
    billed = _billed(json)
    if json.get("expired") is True:
        return Snapshot(state=State.EXPIRED, billed=billed)
    if found := next(filter(None, (link(under(json, *path)) for path in _RESULTS)), ""):
        return Snapshot(state=State.SUCCEEDED, progress=100, video_url=found, billed=billed)
    logger.warning("Apiframe says that a job is complete, and not where its clip is")
    return Snapshot(state=State.UNKNOWN, progress=100, is_understood=False, detail="complete without address")


def _failed(json: dict[str, Any]) -> Snapshot:
    reason = text(json.get("error")) or text(under(json, "error", "message"))
    reason = reason.removeprefix("Provider returned an error:").strip()
    category = upstream.guess(reason) or ErrorCategory.PROVIDER_ERROR
    fault = place_in(reason) if category != ErrorCategory.PROVIDER_ERROR else ""
    return Snapshot(
        state=State.FAILED,
        category=category,
        message=sentence(LABEL, category, reason=reason, fault=fault),
        detail=redacted(reason)[:2000],
        fault=fault,
        billed=_billed(json),
    )


def _billed(json: dict[str, Any]) -> Billed | None:
    """Only of a job that is over: before, the figure is what Apiframe holds back for it."""
    credit_cost = number(json.get("creditCost"))
    return None if credit_cost is None else Billed(amount=credit_cost, unit="credits")


def _refusal(answer: Answer) -> Refusal | None:
    said = text(under(answer.json, "error")) or text(under(answer.json, "error", "message"))
    if not said:
        return None
    where, why = next(_details(answer.json), ("", said))
    return Refusal(
        category=_category(answer.status, why),
        reason=why,
        points_at=f"{where} {why}",
        needs=_amounts(answer.json),
        # the same key with another body: an earlier create of this attempt was received
        is_upstream_trouble=answer.status == 409,
    )


def _category(status: int, why: str) -> ErrorCategory | None:
    return upstream.guess(why) if status in (400, 422) else None


def _details(json: Any) -> Iterator[tuple[str, str]]:
    """Its findings as (path, text), the ones that point at an input first."""
    details = under(json, "details")
    found = [
        (text(path), text(why[0] if isinstance(why, list) and why else why))
        for path, why in (details.items() if isinstance(details, dict) else ())
    ]
    yield from sorted(found, key=lambda each: not place_in(each[0]))


def _amounts(json: Any) -> str:
    needed, available = number(under(json, "creditsRequired")), number(under(json, "creditsAvailable"))
    if needed is None or available is None:
        return ""
    return f"This clip needs {needed:f} and {available:f} are left."
