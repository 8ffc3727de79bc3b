"""Every sample answer of the contract has one expected outcome, and every sample file is covered."""

from __future__ import annotations

from decimal import Decimal
from types import ModuleType

import pytest

from studio.providers import apiframe, dashscope, modelstream
from studio.providers.base import Billed, ErrorCategory, ProviderError, Snapshot, State
from tests.providers.sampled import PROVIDERS, SAMPLES, answer, index, neutral, sample

MODULES: dict[str, ModuleType] = {"modelstream": modelstream, "apiframe": apiframe, "dashscope": dashscope}
MADE = (
    "https://dashscope-a717.oss-accelerate.aliyuncs.com/1d/7f/20260421/xxxx/video.mp4"
    "?Expires=1776866354&OSSAccessKeyId=REDACTED&Signature=REDACTED"
)
CDN = "https://cdn2.apiframe.ai/videos/7b0d6f54-3c1e-4d0b-9c52-2f8a4f6f1e11-1.mp4"
INAPPROPRIATE = "{} declined this prompt. Its reason: “Input data may contain inappropriate content”."


def credits_(amount: int) -> Billed:
    return Billed(amount=Decimal(amount), unit="credits")


def failed(category: ErrorCategory, message: str, detail: str, billed: Billed | None = None) -> Snapshot:
    return Snapshot(state=State.FAILED, category=category, message=message, detail=detail, billed=billed)


def made(url: str, billed: Billed | None = None) -> Snapshot:
    return Snapshot(state=State.SUCCEEDED, progress=100, video_url=url, billed=billed)


JOBS: dict[tuple[str, str], Snapshot] = {
    ("modelstream", "status-queued.json"): Snapshot(state=State.QUEUED),
    ("modelstream", "status-running.json"): Snapshot(state=State.RUNNING),
    ("modelstream", "status-succeeded.json"): made(MADE),
    ("modelstream", "status-succeeded.older-docs.json"): made(MADE),
    ("modelstream", "status-succeeded.wrapped.json"): made(MADE),
    ("modelstream", "status-succeeded.wrapped-legacy.json"): made(MADE),
    ("modelstream", "status-succeeded.wrapped-flat.json"): made(MADE),
    ("modelstream", "status-succeeded.openai-video.json"): made(MADE),
    ("modelstream", "status-not-start.wrapped.json"): Snapshot(state=State.QUEUED, progress=0),
    ("modelstream", "status-queued.wrapped.json"): Snapshot(state=State.QUEUED, progress=10),
    ("modelstream", "status-running.wrapped.json"): Snapshot(state=State.RUNNING, progress=30),
    ("modelstream", "status-failed.json"): failed(
        ErrorCategory.MODERATION,
        INAPPROPRIATE.format("ModelStream"),
        "400 Input data may contain inappropriate content.",
    ),
    ("modelstream", "status-failed.wrapped.json"): failed(
        ErrorCategory.MODERATION,
        INAPPROPRIATE.format("ModelStream"),
        "DataInspectionFailed Input data may contain inappropriate content.",
    ),
    ("modelstream", "status-timeout.wrapped.json"): failed(
        ErrorCategory.PROVIDER_ERROR, "ModelStream couldn’t finish this clip.", "任务超时（1440分钟）"
    ),
    ("apiframe", "status-queued.json"): Snapshot(state=State.QUEUED, progress=0),
    ("apiframe", "status-running.json"): Snapshot(state=State.RUNNING, progress=45),
    ("apiframe", "status-succeeded.json"): made(CDN, credits_(85)),
    ("apiframe", "status-succeeded.string-result.json"): made(
        "https://cdn.apiframe.ai/results/7b0d6f54-3c1e-4d0b-9c52-2f8a4f6f1e11.mp4", credits_(85)
    ),
    ("apiframe", "status-succeeded.videos-array.json"): made(CDN, credits_(85)),
    ("apiframe", "status-expired.json"): Snapshot(state=State.EXPIRED, billed=credits_(85)),
    ("apiframe", "status-cancelled.json"): Snapshot(state=State.CANCELED, billed=credits_(0)),
    ("apiframe", "status-failed.json"): failed(
        ErrorCategory.MODERATION,
        "Apiframe declined this prompt. Its reason: “content policy violation”.",
        "content policy violation",
        credits_(0),
    ),
    ("dashscope", "status-queued.json"): Snapshot(state=State.QUEUED),
    ("dashscope", "status-running.json"): Snapshot(state=State.RUNNING),
    ("dashscope", "status-succeeded.json"): made(MADE, Billed(amount=Decimal(5), unit="seconds")),
    ("dashscope", "status-succeeded.with-video-reference.json"): made(
        MADE, Billed(amount=Decimal(13), unit="seconds")
    ),
    ("dashscope", "status-canceled.json"): Snapshot(state=State.CANCELED),
    ("dashscope", "status-unknown.json"): Snapshot(
        state=State.UNKNOWN, detail="DashScope does not know the job, or no longer."
    ),
    ("dashscope", "status-failed.json"): failed(
        ErrorCategory.INVALID_INPUT,
        "DashScope couldn’t use this brief. Its reason: “The size does not match the requested ratio”.",
        "InvalidParameter The size does not match the requested ratio",
    ),
    ("dashscope", "status-failed.moderation.json"): failed(
        ErrorCategory.MODERATION,
        INAPPROPRIATE.format("DashScope"),
        "DataInspectionFailed Input data may contain inappropriate content.",
    ),
}

