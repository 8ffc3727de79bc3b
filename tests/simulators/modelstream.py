"""ModelStream: one create and one status address, five shapes of the same answer (contract section 2)."""

from __future__ import annotations

import json
import secrets
import string
from typing import Any

from tests.simulators import checking, modelstream_shapes
from tests.simulators.checking import Found
from tests.simulators.faults import Fault
from tests.simulators.jobs import Order, Tariff
from tests.simulators.references import Looked, Wanted
from tests.simulators.rows import Job
from tests.simulators.simulator import Route, Simulator
from tests.simulators.wire import Answer, Request, answer

MODEL = "wan2.7-r2v"
BUSY = (
    "No available channel for model wan2.7-r2v under group default (request id: 20260421215914123456789abce)"
)
TOO_LITTLE = "预扣费额度失败, 用户剩余额度: ＄0.100000, 需要预扣费额度: ＄0.440000"
INSPECTION = "DataInspectionFailed", "Input data may contain inappropriate content."
DOWNLOAD = (
    "InvalidParameter.DataInspection",
    "Download the media resource timed out during the data inspection process.",
)
CREATE = "/v1/video/generations"


class ModelStream(Simulator):
    troubles = {
        "moderation": INSPECTION,
        "media_download": DOWNLOAD,
        "provider_error": ("InternalError", "An internal error has occurred, please try again later."),
        "charged_failure": ("InternalError", "An internal error has occurred, please try again later."),
        "timeout": ("", "任务超时（1440分钟）"),
    }

    def tariff(self) -> Tariff:
        return Tariff(unit="usd", taken="at_start", price=modelstream_shapes.price)

    def route(self, method: str, path: str) -> Route:
        if path == CREATE and method == "POST":
            return Route(endpoint="create")
        if path == "/v1/models" and method == "GET":
            return Route(endpoint="models")
        for head in (f"{CREATE}/", "/v1/videos/"):
            if path.startswith(head) and method == "GET":
                return Route(endpoint="status", job_id=path.removeprefix(head))
        return Route(endpoint="")

    def answer(self, request: Request, route: Route, fault: Fault | None) -> Answer:
        account = checking.bearer(request.headers)
        state = self.ledger.account_state(account)
        if state != "active":
            return self.refuse("unauthorized" if not state else "forbidden")
        if route.endpoint == "create":
            return self._create(request, account)
        if route.endpoint == "models":
            row = {"id": MODEL, "object": "model", "created": 1776779954, "owned_by": "custom"}
            return answer(200, {"object": "list", "data": [row], "success": True})
        return self._status(route, account, fault, is_video=request.path.startswith("/v1/videos/"))

    def refuse(self, what: str, fault: Fault | None = None) -> Answer:
        headers = {"Retry-After": f"{fault.retry_after:g}"} if fault and fault.retry_after is not None else {}
        gateway = "new_api_error"
        answers = {
            "unauthorized": (
                401,
                _styled("Invalid token (request id: 20260421215914123456789abcd)", gateway),
            ),
            "forbidden": (403, _styled("This token has no access to model wan2.7-r2v", gateway)),
            "rate_limited": (
                429,
                _styled("Too many requests, please try again later.", gateway, code="rate_limit_exceeded"),
            ),
            "json_503": (503, _styled(BUSY, gateway, code="model_not_found")),
            "error_500": (500, _task("do_request_failed", "请求上游地址失败")),
            "chinese": (429, _task("fail_to_fetch_task", "当前分组上游负载已饱和，请稍后再试")),
            "not_found": (400, _task("task_not_exist", "task_not_exist")),
            "balance": (403, _task("insufficient_user_quota", TOO_LITTLE)),
            "moderation": (400, _upstream(*INSPECTION)),
            "media_download": (400, _upstream(*DOWNLOAD)),
            "no_address": (
                404,
                _styled("Invalid URL", "invalid_request_error", code="invalid_url"),
            ),
        }
        status, payload = answers[what]
        return answer(status, payload, headers)

    def wanted_in(self, job: Job) -> tuple[Wanted, ...]:
        media = job.body["metadata"]["input"]["media"]
        return checking.wanted_media(media, "metadata.input.media")

    def reference_trouble(self, wanted: Wanted, looked: Looked) -> tuple[str, str]:
        return checking.reference_trouble(wanted, looked)

    def _create(self, request: Request, account: str) -> Answer:
        try:
            body = request.json()
        except ValueError:
            wrong = _styled("Invalid request body.", "invalid_request_error", code="invalid_json")
            return self.record_create(request, account, answer(400, wrong))
        top, deep = _found(body)
        if top:
            field, sentence = top[0]
            wrong = _styled(sentence, "invalid_request_error", param=field, code="invalid_parameter")
            return self.record_create(request, account, answer(400, wrong))
        if deep:
            wrong = _upstream("InvalidParameter", deep[0][1])
            return self.record_create(request, account, answer(400, wrong))
        job = self.accept(_task_id(), account, body, _order(body))
        payload = modelstream_shapes.created(job, self.options.shape)
        return self.record_create(request, account, answer(200, payload), job_id=job.id, is_new=True)

    def _status(self, route: Route, account: str, fault: Fault | None, *, is_video: bool) -> Answer:
        job = self.jobs.settled(route.job_id)
        if job is None or job.account != account:
            return self.refuse("not_found")
        view, options = self.view(job, fault), self.options
        shape = "D" if is_video else options.shape
        return answer(200, modelstream_shapes.status(view, shape, self.clock, mixed=options.mixed_case))


def _order(body: dict[str, Any]) -> Order:
    extra = body["metadata"]
    media = checking.wanted_media(extra["input"]["media"], "metadata.input.media")
    return Order(
        seconds=body.get("duration", 5),
        resolution=body.get("size", "1080P"),
        ratio=extra.get("parameters", {}).get("ratio", "16:9"),
        references=media,
    )


def _found(body: Any) -> tuple[list[Found], list[Found]]:
    """What is wrong at the top, which the gateway says itself, and further down, which it hands through."""
    top = checking.Checked(body, "")
    top.only("model", "prompt", "size", "duration", "metadata")
    top.words("model", [MODEL], is_needed=True)
    top.text("prompt", longest=5000, is_needed=True)
    top.words("size", ["720P", "1080P"])
    top.whole("duration", 2, 15)
    top.mapping("metadata", is_needed=True)
    deep = top.inside("metadata")
    deep.only("input", "parameters")
    deep.mapping("input", is_needed=True)
    checking.check_input(deep.inside("input"), is_lenient=False, has_prompt=False)
    checking.check_parameters(deep.inside("parameters"), has_size=False)
    checking.check_length(deep, "input.media", top.value("duration"))
    return top.found, deep.found


def _task_id() -> str:
    letters = string.ascii_letters + string.digits
    return "task_" + "".join(secrets.choice(letters) for _ in range(32))


def _styled(message: str, kind: str, *, param: str = "", code: str = "") -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _task(code: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "data": None}


def _upstream(code: str, message: str) -> dict[str, Any]:
    """DashScope's own refusal, handed through as a string."""
    inner = {"request_id": "7438d53d-6eb8-4596-8835-000000000005", "code": code, "message": message}
    return _task("fail_to_fetch_task", json.dumps(inner, separators=(",", ":")))
