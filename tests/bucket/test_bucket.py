"""The studio's copies in its bucket: made once a week, and gone when no link leads to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache

from studio import housekeeping
from studio.delivery import bucket, bucket_tasks, s3
from studio.models import MediaFile
from studio.storage import store
from tests.bucket.weed import Storage
from tests.kill.picture import stored_picture

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)


@pytest.fixture
def picture() -> MediaFile:
    return stored_picture()


def copied(storage: Storage, picture: MediaFile, day: str) -> str:
    name = f"references/{day}/{picture.sha256}.png"
    path = store.media_path(store.file_path(picture.sha256, picture.extension))
    storage.bucket().put(name, path, mime=picture.mime)
    return name


def test_a_picture_is_copied_once_and_linked_as_often_as_asked(studio_bucket, picture, monkeypatch):
    first = bucket.address(picture)
    monkeypatch.setattr(s3.Bucket, "put", lambda *_, **__: pytest.fail("copied a second time"))

    again = bucket.address(picture)

    assert len(studio_bucket.bucket().names("references/")) == 1
    assert first.partition("?")[0] == again.partition("?")[0]
    assert f"/{picture.sha256}.png?" in first
    assert "X-Amz-Expires=108000" in first


def test_what_was_copied_in_part_is_copied_again(studio_bucket, picture, tmp_path):
    part = tmp_path / "part"
    part.write_bytes(b"half")
    name = bucket.name_of(picture, datetime.now(UTC))
    studio_bucket.bucket().put(name, part, mime="image/png")

    bucket.address(picture)

    assert studio_bucket.bucket().holds(name, picture.size_bytes)


@pytest.mark.parametrize("days", range(7))
def test_a_week_s_copies_bear_its_monday(days):
    picture = MediaFile(sha256="a" * 64, extension="png")

    name = bucket.name_of(picture, MONDAY + timedelta(days=days, hours=23))

    assert name == f"references/2026-11-16/{'a' * 64}.png"


def test_no_copy_goes_while_a_link_may_lead_to_it():
    last_link = timedelta(days=7) + bucket.LINKS_LIVE

    assert last_link <= bucket.KEEPS


def test_the_sweep_takes_what_is_past_and_nothing_else(studio_bucket, picture):
    past = copied(studio_bucket, picture, "2026-11-09")
    kept = [
        copied(studio_bucket, picture, "2026-11-16"),
        copied(studio_bucket, picture, "notes"),
        copied(studio_bucket, picture, "2020-01-01/deeper"),
    ]

    assert bucket.sweep(MONDAY + timedelta(days=1, hours=23)) == 0
    assert bucket.sweep(MONDAY + timedelta(days=2)) == 1

    left = studio_bucket.bucket().names("references/")
    assert past not in left
    assert left == sorted(kept)


def test_a_name_that_only_looks_like_a_week_is_left_alone(studio_bucket, picture):
    odd = copied(studio_bucket, picture, "2020-13-45")

    assert bucket.sweep(MONDAY) == 0
    assert studio_bucket.bucket().names("references/") == [odd]


def test_a_sweep_that_is_not_allowed_says_what_helps(studio_bucket, settings, caplog):
    settings.S3_BUCKET = "theirs"

    assert bucket.sweep(MONDAY) == 0

    assert "let a lifecycle rule of the storage remove references/ after 9 days" in caplog.text


def test_a_sweep_of_a_storage_that_is_away_waits_for_the_next(studio_bucket, settings):
    settings.S3_ENDPOINT = "http://127.0.0.1:9"

    assert bucket.sweep(MONDAY) == 0


def test_housekeeping_sweeps_now_and_then(settings, monkeypatch):
    swept: list[datetime] = []
    monkeypatch.setattr(bucket, "sweep", swept.append)
    monkeypatch.setattr(housekeeping.sweep_bucket.__class__, "enqueue", lambda step: step.func())
    settings.S3_BUCKET = settings.S3_ENDPOINT = settings.S3_ACCESS_KEY = settings.S3_SECRET_KEY = "set"
    cache.clear()

    with time_machine.travel(MONDAY, tick=False):
        housekeeping.run_due(MONDAY)
        housekeeping.run_due(MONDAY)

    assert swept == [MONDAY]
    assert housekeeping.sweep_bucket is bucket_tasks.sweep_bucket


def test_without_a_bucket_nothing_is_swept(settings, monkeypatch):
    monkeypatch.setattr(
        housekeeping.sweep_bucket.__class__, "enqueue", lambda step: pytest.fail("swept without a bucket")
    )
    settings.S3_BUCKET = ""
    cache.clear()

    housekeeping.run_due(MONDAY)
