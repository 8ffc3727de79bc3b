"""Every parameter reaches the wire exactly as the contract says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from studio.providers import apiframe, dashscope, modelstream
from studio.providers.base import ReferenceInput
from tests.providers.sampled import neutral, sample

BODIES: dict[str, Any] = {
    "modelstream": modelstream.create_body,
    "apiframe": apiframe.create_body,
    "dashscope": dashscope.create_body,
}
each_provider = pytest.mark.parametrize("provider", BODIES)


@each_provider
def test_a_minimal_request_is_mapped_as_in_the_contract(provider: str) -> None:
    assert BODIES[provider](neutral("request-minimal.json")) == sample(provider, "create-request.json")


@each_provider
def test_a_full_request_is_mapped_as_in_the_contract(provider: str) -> None:
    callback = "https://studio.example.com/hooks/apiframe/b3f1c2d4" if provider == "apiframe" else ""

    body = BODIES[provider](neutral("request-full.json", callback_url=callback))

    assert body == sample(provider, "create-request.full.json")


@each_provider
def test_what_is_not_given_is_not_sent(provider: str) -> None:
    bare = replace(
        neutral("request-minimal.json"), negative_prompt="", prompt_extend=None, watermark=None, seed=None
    )

    sent = str(BODIES[provider](bare))

    for absent in (
        "None",
        "negative_prompt",
        "prompt_extend",
        "watermark",
        "seed",
        "reference_videos",
        "webhook",
    ):
        assert absent not in sent


@each_provider
def test_a_seed_of_nought_and_a_refused_rewrite_are_given(provider: str) -> None:
    request = replace(neutral("request-full.json"), seed=0, prompt_extend=False, watermark=False)

    body = BODIES[provider](request)

    given = (
        body["wan27R2vParams"]
        if provider == "apiframe"
        else body.get("parameters") or body["metadata"]["parameters"]
    )
    assert given["seed"] == 0
    assert provider == "apiframe" or (given["prompt_extend"], given["watermark"]) == (False, False)


def test_modelstream_repeats_neither_resolution_nor_model_in_the_metadata_that_would_win() -> None:
    metadata = modelstream.create_body(neutral("request-full.json"))["metadata"]

    assert (
        not {"resolution", "size", "duration", "prompt"} & (metadata["parameters"] | metadata["input"]).keys()
    )
    assert modelstream.MODEL not in str(metadata)


def test_apiframe_gets_no_key_outside_its_schema() -> None:
    body = apiframe.create_body(neutral("request-full.json", callback_url="https://studio.example.com/h"))

    assert set(body) <= {"model", "prompt", "webhookUrl", "webhookEvents", "wan27R2vParams"}
    assert set(body["wan27R2vParams"]) <= {
        "reference_images",
        "reference_videos",
        "shot_type",
        "resolution",
        "aspect_ratio",
        "duration",
        "negative_prompt",
        "seed",
    }


def test_dashscope_is_told_of_addresses_of_its_own_upload_only_when_there_are_some() -> None:
    plain = neutral("request-minimal.json")
    uploaded = replace(
        plain,
        references=(ReferenceInput(kind="image", url="https://a.example/1.jpg", voice_url="oss://b/2.mp3"),),
    )

    assert dashscope.create_headers(plain) == {"X-DashScope-Async": "enable"}
    assert dashscope.create_headers(uploaded)["X-DashScope-OssResourceResolve"] == "enable"