A = ErrorCategory
# name: (after a create, after a look, sentence after a create)
ERRORS: dict[tuple[str, str], tuple[ErrorCategory, ErrorCategory, str]] = {
    ("modelstream", "error-400.json"): (
        A.INVALID_INPUT,
        A.PROVIDER_ERROR,
        "ModelStream couldn’t use this brief. Its reason: “Invalid value for parameter duration”.",
    ),
    ("modelstream", "error-400.moderation.json"): (
        A.MODERATION,
        A.PROVIDER_ERROR,
        INAPPROPRIATE.format("ModelStream"),
    ),
    ("modelstream", "error-400.task-not-exist.json"): (
        A.INVALID_INPUT,
        A.PROVIDER_ERROR,
        "ModelStream couldn’t use this brief.",
    ),
    ("modelstream", "error-400.task.json"): (
        A.INVALID_INPUT,
        A.PROVIDER_ERROR,
        "ModelStream couldn’t use this brief. Its reason: “Field required: input.media”.",
    ),
    ("modelstream", "error-401.json"): (A.AUTH, A.AUTH, "ModelStream didn’t accept the studio’s key."),
    ("modelstream", "error-402.json"): (
        A.BALANCE,
        A.PROVIDER_ERROR,
        "The ModelStream account ran out of credits.",
    ),
    ("modelstream", "error-403.insufficient-quota.json"): (
        A.BALANCE,
        A.AUTH,
        "The ModelStream account ran out of credits. This clip needs $0.44 and $0.10 is left.",
    ),
    ("modelstream", "error-429.json"): (A.RATE_LIMITED, A.RATE_LIMITED, "ModelStream asked us to wait."),
    ("modelstream", "error-429.task.json"): (A.RATE_LIMITED, A.RATE_LIMITED, "ModelStream asked us to wait."),
    ("modelstream", "error-500.task.json"): (
        A.UNCERTAIN,
        A.PROVIDER_BUSY,
        "We don’t know yet whether ModelStream received this.",
    ),
    ("modelstream", "error-502.html"): (
        A.UNCERTAIN,
        A.PROVIDER_BUSY,
        "We don’t know yet whether ModelStream received this.",
    ),
    ("modelstream", "error-503.json"): (
        A.PROVIDER_BUSY,
        A.PROVIDER_BUSY,
        "ModelStream isn’t answering just now.",
    ),
    ("apiframe", "error-400.json"): (
        A.INVALID_INPUT,
        A.PROVIDER_ERROR,
        "Apiframe couldn’t use this brief. Its reason: “Invalid url”.",
    ),
    ("apiframe", "error-401.json"): (A.AUTH, A.AUTH, "Apiframe didn’t accept the studio’s key."),
    ("apiframe", "error-401.missing-key.json"): (A.AUTH, A.AUTH, "Apiframe didn’t accept the studio’s key."),
    ("apiframe", "error-402.json"): (
        A.BALANCE,
        A.PROVIDER_ERROR,
        "The Apiframe account ran out of credits. This clip needs 85 and 12 are left.",
    ),
    ("apiframe", "error-403.json"): (A.AUTH, A.AUTH, "Apiframe didn’t accept the studio’s key."),
    ("apiframe", "error-404.json"): (
        A.PROVIDER_ERROR,
        A.PROVIDER_ERROR,
        "Apiframe couldn’t finish this clip. Its reason: “Job not found”.",
    ),
    ("apiframe", "error-409.json"): (
        A.UNCERTAIN,
        A.PROVIDER_ERROR,
        "We don’t know yet whether Apiframe received this.",
    ),
    ("apiframe", "error-429.json"): (A.RATE_LIMITED, A.RATE_LIMITED, "Apiframe asked us to wait."),
    ("apiframe", "error-503.json"): (A.PROVIDER_BUSY, A.PROVIDER_BUSY, "Apiframe isn’t answering just now."),
    ("dashscope", "error-400.json"): (
        A.INVALID_INPUT,
        A.PROVIDER_ERROR,
        "DashScope couldn’t use this brief. Its reason: “Field required: input.media”.",
    ),
    ("dashscope", "error-400.arrearage.json"): (
        A.BALANCE,
        A.PROVIDER_ERROR,
        "The DashScope account ran out of credits.",
    ),
    ("dashscope", "error-400.cancel.json"): (
        A.INVALID_INPUT,
        A.PROVIDER_ERROR,
        "DashScope couldn’t use this brief. Its reason: “Failed to cancel the task, please confirm if the task is in"
        " PENDING status”.",
    ),
    ("dashscope", "error-400.media-download.json"): (
        A.MEDIA_UNREACHABLE,
        A.PROVIDER_ERROR,
        "DashScope couldn’t open one of the references. Its reason: “Download the media resource timed out during the"
        " data inspection process”.",
    ),
    ("dashscope", "error-400.moderation.json"): (
        A.MODERATION,
        A.PROVIDER_ERROR,
        "DashScope declined this prompt. Its reason: “Input or output data may contain inappropriate content”.",
    ),
    ("dashscope", "error-401.json"): (A.AUTH, A.AUTH, "DashScope didn’t accept the studio’s key."),
    ("dashscope", "error-403.sync.json"): (
        A.PROVIDER_ERROR,
        A.AUTH,
        "DashScope couldn’t finish this clip. Its reason: “current user api does not support synchronous calls”.",
    ),
    ("dashscope", "error-429.json"): (A.RATE_LIMITED, A.RATE_LIMITED, "DashScope asked us to wait."),
    ("dashscope", "error-500.json"): (
        A.UNCERTAIN,
        A.PROVIDER_BUSY,
        "We don’t know yet whether DashScope received this.",
    ),
}

