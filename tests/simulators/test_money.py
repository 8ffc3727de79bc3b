"""The ledger: what was accepted, what it cost, and what was given back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.simulators import calls
from tests.simulators.here import Here, running
from tests.simulators.simulator import billed_clip_seconds


def test_apiframe_takes_17_credits_a_second_from_the_account(apiframe: Here) -> None:
    calls.create(apiframe)

    assert apiframe.client.get("/v2/me").json()["team"]["credits"] == 4820 - 85


def test_apiframe_gives_a_failed_job_s_credits_back(apiframe: Here) -> None:
    calls.finished(apiframe, "provider_error")

    assert apiframe.client.get("/v2/me").json()["team"]["credits"] == 4820
    assert apiframe.simulator.ledger.balance() == 0


def test_a_charged_failure_keeps_the_money(apiframe: Here) -> None:
    job_id = calls.finished(apiframe, "charged_failure")

    assert calls.status(apiframe, job_id).json()["creditCost"] == 85
    assert apiframe.simulator.ledger.balance(job_id) == 85


def test_a_refused_create_for_lack_of_credits_leaves_no_job(tmp_path: Path) -> None:
    with running("apiframe", tmp_path, credits=100) as here:
        answers = [calls.create(here).status_code for _ in range(2)]

        assert answers == [202, 402]
        assert len(here.simulator.ledger.jobs()) == 1
        assert here.simulator.ledger.credits(here.simulator.options.accepted_keys[0]) == 15


def test_modelstream_reserves_and_refunds(modelstream: Here) -> None:
    calls.finished(modelstream)
    calls.finished(modelstream, "moderation")

    kinds = [(row.kind, row.amount) for row in modelstream.simulator.ledger.money()]
    assert kinds == [("charge", Decimal("0.75")), ("charge", Decimal("0.75")), ("refund", Decimal("0.75"))]


def test_dashscope_bills_only_what_succeeded(dashscope: Here) -> None:
    calls.finished(dashscope, "provider_error")
    assert dashscope.simulator.ledger.balance() == 0

    calls.finished(dashscope)
    assert dashscope.simulator.ledger.balance() == 5


@pytest.mark.parametrize(
    ("clips", "billed"),
    [([], "0"), ([3.2], "3.2"), ([9.0], "5"), ([1.0, 9.0], "3.5"), ([9.0] * 3, "4.95"), ([9.0] * 5, "5")],
)
def test_reference_clips_are_billed_up_to_the_cap_of_their_number(clips: list[float], billed: str) -> None:
    assert billed_clip_seconds(clips) == Decimal(billed)


def test_the_same_key_gives_the_same_job_once_charged(apiframe: Here) -> None:
    first = calls.create(apiframe, Idempotency_Key="attempt-1")
    again = calls.create(apiframe, Idempotency_Key="attempt-1")
    other = calls.create(apiframe, Idempotency_Key="attempt-2")

    assert first.json()["jobId"] == again.json()["jobId"] != other.json()["jobId"]
    assert [create.is_new for create in apiframe.simulator.ledger.creates()] == [True, False, True]
    assert apiframe.simulator.ledger.balance() == 170


def test_a_key_is_forgotten_after_a_day(apiframe: Here) -> None:
    calls.create(apiframe, Idempotency_Key="attempt-1")
    apiframe.advance(86_401)

    calls.create(apiframe, Idempotency_Key="attempt-1")

    assert len(apiframe.simulator.ledger.jobs()) == 2


def test_a_canceled_task_costs_nothing_and_stays_canceled(dashscope: Here) -> None:
    job_id = calls.created(dashscope)

    dashscope.client.post(f"/api/v1/tasks/{job_id}/cancel")
    dashscope.advance(200)

    assert calls.status(dashscope, job_id).json()["output"]["task_status"] == "CANCELED"
    assert dashscope.simulator.ledger.balance() == 0


def test_an_account_s_queries_are_limited_together(tmp_path: Path) -> None:
    with running("dashscope", tmp_path, queries_per_second=2) as here:
        endpoints = ["status", "list", "status", "cancel", "create"]

        too_fast = [here.simulator.is_too_fast(endpoint) for endpoint in endpoints]

    assert too_fast == [False, False, True, True, False]


def test_the_list_of_tasks_shows_a_window_in_the_provider_s_own_zone(dashscope: Here) -> None:
    calls.created(dashscope)

    past = dashscope.client.get("/api/v1/tasks?start_time=20200101000000&end_time=20200101120000")
    wide = dashscope.client.get("/api/v1/tasks?start_time=20200101000000&end_time=20200105000000")
    now = dashscope.client.get("/api/v1/tasks")

    assert past.json()["total"] == 0
    assert wide.status_code == 400
    assert now.json()["total"] == 1
