"""The studio's own clients and the simulators understand each other, over real sockets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from studio.providers.base import (
    Account,
    ErrorCategory,
    PaidProvider,
    ProviderError,
    Ratio,
    ReferenceInput,
    State,
    VideoRequest,
)
from studio.providers.registry import paid_provider
from tests.simulators import calls, films
from tests.simulators.here import Here, running
from tests.simulators.options import NAMES, Name
from tests.waiting import wait_until

SHAPES = [("modelstream", shape) for shape in ("A", "B", "C", "D", "legacy")]
KINDS = [*SHAPES, ("apiframe", "object"), ("apiframe", "string"), ("apiframe", "videos"), ("dashscope", "")]


def client(here: Here) -> PaidProvider:
    options = here.simulator.options
    account = Account(key=options.accepted_keys[0], base_url=here.simulator.base_url, allow_private=True)
    return paid_provider(options.name, account)


def request(url: str = "https://media.example.com/fox.jpg") -> VideoRequest:
    return VideoRequest(
        prompt="Image 1 walks through a meadow.",
        references=(ReferenceInput(kind="image", url=url, key="fox"),),
        duration=3,
    )


@pytest.mark.parametrize(("name", "shape"), KINDS)
def test_a_job_is_followed_from_queue_to_clip(tmp_path: Path, name: Name, shape: str) -> None:
    with running(name, tmp_path, shape=shape, mixed_case=True) as here:
        provider = client(here)

        job_id = provider.submit(request(), key="attempt-1")
        states = [provider.fetch(job_id).state]
        here.advance(15)
        states.append(provider.fetch(job_id).state)
        here.advance(200)
        end = provider.fetch(job_id)

    assert states == [State.QUEUED, State.RUNNING]
    assert (end.state, end.video_url.startswith(here.simulator.base_url)) == (State.SUCCEEDED, True)


@pytest.mark.parametrize("name", NAMES)
def test_a_moderated_job_is_understood(tmp_path: Path, name: Name) -> None:
    with running(name, tmp_path) as here:
        here.fault("job", "moderation")
        provider = client(here)
        job_id = provider.submit(request(), key="attempt-1")
        here.advance(200)

        end = provider.fetch(job_id)

    assert (end.state, end.category) == (State.FAILED, ErrorCategory.MODERATION)


@pytest.mark.parametrize(
    ("what", "category", "accepted"),
    [
        ("reset_before", ErrorCategory.UNCERTAIN, 0),
        ("reset_after", ErrorCategory.UNCERTAIN, 1),
        ("close_after", ErrorCategory.UNCERTAIN, 1),
        ("cut", ErrorCategory.UNCERTAIN, 1),
        ("html_502", ErrorCategory.UNCERTAIN, 0),
        ("error_500", ErrorCategory.UNCERTAIN, 0),
        ("garbage_200", ErrorCategory.UNCERTAIN, 1),
        ("no_id", ErrorCategory.UNCERTAIN, 1),
        ("wrong_types", ErrorCategory.UNCERTAIN, 1),
        ("deep_json", ErrorCategory.UNCERTAIN, 1),
        ("redirect", ErrorCategory.UNCERTAIN, 0),
        ("json_503", ErrorCategory.PROVIDER_BUSY, 0),
        ("rate_limited", ErrorCategory.RATE_LIMITED, 0),
        ("unauthorized", ErrorCategory.AUTH, 0),
        ("balance", ErrorCategory.BALANCE, 0),
        ("moderation", ErrorCategory.MODERATION, 0),
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_m03_a_create_that_goes_wrong_leaves_once_and_is_called_what_it_is(
    tmp_path: Path, name: Name, what: str, category: ErrorCategory, accepted: int
) -> None:
    with running(name, tmp_path) as here:
        here.fault("create", what)

        with pytest.raises(ProviderError) as raised:
            client(here).submit(request(), key="attempt-1")

        assert raised.value.category == category
        assert len(here.simulator.ledger.jobs()) == accepted
        assert len(here.simulator.ledger.requests("create")) == 1


def test_a_lost_apiframe_job_is_found_by_its_key(apiframe: Here) -> None:
    provider = client(apiframe)
    apiframe.fault("create", "reset_after")
    with pytest.raises(ProviderError):
        provider.submit(request(), key="attempt-1")

    job_id = provider.submit(request(), key="attempt-1")

    assert [job.id for job in apiframe.simulator.ledger.jobs()] == [job_id]


def test_a_lost_dashscope_job_is_found_in_the_list(dashscope: Here) -> None:
    provider = client(dashscope)
    started = datetime.now(UTC) - timedelta(seconds=1)
    dashscope.fault("create", "reset_after")
    with pytest.raises(ProviderError):
        provider.submit(request(), key="attempt-1")

    seen = provider.jobs_between(started, datetime.now(UTC) + timedelta(seconds=1))

    assert [job.job_id for job in seen] == [job.id for job in dashscope.simulator.ledger.jobs()]


def test_a_queued_dashscope_job_is_canceled_and_a_running_one_is_not(dashscope: Here) -> None:
    provider = client(dashscope)
    queued = provider.submit(request(), key="attempt-1")

    assert provider.cancel(queued)
    assert provider.fetch(queued).state == State.CANCELED
    running_job = provider.submit(request(), key="attempt-2")
    dashscope.advance(15)
    assert not provider.cancel(running_job)


@pytest.mark.parametrize("name", NAMES)
def test_a_key_is_tried_at_no_cost(tmp_path: Path, name: Name) -> None:
    with running(name, tmp_path) as here:
        checked = client(here).check_key()

        assert here.simulator.ledger.jobs() == []
    assert checked.balance == (Decimal(4820) if name == "apiframe" else None)


@pytest.mark.parametrize("name", ["apiframe", "dashscope"])
def test_a_file_handed_over_can_be_named_in_a_request(tmp_path: Path, name: Name) -> None:
    path = tmp_path / "fox.png"
    path.write_bytes(calls.picture())

    with running(name, tmp_path, fetching="full") as here:
        provider = client(here)
        job_id = provider.submit(request(provider.take_file(path, mime="image/png")), key="attempt-1")
        assert wait_until(lambda: here.simulator.jobs.known(job_id).is_checked)
        here.advance(200)

        assert provider.fetch(job_id).state == State.SUCCEEDED


def test_the_simulated_sizes_cover_every_shape_the_studio_offers() -> None:
    assert all(set(sizes) == set(get_args(Ratio)) for sizes in films.SIZES.values())