CREATED: dict[tuple[str, str], str] = {
    ("modelstream", "create-response.json"): "task_3nXc0V8yQ1sLr5ZtB7eJdKpWm2HfUaGo",
    ("modelstream", "create-response.id-only.json"): "task_3nXc0V8yQ1sLr5ZtB7eJdKpWm2HfUaGo",
    ("modelstream", "create-response.openai-video.json"): "task_3nXc0V8yQ1sLr5ZtB7eJdKpWm2HfUaGo",
    ("apiframe", "create-response.json"): "7b0d6f54-3c1e-4d0b-9c52-2f8a4f6f1e11",
    ("apiframe", "create-response.replay.json"): "7b0d6f54-3c1e-4d0b-9c52-2f8a4f6f1e11",
    ("dashscope", "create-response.json"): "966cebcd-dedc-4962-af88-000000000001",
}
WEBHOOKS = (
    "webhook-completed.json",
    "webhook-completed.string-result.json",
    "webhook-failed.json",
    "webhook-progress.json",
)
# Each of these has a test of its own: requests, calls over the wire, signatures.
ELSEWHERE = {
    "index.json",
    "create-request.json",
    "create-request.full.json",
    "webhook-signature-vectors.json",
    "jobs-list.json",
    "me-response.json",
    "models-response.json",
    "upload-response.json",
    "cancel-response.json",
    "tasks-list.json",
    "upload-policy.json",
}


