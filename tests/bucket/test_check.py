"""The Connections page with a bucket: it names the way, and tries it when asked."""

from __future__ import annotations

import pytest
from django.test import Client

from studio.delivery import bucket, s3
from studio.models.person import Role
from studio.providers import probe
from tests.bucket.weed import Storage
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAGE, CHECK = "/team/connections/", "/team/connections/reach/"


@pytest.fixture
def owner(client: Client) -> Client:
    client.force_login(make_user(role=Role.OWNER))
    return client


def text(answer) -> str:
    return str(answer.content.decode())


def test_the_page_names_the_bucket_as_the_way_to_every_provider(owner, studio_bucket):
    page = text(owner.get(PAGE))

    assert page.count("from the bucket references, by links that last 30 hours.") == 3
    assert "have no way" not in page
    assert "Check the bucket" in page


def test_the_check_puts_a_file_there_opens_it_and_takes_it_away(owner, studio_bucket):
    page = text(owner.post(CHECK))

    assert "The bucket references took a file, and its link opened it in" in page
    assert studio_bucket.bucket().names("") == []


def test_a_check_that_may_not_delete_is_still_good(owner, studio_bucket, monkeypatch):
    def refuse(*_: object) -> None:
        raise s3.Refused("no", detail="status 403 AccessDenied")

    monkeypatch.setattr(s3.Bucket, "drop", refuse)

    assert "its link opened it in" in text(owner.post(CHECK))


def test_a_check_with_wrong_keys_says_which_to_put_right(owner, studio_bucket, settings):
    settings.S3_SECRET_KEY = "not-the-secret"

    page = text(owner.post(CHECK))

    assert "STUDIO_S3_SECRET_KEY right" in page
    assert "not-the-secret" not in page


def test_a_check_of_a_storage_that_is_away_says_so(owner, studio_bucket, settings):
    settings.S3_ENDPOINT = "http://127.0.0.1:9"

    assert "The storage of the bucket references isn’t answering." in text(owner.post(CHECK))


def test_a_link_that_opens_something_else_is_told(owner, studio_bucket, monkeypatch):
    monkeypatch.setattr(probe, "look", lambda url, **_: probe.Said(text="<Error>", seconds=0.1))

    assert "but its link doesn’t open it" in text(owner.post(CHECK))


def test_a_trial_leaves_nothing_that_the_sweep_would_not_find(studio_bucket):
    with bucket.trial("word"):
        names = studio_bucket.bucket().names(bucket.FOLDER)

    assert len(names) == 1
    assert names[0].endswith(".txt")
    assert studio_bucket.bucket().names(bucket.FOLDER) == []


def test_nobody_but_an_owner_checks(client, studio_bucket: Storage):
    client.force_login(make_user(role=Role.MAKER))

    assert client.post(CHECK).status_code in (403, 404)
    assert studio_bucket.bucket().names("") == []
