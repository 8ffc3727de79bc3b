"""Every fault really happens on the socket, and the ledger says what was done meanwhile."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulators import calls
from tests.simulators.faults import NAMES, Fault, Planned, Script
from tests.simulators.here import Here, running
from tests.waiting import wait_until

LOST = (httpx.ReadError, httpx.RemoteProtocolError, httpx.WriteError)


@pytest.mark.parametrize(
    ("what", "accepted"),
    [("reset_before", 0), ("refused", 0), ("reset_after", 1), ("close_after", 1), ("cut", 1)],
)
def test_a_broken_connection_leaves_the_job_only_where_the_script_says(
    dashscope: Here, what: str, accepted: int
) -> None:
    dashscope.fault("create", what, seconds=5)

    with pytest.raises(LOST):
        calls.create(dashscope)

    assert len(dashscope.simulator.ledger.jobs()) == accepted


@pytest.mark.parametrize(("what", "accepted"), [("hang", 0), ("hang_after", 1)])
def test_silence_lasts_until_the_client_gives_up(apiframe: Here, what: str, accepted: int) -> None:
    apiframe.fault("create", what)
    apiframe.client.timeout = httpx.Timeout(0.5)

    with pytest.raises(httpx.ReadTimeout):
        calls.create(apiframe)

    assert len(apiframe.simulator.ledger.jobs()) == accepted
    assert len(apiframe.simulator.ledger.money()) == accepted


@pytest.mark.parametrize(
    ("what", "status"),
    [
        ("html_502", 502),
        ("html_504", 504),
        ("json_503", 503),
        ("error_500", 500),
        ("rate_limited", 429),
        ("unauthorized", 401),
        ("redirect", 307),
    ],
)
@pytest.mark.parametrize("accept", [False, True])
def test_a_wrong_answer_comes_with_or_without_the_job(
    modelstream: Here, what: str, status: int, accept: bool
) -> None:
    modelstream.fault("create", what, accept=accept)

    answer = calls.create(modelstream)

    assert answer.status_code == status
    assert len(modelstream.simulator.ledger.jobs()) == int(accept)


def test_a_rate_limit_names_its_pause_only_if_it_is_told_to(apiframe: Here) -> None:
    apiframe.fault("status", "rate_limited", retry_after=7)
    apiframe.fault("status", "rate_limited")
    job_id = calls.created(apiframe)

    pauses = [calls.status(apiframe, job_id).headers.get("retry-after") for _ in range(2)]

    assert pauses == ["7", None]


@pytest.mark.parametrize("name", ["modelstream", "apiframe", "dashscope"])
def test_a_success_without_a_job_id_is_still_charged(tmp_path: Path, name: Any) -> None:
    with running(name, tmp_path) as here:
        here.fault("create", "no_id")

        answer = calls.create(here)

        assert answer.is_success
        assert here.simulator.ledger.jobs()[0].id not in answer.text


@pytest.mark.parametrize("what", ["garbage_200", "empty_200"])
def test_a_success_may_be_no_json(dashscope: Here, what: str) -> None:
    dashscope.fault("create", what)

    answer = calls.create(dashscope)

    assert answer.status_code == 200
    with pytest.raises(ValueError):  # noqa: PT011 - decoding fails in several ways, all of them a ValueError
        answer.json()
    assert len(dashscope.simulator.ledger.jobs()) == 1


def test_deep_json_is_deep(modelstream: Here) -> None:
    modelstream.fault("status", "deep_json")

    answer = calls.status(modelstream, calls.created(modelstream))

    with pytest.raises(RecursionError):
        json.loads(answer.content)


def test_nan_stands_where_numbers_belong(apiframe: Here) -> None:
    apiframe.fault("status", "nan")

    answer = calls.status(apiframe, calls.created(apiframe))

    assert b'"progress": NaN' in answer.content
    assert b"Infinity" in answer.content


def test_wrong_types_keep_the_right_keys(dashscope: Here) -> None:
    dashscope.fault("status", "wrong_types")

    output = calls.status(dashscope, calls.created(dashscope)).json()["output"]

    assert output["task_status"] == ["PENDING"]


def test_a_huge_answer_is_200_mb(modelstream: Here) -> None:
    modelstream.fault("status", "big_200")
    url = calls.CREATE["modelstream"] + "/" + calls.created(modelstream)

    with modelstream.client.stream("GET", url) as answer:
        length = int(answer.headers["content-length"])

    assert length > 200_000_000


def test_a_dripping_answer_comes_a_few_bytes_at_a_time(apiframe: Here) -> None:
    apiframe.fault("status", "drip")
    job_id = calls.created(apiframe)

    with apiframe.client.stream("GET", f"/v2/jobs/{job_id}") as answer:
        first = next(answer.iter_raw())

    assert len(first) <= 64 < int(answer.headers["content-length"])


def test_a_slow_answer_is_right_but_late(apiframe: Here) -> None:
    job_id = calls.created(apiframe)
    apiframe.fault("status", "slow", seconds=0.4)

    started = time.monotonic()
    answer = calls.status(apiframe, job_id)

    assert answer.json()["status"] == "QUEUED"
    assert time.monotonic() - started >= 0.4


def test_an_unknown_word_and_a_step_back_are_said_of_a_finished_job(modelstream: Here) -> None:
    job_id = calls.finished(modelstream)
    modelstream.fault("status", "unknown_word")
    modelstream.fault("status", "backwards")

    words = [calls.status(modelstream, job_id).json()["data"]["status"] for _ in range(3)]

    assert words == ["PONDERING", "NOT_START", "SUCCESS"]


@pytest.mark.parametrize("shape", ["A", "B", "C", "D", "legacy"])
def test_a_success_may_lack_its_address_in_every_shape(tmp_path: Path, shape: str) -> None:
    with running("modelstream", tmp_path, shape=shape) as here:
        here.fault("status", "success_without_url")
        before = calls.status(here, calls.created(here))
        job_id = calls.finished(here)

        answers = [calls.status(here, job_id).text for _ in range(2)]

    assert before.is_success
    assert ["/results/" in answer for answer in answers] == [False, True]


def test_an_early_not_found_is_said_in_each_provider_s_way(tmp_path: Path) -> None:
    said = []
    for name in ("modelstream", "apiframe", "dashscope"):
        with running(name, tmp_path) as here:
            here.fault("status", "not_found")
            answer = calls.status(here, calls.created(here))
            said.append((answer.status_code, "UNKNOWN" in answer.text, "task_not_exist" in answer.text))

    assert said == [(400, False, True), (404, False, False), (200, True, False)]


def test_a_task_that_could_be_canceled_is_not(dashscope: Here) -> None:
    dashscope.fault("cancel", "cancel_refused")
    job_id = calls.created(dashscope)

    answers = [dashscope.client.post(f"/api/v1/tasks/{job_id}/cancel").status_code for _ in range(2)]

    assert answers == [400, 200]


@pytest.mark.parametrize(
    "outcome", ["moderation", "media_download", "provider_error", "timeout", "charged_failure"]
)
@pytest.mark.parametrize("name", ["modelstream", "apiframe", "dashscope"])
def test_a_job_fails_as_the_script_says(tmp_path: Path, name: Any, outcome: str) -> None:
    with running(name, tmp_path) as here:
        job = here.simulator.jobs.known(calls.finished(here, outcome))

        assert job.state == "failed"
        assert job.message in calls.status(here, job.id).text


def test_a_stuck_job_never_ends(apiframe: Here) -> None:
    job_id = calls.finished(apiframe, "stuck")
    apiframe.advance(1_000_000)

    assert calls.status(apiframe, job_id).json()["status"] == "PROCESSING"


def test_nothing_listens_for_so_many_simulated_seconds(tmp_path: Path) -> None:
    with running("apiframe", tmp_path, speed=50) as here:
        here.listener.close(seconds=25)

        with pytest.raises(httpx.ConnectError):
            here.client.get("/v2/me")
        assert wait_until(lambda: here.listener.is_open)
        assert here.client.get("/v2/me").status_code == 200


def test_a_fault_comes_at_the_call_it_was_planned_for() -> None:
    script = Script()
    script.add(planned(Fault(where="status", what="json_503", after=2, count=2)))

    hits = [script.next("status", now=0) is not None for _ in range(6)]

    assert hits == [False, False, True, True, False, False]


def test_a_probable_fault_is_drawn_the_same_way_every_time() -> None:
    def draw() -> list[bool]:
        script = Script()
        script.add(planned(Fault(where="any", what="json_503", count=None, probability=0.3, seed=7)))
        return [script.next("status", now=0) is not None for _ in range(200)]

    assert draw() == draw()
    assert 30 < sum(draw()) < 90


def test_a_fault_that_lasts_is_over_in_time() -> None:
    script = Script()
    script.add(planned(Fault(where="any", what="json_503", count=None, lasts=600)))

    assert [script.next("create", now=now) is not None for now in (0, 599, 601)] == [True, True, False]


def test_every_fault_is_explained_and_no_other_is_taken() -> None:
    assert all(words for names in NAMES.values() for words in names.values())

    with pytest.raises(ValueError, match="knows no fault"):
        Fault(where="create", what="sunshine")


def planned(fault: Fault) -> Planned:
    return Planned(number=1, fault=fault, made_at=0)
