"""Apiframe v2: idempotency keys, credits, webhooks, uploads (contract section 3)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from tests.simulators import apiframe_checks, apiframe_uploads
from tests.simulators.apiframe_webhooks import Postman, shown_result
from tests.simulators.faults import Fault
from tests.simulators.jobs import Order, Tariff, TooLittleMoney
from tests.simulators.options import Options
from tests.simulators.references import Looked, Wanted
from tests.simulators.rows import Job
from tests.simulators.simulator import Route, Simulator, View
from tests.simulators.wire import Answer, Request, answer

CREDITS_PER_SECOND = 17
KEY_HELD_SECONDS = 86_400
WORDS = {
    "queued": "QUEUED",
    "running": "PROCESSING",
    "succeeded": "COMPLETED",
    "failed": "FAILED",
    "canceled": "CANCELLED",
}
MODEL = {
    "id": "wan-2.7-r2v",
    "label": "Wan 2.7 R2V",
    "modality": "video",
    "description": "Reference-driven video",
    "pricingMode": "per-second",
    "costMin": CREDITS_PER_SECOND,
    "costMax": CREDITS_PER_SECOND,
}
REFUSALS: dict[str, tuple[int, str]] = {
    "unauthorized": (401, "Invalid API key"),
    "missing_key": (401, "API key is required"),
    "forbidden": (403, "API key is inactive"),
    "rate_limited": (429, "Rate limit exceeded"),
    "json_503": (503, "Service temporarily unavailable"),
    "error_500": (500, "Internal server error"),
    "chinese": (503, "当前分组上游负载已饱和，请稍后再试"),
    "not_found": (404, "Job not found"),
    "moderation": (400, "Provider returned an error: content policy violation"),
    "media_download": (400, "Provider returned an error: could not download reference_images.0"),
    "conflict": (409, "Idempotency key was already used with a different request body"),
    "no_address": (404, "Not found"),
}


class Apiframe(Simulator):
    limited = ("status", "list")
    troubles = {
        "moderation": ("", "Provider returned an error: content policy violation"),
        "media_download": ("", "Provider returned an error: failed to download reference media"),
        "provider_error": ("", "Provider returned an error: internal error"),
        "charged_failure": ("", "Provider returned an error: internal error"),
        "timeout": ("", "Generation timed out"),
    }

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.postman = Postman(self)
        self.jobs.on_end.append(self.postman.tell_end)

    def start(self) -> None:
        super().start()
        self.postman.start()

    def stop(self) -> None:
        super().stop()
        self.postman.finish()

    def tariff(self) -> Tariff:
        def price(job: Job) -> Decimal:
            return Decimal(CREDITS_PER_SECOND * job.seconds)

        return Tariff(unit="credits", taken="at_start", price=price)

    def route(self, method: str, path: str) -> Route:
        known = {
            ("POST", "/v2/videos/generate"): "create",
            ("GET", "/v2/jobs"): "list",
            ("GET", "/v2/me"): "me",
            ("GET", "/v2/models"): "models",
            ("POST", "/v2/uploads"): "upload",
        }
        if (method, path) in known:
            return Route(endpoint=known[method, path])
        if method == "GET" and path.startswith("/v2/jobs/"):
            return Route(endpoint="status", job_id=path.removeprefix("/v2/jobs/"))
        if method in ("GET", "HEAD") and path.startswith("/uploads/"):
            return Route(endpoint="store")
        return Route(endpoint="")

    def answer(self, request: Request, route: Route, fault: Fault | None) -> Answer:
        if route.endpoint == "models":
            wants = request.query.get("modality", "video")
            return answer(200, {"models": [MODEL] if wants == "video" else []})
        if route.endpoint == "store":
            return apiframe_uploads.give(self, request)
        account = request.headers.get("x-api-key", "")
        state = self.ledger.account_state(account)
        if state != "active":
            return self.refuse("forbidden" if state else "unauthorized" if account else "missing_key")
        if route.endpoint == "create":
            return self._create(request, account)
        if route.endpoint == "me":
            return self._me(account)
        if route.endpoint == "upload":
            return apiframe_uploads.take(self, request, account)
        if route.endpoint == "list":
            return self._list(request, account)
        return self._status(route, account, fault)

    def refuse(self, what: str, fault: Fault | None = None) -> Answer:
        headers = {"x-request-id": f"req_{uuid4().hex[:16]}"}
        if fault and fault.retry_after is not None:
            headers["Retry-After"] = f"{fault.retry_after:g}"
        if what == "balance":
            return _too_little(85, 12)
        status, message = REFUSALS[what]
        return answer(status, {"error": message}, headers)

    def wanted_in(self, job: Job) -> tuple[Wanted, ...]:
        return apiframe_checks.wanted(job.body["wan27R2vParams"])

    def reference_trouble(self, wanted: Wanted, looked: Looked) -> tuple[str, str]:
        if looked.problem == "download":
            return "", f"Provider returned an error: failed to download {wanted.place}"
        return (
            "",
            f"Provider returned an error: {wanted.place} is not valid ({looked.problem}: {looked.detail})",
        )

    def _create(self, request: Request, account: str) -> Answer:
        key = request.headers.get("idempotency-key", "")
        digest = hashlib.sha256(request.body).hexdigest()
        if len(key) > 255:
            wrong = {"error": "Validation failed", "details": {"Idempotency-Key": ["Too long"]}}
            return self.record_create(request, account, answer(400, wrong))
        earlier = self.ledger.job_by_key(account, key) if key else None
        if earlier and self.clock.now() - earlier.made < KEY_HELD_SECONDS:
            return self._replay(request, account, earlier, digest)
        return self._accept(request, account, key, digest)

    def _replay(self, request: Request, account: str, earlier: Job, digest: str) -> Answer:
        """The job of the first create with its status by now, whatever became of the first answer."""
        if earlier.digest != digest:
            return self.record_create(request, account, self.refuse("conflict"), job_id=earlier.id)
        job = self.jobs.settled(earlier.id) or earlier
        payload = {"jobId": job.id, "status": WORDS[job.state]}
        return self.record_create(request, account, answer(202, payload), job_id=job.id)

    def _accept(self, request: Request, account: str, key: str, digest: str) -> Answer:
        try:
            body = request.json()
        except ValueError:
            return self.record_create(request, account, answer(400, {"error": "Invalid JSON body"}))
        details = apiframe_checks.details(body)
        if details:
            wrong = {"error": "Validation failed", "details": details}
            return self.record_create(request, account, answer(400, wrong))
        try:
            more = {"idempotency": key, "digest": digest}
            job = self.accept(str(uuid4()), account, body, _order(body), **more)
        except TooLittleMoney as short:
            return self.record_create(request, account, _too_little(short.needed, short.available))
        payload = {"jobId": job.id, "status": "QUEUED"}
        return self.record_create(request, account, answer(202, payload), job_id=job.id, is_new=True)

    def _status(self, route: Route, account: str, fault: Fault | None) -> Answer:
        try:
            UUID(route.job_id)
        except ValueError:
            return answer(400, {"error": "Invalid job id"})
        job = self.jobs.settled(route.job_id)
        if job is None or job.account != account:
            return self.refuse("not_found")
        view = self.view(job, fault)
        row = self._row(view) | ({"expired": True} if view.is_expired else {})
        return answer(200, row, {"x-request-id": f"req_{uuid4().hex[:16]}"})

    def _row(self, view: View) -> dict[str, Any]:
        job = view.job
        is_free = view.state in ("failed", "canceled") and job.outcome != "charged_failure"
        return {
            "id": job.id,
            "status": view.word or WORDS[view.state],
            "model": "wan-2.7-r2v",
            "progress": view.progress,
            "result": shown_result(view.url, self.options.shape) if view.url else None,
            "error": job.message if view.state == "failed" else None,
            "creditCost": 0 if is_free else CREDITS_PER_SECOND * job.seconds,
            "webhookStatus": job.webhook_state or None,
            "createdAt": iso(job.wall),
            "completedAt": None if job.is_open else iso(self.clock.seen(job.wall, job.ends - job.made)),
        }

    def _list(self, request: Request, account: str) -> Answer:
        query = request.query
        limit, after = query.get("limit", "20"), query.get("cursor", "0")
        if not (limit.isdecimal() and 1 <= int(limit) <= 100 and after.isdecimal()):
            return answer(400, {"error": "Validation failed", "details": {"limit": ["Out of range"]}})
        self.jobs.tick()
        where = "account = ? AND id LIKE ? AND state LIKE ?"
        states = {word: state for state, word in WORDS.items()}
        state = states.get(query["status"], "none") if "status" in query else "%"
        named = query.get("search", "%") if query.get("model", "wan-2.7-r2v") == "wan-2.7-r2v" else "none"
        window = f"{where} ORDER BY number DESC LIMIT {limit} OFFSET {after}"
        page = self.ledger.select_jobs(window, account, named, state)
        has_more = self.ledger.count_jobs(where, account, named, state) > int(after) + len(page)
        shown = [self._row(self.view(job, None)) | {"expired": self.jobs.is_expired(job)} for job in page]
        cursor = str(int(after) + len(page)) if has_more else None
        return answer(200, {"jobs": shown, "nextCursor": cursor, "hasMore": has_more})

    def _me(self, account: str) -> Answer:
        team = {
            "id": "2f0a7f34-8a5e-4f0d-8a5d-000000000002",
            "name": "Example team",
            "credits": self.ledger.credits(account),
            "plan": "pro",
            "customerId": None,
        }
        user = {"id": "2f0a7f34-8a5e-4f0d-8a5d-000000000001", "email": "ops@example.com", "role": "OWNER"}
        key = {"id": "2f0a7f34-8a5e-4f0d-8a5d-000000000003", "name": "studio-prod", "prefix": account[:8]}
        return answer(200, {"user": user, "team": team, "apiKey": key})


def iso(wall: float) -> str:
    return datetime.fromtimestamp(wall, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _too_little(needed: int, available: int) -> Answer:
    body = {"error": "Insufficient credits", "creditsRequired": needed, "creditsAvailable": available}
    return answer(402, body)


def _order(body: dict[str, Any]) -> Order:
    params = body["wan27R2vParams"]
    return Order(
        seconds=params.get("duration", 5),
        resolution=params.get("resolution", "1080p"),
        ratio=params.get("aspect_ratio", "16:9"),
        references=apiframe_checks.wanted(params),
        callback=body.get("webhookUrl", ""),
        events=tuple(body.get("webhookEvents", ("completed", "failed"))),
    )
