"""DashScope: asynchronous tasks with a list, cancel while pending, and a temporary store (contract section 4)."""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from tests.simulators import checking, dashscope_store
from tests.simulators.checking import Checked, Found
from tests.simulators.faults import Fault
from tests.simulators.jobs import Order, Tariff
from tests.simulators.modelstream_shapes import UPSTREAM, beijing, usage
from tests.simulators.references import Looked, Wanted
from tests.simulators.rows import Job
from tests.simulators.simulator import Route, Simulator
from tests.simulators.wire import Answer, Request, answer

MODELS = ("wan2.7-r2v", "wan2.7-r2v-2026-06-12")
CREATE = "/api/v1/services/aigc/video-generation/video-synthesis"
TASKS = "/api/v1/tasks"
KNOWN_IN_INPUT = ("prompt", "negative_prompt", "media")
REFUSALS: dict[str, tuple[int, str, str]] = {
    "unauthorized": (401, "InvalidApiKey", "Invalid API-key provided."),
    "forbidden": (403, "AccessDenied.Unpurchased", "Access to model denied."),
    "sync": (403, "AccessDenied", "current user api does not support synchronous calls"),
    "rate_limited": (429, "Throttling.RateQuota", "Requests rate limit exceeded, please try again later."),
    "json_503": (503, "ServiceUnavailable", "Service is temporarily unavailable."),
    "error_500": (500, "InternalError", "An internal error has occurred, please try again later."),
    "chinese": (429, "Throttling.AllocationQuota", "当前请求过多，请稍后再试。"),
    "balance": (400, "Arrearage", "Access denied, please make sure your account is in good standing."),
    "moderation": (
        400,
        "DataInspectionFailed",
        "Input or output data may contain inappropriate content.",
    ),
    "media_download": (
        400,
        "InvalidParameter.DataInspection",
        "Download the media resource timed out during the data inspection process.",
    ),
    "cancel_refused": (
        400,
        "UnsupportedOperation",
        "Failed to cancel the task, please confirm if the task is in PENDING status.",
    ),
    "no_address": (404, "InvalidURL", "The requested address does not exist."),
}


