"""Webhooks are really sent, signed as the vectors say, and wrong in every way a webhook can be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulators import calls
from tests.simulators.apiframe_webhooks import signed
from tests.simulators.here import Here, running
from tests.simulators.place import Place, place
from tests.simulators.shapes import differences, sample
from tests.waiting import wait_until


@pytest.fixture
def net() -> Iterator[Place]:
    with place() as here:
        yield here


@pytest.fixture
def fast(tmp_path: Path) -> Iterator[Here]:
    """Jobs of about a second."""
    with running("apiframe", tmp_path, speed=60) as here:
        yield here


def ordered(here: Here, net: Place, *events: str) -> str:
    content = calls.body(here, webhookUrl=f"{net.url}/hook", webhookEvents=list(events))
    job_id: str = calls.create(here, content).json()["jobId"]
    return job_id


def payloads(net: Place) -> list[dict[str, Any]]:
    return [json.loads(hook.body) for hook in net.received]


@pytest.mark.parametrize("number", range(3))
def test_signatures_are_those_of_the_contract_s_vectors(number: int) -> None:
    vectors = sample("apiframe", "webhook-signature-vectors.json")
    vector, key = vectors["vectors"][number], vectors["api_key"]
    body = vector["raw_body"].encode()

    assert signed(body, key) == vector["signature_key_raw_digest"]
    assert signed(body, key, is_hex=True) == vector["signature_key_hex_string"]


def test_progress_and_the_end_are_told_like_the_samples(fast: Here, net: Place) -> None:
    ordered(fast, net, "progress", "completed", "failed")

    assert wait_until(lambda: any(hook["event"] == "completed" for hook in payloads(net)))
    first, last = payloads(net)[0], payloads(net)[-1]
    assert differences(first, sample("apiframe", "webhook-progress.json")) == []
    assert differences(last, sample("apiframe", "webhook-completed.json")) == []
    key = fast.simulator.options.accepted_keys[0]
    assert net.received[-1].headers["x-webhook-signature"] == signed(net.received[-1].body, key)
    assert net.received[-1].headers["x-webhook-event"] == "completed"


def test_a_failure_is_told_like_the_sample(fast: Here, net: Place) -> None:
    fast.fault("job", "moderation")

    job_id = ordered(fast, net, "completed", "failed")

    assert wait_until(lambda: net.received)
    assert differences(payloads(net)[0], sample("apiframe", "webhook-failed.json")) == []
    assert wait_until(lambda: calls.status(fast, job_id).json()["webhookStatus"] == "delivered")


def test_only_the_events_that_were_asked_for_are_told(fast: Here, net: Place) -> None:
    job_id = ordered(fast, net, "failed")

    assert wait_until(lambda: fast.simulator.jobs.known(job_id).state == "succeeded")
    assert net.received == []


@pytest.mark.parametrize(("what", "count"), [("twice", 2), ("replayed", 2)])
def test_a_webhook_may_come_twice(fast: Here, net: Place, what: str, count: int) -> None:
    fast.fault("webhook", what)

    ordered(fast, net, "completed")

    assert wait_until(lambda: len(net.received) == count)
    assert net.received[0].body == net.received[1].body


@pytest.mark.parametrize("what", ["forged", "foreign"])
def test_a_webhook_may_be_signed_wrongly(fast: Here, net: Place, what: str) -> None:
    fast.fault("webhook", what)

    ordered(fast, net, "completed")

    assert wait_until(lambda: net.received)
    right = signed(net.received[0].body, fast.simulator.options.accepted_keys[0])
    assert net.received[0].headers["x-webhook-signature"] != right


def test_a_webhook_may_be_about_a_job_nobody_knows(fast: Here, net: Place) -> None:
    fast.fault("webhook", "foreign_job")

    job_id = ordered(fast, net, "completed")

    assert wait_until(lambda: net.received)
    assert payloads(net)[0]["jobId"] != job_id


def test_a_webhook_may_be_sent_before_it_is_true(tmp_path: Path, net: Place) -> None:
    with running("apiframe", tmp_path) as here:
        here.fault("webhook", "early")
        job_id = ordered(here, net, "completed")
        here.advance(15)

        assert wait_until(lambda: net.received)
        assert payloads(net)[0]["event"] == "completed"
        assert calls.status(here, job_id).json()["status"] == "PROCESSING"


def test_a_webhook_may_never_come(fast: Here, net: Place) -> None:
    fast.fault("webhook", "absent")

    job_id = ordered(fast, net, "completed")
    assert wait_until(lambda: fast.simulator.jobs.known(job_id).state == "succeeded")
    ordered(fast, net, "completed")

    assert wait_until(lambda: net.received)
    assert [hook["jobId"] == job_id for hook in payloads(net)] == [False]
