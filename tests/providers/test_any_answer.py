"""Whatever a provider says, nothing is raised but ProviderError, and success is never made up."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.providers import apiframe, dashscope, modelstream
from studio.providers.answers import Answer, word
from studio.providers.base import ErrorCategory, ProviderError, Snapshot, State
from tests.providers.sampled import SAMPLES, neutral

MODULES: dict[str, ModuleType] = {"modelstream": modelstream, "apiframe": apiframe, "dashscope": dashscope}
MADE = {
    "modelstream": {"completed", "succeeded", "success"},
    "apiframe": {"completed"},
    "dashscope": {"succeeded"},
}
REQUEST = neutral("request-full.json")
NAMES = [
    *(
        "status",
        "task_status",
        "data",
        "output",
        "error",
        "message",
        "code",
        "url",
        "result",
        "videoUrl",
        "videos",
    ),
    *(
        "fail_reason",
        "progress",
        "usage",
        "duration",
        "creditCost",
        "expired",
        "task_id",
        "id",
        "jobId",
        "details",
    ),
    *("request_id", "metadata"),
]
each_provider = pytest.mark.parametrize("provider", MODULES)

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["SUCCESS", "completed", " Succeeded\n", "FAILURE", "https://a.example/v.mp4", "30%", "success"]
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)
samples = st.sampled_from(
    [json.loads(path.read_text()) for path in sorted(SAMPLES.glob("*/*.json")) if path.name != "index.json"]
)


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """A sample with some of its values replaced, at any depth."""
    answer = copy.deepcopy(draw(samples))
    for _ in range(draw(st.integers(1, 3))):
        place: Any = answer
        while isinstance(place, dict) and place:
            name = draw(st.sampled_from(sorted(place)))
            if isinstance(place[name], dict) and draw(st.booleans()):
                place = place[name]
                continue
            place[name] = draw(anything)
            break
    return answer


def outcome[Read](read: Callable[[], Read]) -> Read | ProviderError:
    try:
        return read()
    except ProviderError as error:
        return error


def words_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set().union(*map(words_in, value.values()))
    return set().union(*map(words_in, value)) if isinstance(value, list) else {word(value)}


def check(provider: str, json_: Any, snapshot: Snapshot) -> None:
    assert snapshot.progress is None or 0 <= snapshot.progress <= 100
    assert not any(character in snapshot.message for character in "\x00\n<")
    assert snapshot.billed is None or snapshot.billed.amount >= 0
    f"{snapshot!r}".encode()  # what is kept can be stored
    if snapshot.state == State.SUCCEEDED:
        assert snapshot.is_understood
        assert snapshot.video_url.startswith(("http://", "https://"))
        assert words_in(json_) & MADE[provider]
    if snapshot.state == State.FAILED:
        assert snapshot.message.endswith(".")


@each_provider
@settings(max_examples=300, deadline=None)
@given(json_=anything | damaged())
def test_t07_any_answer_about_a_job_is_read_or_refused(provider: str, json_: Any) -> None:
    snapshot = outcome(lambda: MODULES[provider].read_job(json_))

    if isinstance(snapshot, ProviderError):
        assert snapshot.category == ErrorCategory.PROVIDER_ERROR
    else:
        check(provider, json_, snapshot)


@each_provider
@settings(max_examples=300, deadline=None)
@given(
    body=st.binary(max_size=200) | (anything | damaged()).map(lambda value: json.dumps(value).encode()),
    status=st.integers(200, 599),
    creating=st.booleans(),
    wait=st.text(max_size=10),
)
def test_t07_m03_any_answer_without_a_job_is_one_error(
    provider: str, body: bytes, status: int, creating: bool, wait: str
) -> None:
    answer = Answer(status=status, body=body, headers={"retry-after": wait})

    error = MODULES[provider].read_error(answer, creating=creating, request=REQUEST)

    assert isinstance(error, ProviderError)
    assert error.message.endswith(".")
    assert len(error.detail) < 2500
    error.detail.encode()
    if creating and not (400 <= status <= 422 or status in (429, 503)):
        assert error.category == ErrorCategory.UNCERTAIN


@each_provider
@settings(max_examples=200, deadline=None)
@given(body=st.binary(max_size=60) | (anything | damaged()).map(lambda value: json.dumps(value).encode()))
def test_t07_any_yes_gives_an_id_that_can_be_kept_or_is_uncertain(provider: str, body: bytes) -> None:
    job_id = outcome(lambda: MODULES[provider].read_job_id(Answer(status=200, body=body)))

    if isinstance(job_id, ProviderError):
        assert job_id.category == ErrorCategory.UNCERTAIN
    else:
        assert 0 < len(job_id) <= 120
        assert job_id.isascii()


@each_provider
@pytest.mark.parametrize(
    "said", ["DONE", "SUCCES", "finished", "", None, 200, True, ["SUCCESS"], "成功", "ok"]
)
def test_t07_a_word_we_do_not_know_is_still_running(provider: str, said: Any) -> None:
    url = "https://a.example/v.mp4"
    answer = {"status": said, "url": url, "result": url, "output": {"task_status": said, "video_url": url}}

    snapshot = MODULES[provider].read_job(answer)

    assert (snapshot.state, snapshot.is_understood, snapshot.video_url) == (State.UNKNOWN, False, "")


@pytest.mark.parametrize("said", ["SUCCESS", "Success", " success ", "COMPLETED", "Succeeded"])
def test_modelstream_words_are_compared_in_any_case(said: str) -> None:
    assert modelstream.read_job({"status": said, "url": "https://a.example/v"}).state == State.SUCCEEDED


def test_the_word_on_an_envelope_is_not_the_word_of_the_job() -> None:
    inside = {"status": "IN_PROGRESS", "progress": "30%"}
    wrapped = {"status": "success", "code": "success", "url": "https://a.example/v", "data": inside}

    assert modelstream.read_job(wrapped).state == State.RUNNING


def test_t08_success_without_an_address_is_asked_about_again() -> None:
    for provider, answer in {
        "modelstream": {"status": "completed", "url": "not an address"},
        "apiframe": {"status": "COMPLETED", "result": None},
        "dashscope": {"output": {"task_status": "SUCCEEDED"}},
    }.items():
        snapshot = MODULES[provider].read_job(answer)

        assert (snapshot.state, snapshot.is_understood) == (State.UNKNOWN, False)


def test_unknown_is_running_at_modelstream_unless_it_comes_with_trouble() -> None:
    assert modelstream.read_job({"status": "unknown", "error": None}).state == State.RUNNING
    assert not modelstream.read_job({"status": "unknown", "error": {"message": "odd"}}).is_understood
