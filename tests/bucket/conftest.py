"""One storage for all tests of the bucket, empty before each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.bucket import weed
from tests.bucket.weed import Storage


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process runs them all, so that one server is enough."""
    for item in items:
        if "tests/bucket/" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group("bucket"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    if not weed.PROGRAM.exists():
        pytest.skip("the S3 server of the tests comes for Linux alone")
    with weed.running(tmp_path_factory.mktemp("s3")) as storage:
        yield storage


@pytest.fixture
def storage(server: Storage) -> Storage:
    server.empty()
    return server


@pytest.fixture
def studio_bucket(storage: Storage, settings: Any) -> Storage:
    """The studio's settings lead to the storage."""
    place = storage.place()
    settings.S3_BUCKET, settings.S3_ENDPOINT, settings.S3_REGION = place.bucket, place.endpoint, place.region
    settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY = place.access_key, place.secret_key
    settings.ALLOW_PRIVATE_ADDRESSES = True
    return storage
