"""A card says how much of its clip has come, at most once a second, and only while its step holds the lease."""

from __future__ import annotations

from uuid import uuid4

import pytest

from studio import changes
from studio.models import GenerationTask
from studio.steps import arriving
from studio.steps.arriving import Arriving
from tests.factories import make_user
from tests.works import paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def task():
    return paid.made(paid.asked(make_user(), paid.modelstream()))


@pytest.fixture
def every_piece(monkeypatch):
    monkeypatch.setattr(arriving, "TOLD_EVERY_SECONDS", 0)


def test_the_megabytes_so_far_and_the_share_of_all(task, every_piece):
    coming = Arriving(task)

    coming.promised(22_000_000)
    coming.heard(14_000_000)

    task.refresh_from_db()
    assert (task.stage, task.progress) == ("14 of 22 MB", 63)


def test_without_a_promised_end_only_what_has_come_is_told(task, every_piece):
    Arriving(task).heard(14_000_000)

    task.refresh_from_db()
    assert (task.stage, task.progress) == ("14 MB", None)


def test_a_quick_copy_writes_nothing(task):
    before = changes.latest_revision()

    Arriving(task).heard(14_000_000)

    assert changes.latest_revision() == before


def test_a_step_that_lost_its_lease_tells_nothing(task, every_piece):
    coming = Arriving(task)
    GenerationTask.objects.filter(pk=task.pk).update(lease_token=uuid4())

    coming.heard(14_000_000)

    task.refresh_from_db()
    assert task.stage == ""
