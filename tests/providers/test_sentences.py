"""What people read when a provider says no, and which of their inputs it is about."""

from __future__ import annotations

import json
from typing import Any

import pytest

from studio.providers import apiframe, dashscope, modelstream, upstream
from studio.providers.answers import Answer
from studio.providers.base import ErrorCategory
from studio.providers.pointing import fault_in, place_in
from studio.providers.sentences import SENTENCES, quotable, sentence
from tests.providers.sampled import neutral

REQUEST = neutral("request-full.json")  # first frame; two pictures, the first with a voice; a clip


@pytest.mark.parametrize("category", ErrorCategory)
def test_every_category_has_a_sentence_of_the_house(category: ErrorCategory) -> None:
    said = sentence("Apiframe", category, reason="Number must be lower.")

    assert said.endswith(".")
    assert "Apiframe" in said
    assert not {"error", "invalid", "oops", "!"} & set(SENTENCES[category].lower().split())


@pytest.mark.parametrize(
    ("reason", "quoted"),
    [
        ("depicts violence.", "depicts violence"),
        ("La durée dépasse 10 s", "La durée dépasse 10 s"),
        ("  two\n lines\x00 ", "two lines"),
        ("Too many (request id: 20260421215914123456789abcd)", "Too many"),
        ("Cannot open https://a.example/x?Signature=abc now", "Cannot open the link now"),
        ("No channel for 7438d53d-6eb8-4596-8835-000000000005 left", "No channel for left"),
        ("当前分组上游负载已饱和，请稍后再试", ""),
        ("task failed: 超时", ""),
        ("Ошибка запроса", ""),
        ("<b>Bad gateway</b>", ""),
        ('{"code": "X y"}', ""),
        ("[1, 2]", ""),
        ("task_not_exist", ""),
        ("100 %", ""),
        ("", ""),
    ],
)
def test_a_reason_is_quoted_only_if_people_can_read_it(reason: str, quoted: str) -> None:
    assert quotable(reason) == quoted


def test_a_long_reason_ends_at_a_word() -> None:
    assert len(quotable("word " * 200)) <= 203
    assert quotable("word " * 200).endswith("word …")


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("The image 2 is too small", "ref-1"),
        ("Video 1 is longer than 30 s", "ref-2"),
        ("wan27R2vParams.reference_images.1", "ref-1"),
        ("reference_videos[0]: too long", "ref-2"),
        ("input.media[0].url is not valid", "first_frame"),
        ("input.media[1].url is not valid", "ref-0"),
        ("input.media[1].reference_voice is too long", "voice:ref-0"),
        ("media.3 must be a video", "ref-2"),
        ("Failed to download https://media.example.com/p/8f2c/ref-backpack.png?X=1.", "ref-1"),
        ("Failed to download https://media.example.com/p/8f2c/voice-hero.mp3", "voice:ref-0"),
        ("Failed to download https://media.example.com/p/8f2c/first-frame.webp", "first_frame"),
        ("the first frame has no subject", "first_frame"),
        ("The prompt is too long", "prompt"),
        ("See https://help.example.com/errors", ""),
        ("Image 9 is too small", ""),
        ("input.media[44].url", ""),
        ("video 5 seconds at most", ""),
        ("Field required: input.media", ""),
        ("negative_prompt is too long", ""),
        ("", ""),
    ],
)
def test_the_input_at_fault_is_found_by_name_number_or_address(said: str, fault: str) -> None:
    place = place_in(said)

    assert fault_in(place, REQUEST) == fault
    assert len(place) <= 12


def test_without_a_first_frame_media_count_from_the_references() -> None:
    request = neutral("request-minimal.json")

    assert fault_in(place_in("media[0] is odd"), request) == "ref-0"
    assert fault_in("first_frame", request) == ""
    assert fault_in("junk", request) == fault_in("#", request) == fault_in("#x1", request) == ""


@pytest.mark.parametrize(
    ("code", "said", "category"),
    [
        ("DataInspectionFailed", "x", ErrorCategory.MODERATION),
        (
            "InvalidParameter.DataInspection",
            "Unable to download the media resource",
            ErrorCategory.MEDIA_UNREACHABLE,
        ),
        (
            "InvalidParameter.DataInspection",
            "The media format is not supported",
            ErrorCategory.MEDIA_UNREACHABLE,
        ),
        ("InvalidParameter", "Failed to fetch the url", ErrorCategory.MEDIA_UNREACHABLE),
        ("InvalidURL", "The url is odd", ErrorCategory.INVALID_INPUT),
        ("BadRequest.TooLarge", "x", ErrorCategory.INVALID_INPUT),
        ("Throttling.AllocationQuota", "x", ErrorCategory.RATE_LIMITED),
        ("Arrearage", "x", ErrorCategory.BALANCE),
        ("insufficient_user_quota", "x", ErrorCategory.BALANCE),
        ("", "flagged by our content policy", ErrorCategory.MODERATION),
        ("", "no idea", None),
    ],
)
def test_codes_of_the_model_are_understood(code: str, said: str, category: ErrorCategory | None) -> None:
    assert upstream.category_of(code, said) == category


def test_a_declined_reference_is_not_called_a_prompt() -> None:
    body = {"code": "DataInspectionFailed", "message": "Image 2 may contain inappropriate content."}

    error = dashscope.read_error(
        Answer(status=400, body=json.dumps(body).encode()), creating=True, request=REQUEST
    )

    assert (error.category, error.fault) == (ErrorCategory.MODERATION, "ref-1")
    assert error.message.startswith("DashScope declined one of the references. Its reason: “Image 2 may")


@pytest.mark.parametrize("module", [modelstream, dashscope])
def test_a_failed_job_points_at_its_input_until_the_request_is_at_hand(module: Any) -> None:
    said = {"code": "InvalidParameter", "message": "input.media[3].url: the clip is too short"}
    answer = {"status": "FAILURE", "error": said, "output": {"task_status": "FAILED", **said}}

    snapshot = module.read_job(answer)

    assert snapshot.fault == "#m4"
    assert fault_in(snapshot.fault, REQUEST) == "ref-2"


def test_m03_an_upstream_failure_behind_a_plain_refusal_is_uncertain() -> None:
    """The gateway hands the status of others through: this 400 was a 500 further up."""
    inner = json.dumps({"code": "InternalError.Algo", "message": "An internal error has occurred."})
    body = json.dumps({"code": "fail_to_fetch_task", "message": inner, "data": None}).encode()

    assert (
        modelstream.read_error(Answer(status=400, body=body), creating=True).category
        == ErrorCategory.UNCERTAIN
    )


def test_m03_a_used_idempotency_key_means_that_an_earlier_send_arrived() -> None:
    body = b'{"error": "Idempotency key was already used with a different request body"}'

    assert (
        apiframe.read_error(Answer(status=409, body=body), creating=True).category == ErrorCategory.UNCERTAIN
    )