@pytest.mark.parametrize(("provider", "name"), JOBS)
def test_a_job_is_read_as_the_contract_says(provider: str, name: str) -> None:
    assert MODULES[provider].read_job(sample(provider, name)) == JOBS[provider, name]


@pytest.mark.parametrize(("provider", "name"), ERRORS)
def test_a_refusal_is_understood_as_the_contract_says(provider: str, name: str) -> None:
    after_create, after_look, says = ERRORS[provider, name]

    refused = MODULES[provider].read_error(answer(provider, name), creating=True)
    unread = MODULES[provider].read_error(answer(provider, name), creating=False)

    assert (refused.category, unread.category, refused.message) == (after_create, after_look, says)
    assert str(answer(provider, name).status) in refused.detail


@pytest.mark.parametrize(("provider", "name"), CREATED)
def test_the_id_of_an_accepted_job_is_found(provider: str, name: str) -> None:
    assert MODULES[provider].read_job_id(answer(provider, name)) == CREATED[provider, name]


@pytest.mark.parametrize("name", WEBHOOKS)
def test_a_call_back_names_its_job(name: str) -> None:
    body = (SAMPLES / "apiframe" / name).read_bytes()

    assert apiframe.read_webhook(body) == "7b0d6f54-3c1e-4d0b-9c52-2f8a4f6f1e11"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_sample_has_an_expected_outcome(provider: str) -> None:
    files = {path.name for path in (SAMPLES / provider).iterdir()}
    expected = {name for owner, name in [*JOBS, *ERRORS, *CREATED] if owner == provider}

    assert files - expected - set(WEBHOOKS) <= ELSEWHERE
    assert set(index(provider)) == files - {"index.json"}


def test_apiframe_says_how_long_to_wait() -> None:
    assert apiframe.read_error(answer("apiframe", "error-429.json"), creating=True).retry_after == 7


def test_the_input_at_fault_is_named_by_its_key() -> None:
    """The second picture of the request, which is Apiframe's reference_images.1."""
    error = apiframe.read_error(
        answer("apiframe", "error-400.json"), creating=True, request=neutral("request-full.json")
    )

    assert error.fault == "ref-1"


@pytest.mark.parametrize(("provider", "name"), JOBS)
def test_nothing_shown_to_people_is_chinese_or_carries_an_id(provider: str, name: str) -> None:
    message = MODULES[provider].read_job(sample(provider, name)).message

    assert message.isascii() or not any("\u3000" <= letter <= "\u9fff" for letter in message)
    assert "000000000" not in message


@pytest.mark.parametrize("provider", PROVIDERS)
def test_m03_a_yes_without_an_id_is_uncertain(provider: str) -> None:
    for body in (
        b"{}",
        b"<html>",
        b"",
        b"null",
        b'{"jobId": {}, "id": [], "task_id": " ", "output": {"task_id": ".."}}',
    ):
        with pytest.raises(ProviderError) as raised:
            MODULES[provider].read_job_id(
                answer(provider, "create-response.json").__class__(status=200, body=body)
            )

        assert raised.value.category == ErrorCategory.UNCERTAIN
