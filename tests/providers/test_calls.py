"""The calls besides create and look: keys, balances, lists, cancellations, uploads, call-backs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import httpcore
import httpx
import pytest

from studio.providers import registry
from studio.providers.apiframe import Apiframe, signature_is_valid
from studio.providers.base import Account, ErrorCategory, KeyCheck, ProviderError
from studio.providers.dashscope import MOST_PAGES, DashScope
from studio.providers.modelstream import ModelStream
from studio.providers.wire import Wire
from tests.providers.sampled import SAMPLES, neutral, sample

ACCOUNT = Account(key="afk_test", base_url="https://api.example.com")
NOON = datetime(2026, 4, 21, 13, 59, 14, tzinfo=UTC)  # gmt_create of the samples


@dataclass
class Asked:
    method: str
    url: httpx.URL
    headers: httpx.Headers
    content: bytes


class Answers(Wire):
    """Answers from a list, in order, and keeps the requests."""

    def __init__(self, *answers: tuple[int, Any]) -> None:
        super().__init__(allow_private=False)
        self.answers = list(answers)
        self.asked: list[Asked] = []

    def open(self, request: httpcore.Request, *, silence: float) -> httpcore.Response:
        headers, url = httpx.Headers(request.headers), request.url
        self.asked.append(
            Asked(
                method=request.method.decode(),
                url=httpx.URL(f"{url.scheme.decode()}://{url.host.decode()}{url.target.decode()}"),
                headers=headers,
                content=b"".join(cast(Iterable[bytes], request.stream)),
            )
        )
        assert headers.get("content-length", "0") == str(len(self.asked[-1].content))
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return httpcore.Response(status, content=json.dumps(body).encode())


def refusal(call: Callable[[], object]) -> ErrorCategory:
    with pytest.raises(ProviderError) as raised:
        call()
    return raised.value.category


def test_apiframe_tells_what_is_left() -> None:
    wire = Answers((200, sample("apiframe", "me-response.json")))

    assert Apiframe(ACCOUNT, wire=wire).check_key() == KeyCheck(balance=Decimal(4820), unit="credits")
    assert (wire.asked[0].url.path, wire.asked[0].headers["x-api-key"]) == ("/v2/me", "afk_test")


def test_modelstream_takes_the_key_if_it_lists_models() -> None:
    listed = Answers((200, {"object": "list", "data": [{"id": "wan2.7-r2v"}]}))
    other = Answers((200, {"data": [{"id": "gpt"}]}))

    assert ModelStream(ACCOUNT, wire=listed).check_key() == KeyCheck()
    assert "wan2.7-r2v" in ModelStream(ACCOUNT, wire=other).check_key().note
    assert listed.asked[0].headers["authorization"] == "Bearer afk_test"


def test_dashscope_takes_the_key_if_it_lists_jobs() -> None:
    wire = Answers((200, sample("dashscope", "tasks-list.json")))

    assert DashScope(ACCOUNT, wire=wire).check_key() == KeyCheck()
    assert wire.asked[0].method == "GET"


@pytest.mark.parametrize("made", [ModelStream, Apiframe, DashScope])
def test_a_key_that_is_not_accepted_is_said_so(made: Any) -> None:
    body = {"error": "Invalid API key", "code": "InvalidApiKey", "message": "Invalid API-key provided."}

    assert refusal(made(ACCOUNT, wire=Answers((401, body))).check_key) == ErrorCategory.AUTH
    assert refusal(made(ACCOUNT, wire=Answers((200, {}))).check_key) == ErrorCategory.PROVIDER_ERROR


def test_apiframe_is_given_the_key_of_the_attempt() -> None:
    wire = Answers((202, sample("apiframe", "create-response.json")))

    job_id = Apiframe(ACCOUNT, wire=wire).submit(neutral("request-minimal.json"), key="attempt-7")

    assert job_id == "7b0d6f54-3c1e-4d0b-9c52-2f8a4f6f1e11"
    assert wire.asked[0].headers["idempotency-key"] == "attempt-7"
    assert json.loads(wire.asked[0].content) == sample("apiframe", "create-request.json")


def test_dashscope_is_asked_in_the_background() -> None:
    wire = Answers((200, sample("dashscope", "create-response.json")))

    DashScope(ACCOUNT, wire=wire).submit(neutral("request-minimal.json"), key="attempt-7")

    assert wire.asked[0].headers["x-dashscope-async"] == "enable"
    assert "x-dashscope-ossresourceresolve" not in wire.asked[0].headers


def test_m04_dashscope_lists_the_jobs_of_a_time_to_the_millisecond() -> None:
    wire = Answers((200, sample("dashscope", "tasks-list.json")))
    first = NOON + timedelta(milliseconds=331)

    jobs = DashScope(ACCOUNT, wire=wire).jobs_between(first, first + timedelta(seconds=6))

    assert [(job.job_id, job.created_at) for job in jobs] == [("966cebcd-dedc-4962-af88-000000000001", first)]
    assert len(wire.asked) == 1


def test_m04_every_page_of_the_list_is_read() -> None:
    def page(number: int) -> tuple[int, Any]:
        row = {"task_id": f"job-{number}", "gmt_create": 1776779954331 + number}
        return 200, {"data": [row, {"task_id": None}, "junk"], "total_page": 3, "page_no": number}

    wire = Answers(page(1), page(2), page(3))

    jobs = DashScope(ACCOUNT, wire=wire).jobs_between(NOON, NOON + timedelta(minutes=1))

    assert [job.job_id for job in jobs] == ["job-1", "job-2", "job-3"]
    assert [request.url.params["page_no"] for request in wire.asked] == ["1", "2", "3"]


def test_m04_a_page_that_fails_is_asked_for_again() -> None:
    page = (200, {"data": [{"task_id": "job-1", "gmt_create": 1776779954331}], "total_page": 1})
    wire = Answers((502, {}), (200, {"data": "junk"}), page)

    jobs = DashScope(ACCOUNT, wire=wire).jobs_between(NOON, NOON + timedelta(minutes=1))

    assert [job.job_id for job in jobs] == ["job-1"]


@pytest.mark.parametrize(("status", "times"), [(401, 1), (429, 1), (502, 3)])
def test_m04_a_list_that_cannot_be_read_is_no_evidence(status: int, times: int) -> None:
    wire = Answers((status, {}))

    refusal(lambda: DashScope(ACCOUNT, wire=wire).jobs_between(NOON, NOON))

    assert len(wire.asked) == times


def test_m04_a_list_that_does_not_end_is_no_evidence() -> None:
    wire = Answers((200, {"data": [{"task_id": "a", "gmt_create": 1}], "total_page": 10**9}))
    provider = DashScope(ACCOUNT, wire=wire)

    assert refusal(lambda: provider.jobs_between(NOON, NOON)) == ErrorCategory.PROVIDER_ERROR
    assert len(wire.asked) == MOST_PAGES


@pytest.mark.parametrize("made", [ModelStream, Apiframe])
def test_those_that_list_nothing_useful_have_seen_nothing(made: Any) -> None:
    assert made(ACCOUNT, wire=Answers((500, {}))).jobs_between(NOON, NOON) == []


def test_t14_dashscope_stops_only_what_still_waits() -> None:
    waiting = Answers((200, sample("dashscope", "cancel-response.json")))
    running = Answers((400, sample("dashscope", "error-400.cancel.json")))

    assert DashScope(ACCOUNT, wire=waiting).cancel("job-1") is True
    assert DashScope(ACCOUNT, wire=running).cancel("job-1") is False
    assert waiting.asked[0].url.path == "/api/v1/tasks/job-1/cancel"
    assert (
        refusal(lambda: DashScope(ACCOUNT, wire=Answers((500, {}))).cancel("x"))
        == ErrorCategory.PROVIDER_BUSY
    )


@pytest.mark.parametrize("made", [ModelStream, Apiframe])
def test_t14_those_that_cannot_stop_a_job_promise_nothing(made: Any) -> None:
    wire = Answers((200, {}))

    assert made(ACCOUNT, wire=wire).cancel("job-1") is False
    assert wire.asked == []


def test_apiframe_takes_a_file_without_its_name(tmp_path: Path) -> None:
    picture = tmp_path / "my secret holiday.jpg"
    picture.write_bytes(b"jpeg bytes")
    wire = Answers((201, sample("apiframe", "upload-response.json")))

    url = Apiframe(ACCOUNT, wire=wire).take_file(picture, mime="image/jpeg")

    assert url == "https://cdn2.apiframe.ai/uploads/0f4a3a2e-6f5b-4a43-9a56-5f5b0f6f9c21.jpg"
    assert b"jpeg bytes" in wire.asked[0].content
    assert b"secret" not in wire.asked[0].content
    assert b'name="file"' in wire.asked[0].content


def test_dashscope_takes_a_file_to_its_temporary_place(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"mp4 bytes")
    wire = Answers((200, sample("dashscope", "upload-policy.json")), (200, {}))

    url = DashScope(ACCOUNT, wire=wire).take_file(clip, mime="video/mp4")

    policy, form = wire.asked
    assert url.startswith("oss://dashscope-instant/xxxx/2026-04-21/xxxx/")
    assert url.endswith(".mp4")
    assert dict(policy.url.params) == {"action": "getPolicy", "model": "wan2.7-r2v"}
    assert form.url.host == "dashscope-file-xxxx.oss-cn-beijing.aliyuncs.com"
    assert "authorization" not in form.headers
    sent = form.content.decode()
    for field in (
        "OSSAccessKeyId",
        "Signature",
        "policy",
        "key",
        "x-oss-object-acl",
        "success_action_status",
    ):
        assert f'name="{field}"' in sent
    assert sent.index('name="file"') > sent.index('name="key"')
    assert url.removeprefix("oss://") in sent


def test_modelstream_takes_no_file(tmp_path: Path) -> None:
    provider = ModelStream(ACCOUNT, wire=Answers((200, {})))

    assert (
        refusal(lambda: provider.take_file(tmp_path / "x", mime="image/png"))
        == ErrorCategory.MEDIA_UNREACHABLE
    )


VECTORS = json.loads((SAMPLES / "apiframe" / "webhook-signature-vectors.json").read_text())


@pytest.mark.parametrize("encoding", ["signature_key_raw_digest", "signature_key_hex_string"])
@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["event"])
def test_t16_a_genuine_call_back_is_recognised_in_both_encodings(
    vector: dict[str, str], encoding: str
) -> None:
    body, header = vector["raw_body"].encode(), vector[encoding]

    assert signature_is_valid(body, header, VECTORS["api_key"])
    assert not signature_is_valid(body + b" ", header, VECTORS["api_key"])
    assert not signature_is_valid(body, header, VECTORS["api_key"] + "0")
    assert not signature_is_valid(body, header[:-1] + "g", VECTORS["api_key"])


@pytest.mark.parametrize(
    "header", ["", "sha256=", "sha256", "md5=abc", "sha256=ключ", "sha256=" + "\udc80" * 64]
)
def test_t16_a_forged_header_is_only_wrong(header: str) -> None:
    assert not signature_is_valid(b"{}", header, "afk_1")


def test_an_account_has_one_client_with_one_pool(tmp_path: Path) -> None:
    first, again = (registry.paid_provider("apiframe", ACCOUNT) for _ in range(2))
    other = registry.paid_provider("apiframe", Account(key="afk_2", base_url=ACCOUNT.base_url))

    assert first is again is not other
    assert registry.provider("apiframe", jobs_dir=tmp_path, account=ACCOUNT) is first
    assert registry.provider("local", jobs_dir=tmp_path, account=ACCOUNT).name == "local"


def test_clients_of_accounts_long_gone_are_let_go() -> None:
    first = registry.paid_provider("apiframe", ACCOUNT)

    for number in range(registry.MOST_CLIENTS):
        registry.paid_provider("modelstream", Account(key=f"sk-{number}", base_url=ACCOUNT.base_url))

    assert registry.paid_provider("apiframe", ACCOUNT) is not first
