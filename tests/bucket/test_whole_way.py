"""From the press to the clip with references in the bucket, at every provider, and what a storage in trouble does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from studio import delivery, invariants
from studio.connections import provider_accounts
from studio.connections.provider_accounts import capability_for, provider_for
from studio.delivery.links import Sender
from studio.models import Attempt, ChargeState, Connection, GenerationTask, Status, Trouble
from studio.requests import video_request
from studio.takes.cards import Card
from tests.bucket.weed import Storage
from tests.paid.conftest import Shop, open_shop, picture
from tests.simulators.here import running
from tests.simulators.options import NAMES, Name

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def shop(name: Name, studio_bucket: Storage, settings: Any, tmp_path: Path) -> Iterator[Shop]:
    """A connected provider that fetches references as thoroughly as any; the studio itself has no public address."""
    settings.PUBLIC_URL = ""
    with running(name, tmp_path, fetching="full", film_scale=0.25) as here:
        yield open_shop(here)
        assert invariants.broken() == []


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> Name:
    chosen: Name = request.param
    return chosen


def only_at(*names: Name) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", names, indirect=True)


def gone(settings: Any) -> str:
    """Point the studio at a port where nothing listens. Returns where the storage was."""
    before: str = settings.S3_ENDPOINT
    settings.S3_ENDPOINT = "http://127.0.0.1:9"
    return before


def tried(shop: Shop) -> GenerationTask:
    task = shop.order()[0]
    shop.step()
    task.refresh_from_db()
    return task


def test_a_take_becomes_a_clip_from_references_in_the_bucket(shop, studio_bucket):
    task = shop.order(settings={"duration": 3})[0]

    shop.finish(task)

    assert task.status == Status.SUCCEEDED, (task.status, task.error_message, task.error_detail)
    fetches = shop.here.simulator.ledger.fetches()
    assert {(each.method, each.status) for each in fetches} == {("HEAD", 403), ("RANGE", 206), ("GET", 200)}
    got = next(each for each in fetches if each.method == "GET")
    assert got.url.startswith(f"{studio_bucket.endpoint}/references/references/")
    assert got.content_type == "image/png"
    assert got.size == picture().media.size_bytes


@only_at("modelstream")
def test_several_takes_of_one_picture_leave_one_copy(shop, studio_bucket):
    for task in shop.order(takes=4):
        shop.finish(task)

    assert len(studio_bucket.bucket().names("references/")) == 1
    assert shop.creates() == 4


def test_the_same_attempt_names_the_same_address_when_asked_again(shop):
    task = shop.sent()
    attempt = task.attempts.get()
    provider = provider_for(shop.connection)
    before = video_request(task, attempt, provider)

    again = video_request(task, Attempt.objects.get(pk=attempt.pk), provider)

    assert again == before
    assert list(attempt.uploads.values()) == [before.references[0].url]


@only_at("apiframe")
def test_an_address_once_named_outlives_a_change_of_the_settings(shop, settings):
    task = shop.sent()
    attempt = Attempt.objects.get(task=task)
    settings.S3_BUCKET, settings.PUBLIC_URL = "", "https://studio.example"

    address = Sender(attempt=attempt, provider=provider_for(shop.connection)).address(picture().media)

    assert address == attempt.uploads[picture().media.sha256]


def test_a_storage_that_is_away_makes_the_take_wait_and_nobody_else(shop, settings):
    there = gone(settings)

    task = tried(shop)

    assert (task.status, task.trouble, task.tries) == (Status.QUEUED, Trouble.STORING, 1)
    assert shop.creates() == 0
    assert Connection.objects.get(pk=shop.connection.pk).trouble_since is None

    settings.S3_ENDPOINT = there
    shop.finish(task)

    assert task.status == Status.SUCCEEDED
    assert shop.creates() == 1


def test_a_wrong_key_ends_the_take_with_a_sentence_and_at_no_cost(shop, settings):
    settings.S3_SECRET_KEY = "not-the-secret"

    task = tried(shop)

    assert task.status == Status.FAILED
    assert task.error_message == (
        "The storage didn’t accept the studio’s keys. "
        "An owner puts STUDIO_S3_ACCESS_KEY and STUDIO_S3_SECRET_KEY right."
    )
    assert task.fault == ""
    assert "not-the-secret" not in task.error_detail
    assert shop.creates() == 0
    assert shop.charge(task).state == ChargeState.RELEASED
    assert Connection.objects.get(pk=shop.connection.pk).paused_at is None


@only_at("modelstream")
def test_the_card_says_that_it_is_the_storage(shop, settings):
    gone(settings)

    story = Card(task=tried(shop), now=timezone.now()).story

    assert story.lead == "The studio’s storage for references isn’t answering."
    assert "Nothing was sent." in story.rest


def test_the_bucket_comes_first_for_every_kind_and_size(shop, settings):
    settings.PUBLIC_URL = "https://studio.example"
    capability = capability_for(shop.connection)

    ways = {
        delivery.way_for(capability, kind, size) for kind in ("image", "video") for size in (1, 99_000_000)
    }

    assert ways == {"bucket"}
    assert delivery.problem(capability, "video", 99_000_000) == ""


def test_the_free_draft_needs_no_bucket(studio_bucket):
    capability = capability_for(provider_accounts.free_draft())

    assert delivery.way_for(capability, "image", 1) == "path"