class DashScope(Simulator):
    troubles = {
        "moderation": ("DataInspectionFailed", "Input data may contain inappropriate content."),
        "media_download": (REFUSALS["media_download"][1], REFUSALS["media_download"][2]),
        "provider_error": ("InternalError", "An internal error has occurred, please try again later."),
        "charged_failure": ("InternalError", "An internal error has occurred, please try again later."),
        "timeout": ("InternalError.Timeout", "The task timed out."),
    }

    def tariff(self) -> Tariff:
        def seconds(job: Job) -> Decimal:
            return job.seconds + job.clip_seconds

        return Tariff(unit="seconds", taken="at_success", price=seconds)

    def route(self, method: str, path: str) -> Route:
        path = path.rstrip("/")
        if (method, path) == ("POST", CREATE):
            return Route(endpoint="create")
        if (method, path) == ("GET", TASKS):
            return Route(endpoint="list")
        if (method, path) == ("GET", "/api/v1/uploads"):
            return Route(endpoint="policy")
        if (method, path) == ("POST", ""):
            return Route(endpoint="store")
        task_id, _, rest = path.removeprefix(f"{TASKS}/").partition("/")
        if path.startswith(f"{TASKS}/") and (method, rest) == ("GET", ""):
            return Route(endpoint="status", job_id=task_id)
        if path.startswith(f"{TASKS}/") and (method, rest) == ("POST", "cancel"):
            return Route(endpoint="cancel", job_id=task_id)
        return Route(endpoint="")

    def answer(self, request: Request, route: Route, fault: Fault | None) -> Answer:
        if route.endpoint == "store":
            return dashscope_store.take(self, request)
        account = checking.bearer(request.headers)
        state = self.ledger.account_state(account)
        if state != "active":
            return self.refuse("forbidden" if state else "unauthorized")
        if route.endpoint == "create":
            return self._create(request, account)
        if route.endpoint == "list":
            return self._list(request, account)
        if route.endpoint == "policy":
            return dashscope_store.policy(self, request, account)
        if route.endpoint == "cancel":
            return self._cancel(route, account)
        return self._status(route, account, fault)

    def refuse(self, what: str, fault: Fault | None = None) -> Answer:
        if what == "not_found":
            return self._unknown("966cebcd-dedc-4962-af88-000000000001")
        status, code, message = REFUSALS[what]
        headers = {"Retry-After": f"{fault.retry_after:g}"} if fault and fault.retry_after is not None else {}
        return answer(status, {"code": code, "message": message, "request_id": request_id()}, headers)

    def wanted_in(self, job: Job) -> tuple[Wanted, ...]:
        return checking.wanted_media(job.body["input"]["media"], "input.media")

    def reference_trouble(self, wanted: Wanted, looked: Looked) -> Found:
        return checking.reference_trouble(wanted, looked)

    def stored_files(self, job: Job) -> Mapping[str, bytes]:
        return dashscope_store.files(self, job.account) if job.resolves_oss else {}

    def _create(self, request: Request, account: str) -> Answer:
        if request.headers.get("x-dashscope-async") != "enable":
            return self.record_create(request, account, self.refuse("sync"))
        resolves = request.headers.get("x-dashscope-ossresourceresolve") == "enable"
        try:
            body = request.json()
        except ValueError:
            return self.record_create(
                request, account, _wrong("Required body invalid, please check the request body format.")
            )
        found = _found(body, resolves_oss=resolves)
        if found:
            return self.record_create(request, account, _wrong(found[0][1]))
        order = _order(body, resolves_oss=resolves)
        job = self.accept(str(uuid4()), account, body, order, request_id=request_id())
        payload = {"request_id": job.request_id, "output": {"task_id": job.id, "task_status": "PENDING"}}
        return self.record_create(
            request, account, answer(200, payload), job_id=job.id, is_new=True, ignored=order.ignored
        )

    def _status(self, route: Route, account: str, fault: Fault | None) -> Answer:
        job = self.jobs.settled(route.job_id)
        if job is None or job.account != account or self.jobs.is_expired(job):
            return self._unknown(route.job_id)
        view = self.view(job, fault)
        output: dict[str, Any] = {"task_id": job.id, "task_status": view.word or UPSTREAM[view.state]}
        payload: dict[str, Any] = {"request_id": request_id(), "output": output}
        if view.state in ("running", "succeeded"):
            output["submit_time"] = beijing(job.wall)
            output["scheduled_time"] = beijing(self.clock.seen(job.wall, job.runs - job.made))
        if view.state == "succeeded":
            output["end_time"] = beijing(self.clock.seen(job.wall, job.ends - job.made))
            output["orig_prompt"] = job.body["input"]["prompt"]
            if view.url:
                output["video_url"] = view.url
            payload["usage"] = usage(job)
        if view.state == "failed":
            output |= {"code": job.code, "message": job.message}
        return answer(200, payload)

    def _unknown(self, task_id: str) -> Answer:
        output = {"task_id": task_id, "task_status": "UNKNOWN"}
        return answer(200, {"request_id": request_id(), "output": output})

    def _cancel(self, route: Route, account: str) -> Answer:
        job = self.jobs.settled(route.job_id)
        if job is None or job.account != account or not self.jobs.cancel(job.id):
            return self.refuse("cancel_refused")
        return answer(200, {"request_id": request_id()})

    def _list(self, request: Request, account: str) -> Answer:
        query = request.query
        try:
            start, end = self._window(query)
            page, size = int(query.get("page_no", 1)), int(query.get("page_size", 10))
        except ValueError as trouble:
            return _wrong(str(trouble))
        if page < 1 or not 1 <= size <= 100:
            return _wrong("page_no should be at least 1 and page_size between 1 and 100")
        self.jobs.tick()
        where = "account = ? AND wall >= ? AND wall < ? AND id LIKE ? AND state LIKE ?"
        states = {word: state for state, word in UPSTREAM.items()}
        state = states.get(query["status"], "none") if "status" in query else "%"
        named = query.get("task_id", "%") if query.get("model_name", MODELS[0]) in MODELS else "none"
        values = (account, start, end, named, state)
        total = self.ledger.count_jobs(where, *values)
        window = f"{where} ORDER BY number DESC LIMIT {size} OFFSET {(page - 1) * size}"
        payload = {
            "total": total,
            "data": [self._row(job) for job in self.ledger.select_jobs(window, *values)],
            "total_page": math.ceil(total / size),
            "page_no": page,
            "request_id": request_id(),
            "page_size": size,
        }
        return answer(200, payload)

    def _window(self, query: Mapping[str, str]) -> tuple[float, float]:
        """The asked time as provider's seconds. Raises ValueError for one that is not understood or too wide."""
        now = self.clock.wall()
        end = self._moment(query["end_time"]) + 1 if "end_time" in query else now + 1
        start = self._moment(query["start_time"]) if "start_time" in query else end - 86_400
        if not 0 <= end - start <= 86_402:
            raise ValueError("The interval between start_time and end_time should be at most 24 hours")
        return start, end

    def _moment(self, text: str) -> float:
        """`YYYYMMDDhhmmss` in the provider's own zone."""
        if len(text) != 14 or not text.isdecimal():
            raise ValueError("start_time and end_time should be YYYYMMDDhhmmss")
        local = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return (local - timedelta(hours=self.options.list_zone_hours)).timestamp()

    def _row(self, job: Job) -> dict[str, Any]:
        row: dict[str, Any] = {
            "api_key_id": "150001",
            "caller_parent_id": "1024000000000000",
            "caller_uid": "1024000000000000",
            "gmt_create": int(job.wall * 1000),
            "model_name": job.body.get("model", MODELS[0]),
            "region": "cn-beijing",
            "request_id": job.request_id,
            "status": UPSTREAM[job.state],
            "task_id": job.id,
            "user_api_unique_key": "apikey:v1:aigc:video-generation:video-synthesis:wan2.7-r2v",
        }
        if job.state != "queued":
            row["start_time"] = int(self.clock.seen(job.wall, job.runs - job.made) * 1000)
        if not job.is_open:
            row["end_time"] = int(self.clock.seen(job.wall, job.ends - job.made) * 1000)
        return row


