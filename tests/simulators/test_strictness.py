"""What a real provider would refuse is refused, with the words it would use."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulators import calls
from tests.simulators.here import Here
from tests.simulators.shapes import sample

IMAGE = "https://media.example.com/a.jpg"


def changed(provider: str, *path: str | int, value: Any = None, drop: bool = False) -> dict[str, Any]:
    """The sample's full request with one value changed or left out."""
    request: dict[str, Any] = sample(provider, "create-request.full.json")
    inner: Any = request
    for step in path[:-1]:
        inner = inner[step]
    if drop:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return request


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("watermark",), False, "watermark"),
        (("wan27R2vParams", "prompt_extend"), True, "wan27R2vParams.prompt_extend"),
        (("wan27R2vParams", "duration"), 11, "wan27R2vParams.duration"),
        (("wan27R2vParams", "duration"), "8", "wan27R2vParams.duration"),
        (("wan27R2vParams", "resolution"), "720P", "wan27R2vParams.resolution"),
        (("wan27R2vParams", "seed"), True, "wan27R2vParams.seed"),
        (("wan27R2vParams", "reference_images", 1), "oss://a/b", "wan27R2vParams.reference_images.1"),
        (("wan27R2vParams", "reference_images"), [IMAGE] * 6, "wan27R2vParams.reference_images"),
        (("prompt",), "", "prompt"),
        (("prompt",), "a" * 5001, "prompt"),
        (("webhookEvents",), ["done"], "webhookEvents"),
    ],
)
def test_apiframe_names_the_field_in_its_details(
    apiframe: Here, path: tuple[str | int, ...], value: Any, where: str
) -> None:
    answer = calls.create(apiframe, changed("apiframe", *path, value=value))

    assert answer.status_code == 400
    assert list(answer.json()["details"]) == [where]
    assert apiframe.simulator.ledger.jobs() == []


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("seed",), 7, "Unknown parameter: seed"),
        (("parameters", "size"), "720P", "parameters.size"),
        (("parameters", "resolution"), "720p", "parameters.resolution"),
        (("parameters", "duration"), 11, "between 2 and 10"),
        (("parameters", "duration"), 8.0, "parameters.duration"),
        (("parameters", "seed"), -1, "parameters.seed"),
        (("parameters", "watermark"), "false", "boolean"),
        (("input", "media", 0, "type"), "image", "media[0].type"),
        (("input", "media", 0, "reference_voice"), IMAGE, "reference_voice"),
        (("input", "media", 0, "url"), "oss://bucket/a.png", "X-DashScope-OssResourceResolve"),
        (("input", "media", 3, "url"), "data:image/png;base64,AAAA", "InvalidURL"),
        (("input", "prompt"), 7, "string"),
    ],
)
def test_dashscope_refuses_in_its_flat_words(
    dashscope: Here, path: tuple[str | int, ...], value: Any, said: str
) -> None:
    answer = calls.create(dashscope, changed("dashscope", *path, value=value))

    assert answer.status_code == 400
    assert sorted(answer.json()) == ["code", "message", "request_id"]
    assert said in answer.json()["message"]
    assert dashscope.simulator.ledger.jobs() == []


@pytest.mark.parametrize(
    ("path", "value", "style"),
    [
        (("seed",), 7, "error"),
        (("size",), "720p", "error"),
        (("duration",), 16, "error"),
        (("prompt",), "a" * 5001, "error"),
        (("metadata", "model"), "other", "code"),
        (("metadata", "parameters", "shot_type"), "multi", "code"),
        (("metadata", "input", "negative_prompt"), "a" * 501, "code"),
        (("metadata", "input", "media"), [], "code"),
        (("duration",), 12, "code"),
    ],
)
def test_modelstream_refuses_in_the_style_of_the_layer_that_noticed(
    modelstream: Here, path: tuple[str | int, ...], value: Any, style: str
) -> None:
    answer = calls.create(modelstream, changed("modelstream", *path, value=value))

    assert answer.status_code == 400
    assert style in answer.json()
    assert modelstream.simulator.ledger.jobs() == []


def test_dashscope_ignores_unknown_keys_of_input_and_the_ledger_tells(dashscope: Here) -> None:
    answer = calls.create(dashscope, changed("dashscope", "input", "function", value="x"))

    assert answer.status_code == 200
    assert dashscope.simulator.ledger.creates()[0].ignored == "function"


def test_nothing_lies_at_an_unknown_address(apiframe: Here) -> None:
    answer = apiframe.client.get("/v2/nowhere")

    assert answer.status_code == 404


def test_another_account_sees_no_job(apiframe: Here) -> None:
    job_id = calls.created(apiframe)
    apiframe.simulator.ledger.open_account("afk_other", 100)

    answer = apiframe.client.get(f"/v2/jobs/{job_id}", headers={"X-API-Key": "afk_other"})

    assert answer.status_code == 404