def request_id() -> str:
    return f"{secrets.token_hex(4)}-7b5a-9f92-bfe5-{secrets.token_hex(6)}"


def _wrong(message: str) -> Answer:
    return answer(400, {"code": "InvalidParameter", "message": message, "request_id": request_id()})


def _found(body: Any, *, resolves_oss: bool) -> list[Found]:
    top = Checked(body, "")
    top.only("model", "input", "parameters")
    top.words("model", MODELS, is_needed=True)
    top.mapping("input", is_needed=True)
    inner, parameters = top.inside("input"), top.inside("parameters")
    checking.check_input(inner, is_lenient=True, has_prompt=True)
    checking.check_parameters(parameters, has_size=True)
    checking.check_length(top, "parameters.duration", parameters.value("duration"))
    if not top.found and not resolves_oss and any("oss://" in str(item) for item in inner.value("media")):
        top.say("input.media", "InvalidURL: an oss:// address needs X-DashScope-OssResourceResolve: enable")
    return top.found


def _order(body: dict[str, Any], *, resolves_oss: bool) -> Order:
    inner, parameters = body["input"], body.get("parameters", {})
    cut = [
        f"{name} cut"
        for name, longest in (("prompt", 5000), ("negative_prompt", 500))
        if len(inner.get(name, "")) > longest
    ]
    return Order(
        seconds=parameters.get("duration", 5),
        resolution=parameters.get("resolution", "1080P"),
        ratio=parameters.get("ratio", "16:9"),
        references=checking.wanted_media(inner["media"], "input.media"),
        resolves_oss=resolves_oss,
        ignored=(*(name for name in inner if name not in KNOWN_IN_INPUT), *cut),
    )
