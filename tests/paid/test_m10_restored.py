"""A restored backup, or a brake that was pulled: it looks, and sends nothing until an owner says so (M-10, M-09)."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from studio import changes, conductor, freezing, lifecycle
from studio.models import AuditEntry, ChargeState, GenerationTask, Role, Status, Studio
from tests.factories import make_task, make_user
from tests.paid.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
ONE = pytest.mark.parametrize("name", ["modelstream"])


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def restore_an_older_backup() -> None:
    """The database is behind what the data folder remembers of it."""
    freezing.remember_how_far()
    Studio.objects.update(changes=changes.latest_revision() - 3)
    conductor._look_at_the_database()


def works(role: Role = Role.OWNER) -> str:
    client = Client()
    client.force_login(make_user(role=role))
    return client.get(reverse("studio:works")).content.decode()


@ONE
def test_m10_a_restored_backup_starts_frozen_and_what_waited_in_it_is_in_doubt(shop: Shop):
    task = shop.order()[0]

    restore_an_older_backup()
    shop.step()

    task.refresh_from_db()
    assert (task.status, task.next_at, shop.creates()) == (Status.UNCERTAIN, None, 0)
    assert shop.charge(task).state == ChargeState.RESERVED
    page = works()
    assert "Nothing is being sent, since" in page
    assert "restored from a backup, and this may have been sent before" in page


@pytest.mark.parametrize("name", ["modelstream", "apiframe", "dashscope"])
def test_m10_what_is_in_doubt_is_never_sent_by_looking_for_it(shop: Shop):
    task = shop.order()[0]
    restore_an_older_backup()
    freezing.thaw(None)

    task.refresh_from_db()
    assert lifecycle.look_now(task)
    shop.step()

    task.refresh_from_db()
    assert (task.status, task.next_at, shop.creates()) == (Status.UNCERTAIN, None, 0)


@ONE
def test_m10_a_take_that_was_just_being_sent_is_in_doubt_too(shop: Shop):
    shop.here.fault("create", "reset_after")
    task = shop.order()[0]
    token = task.task_id
    GenerationTask.objects.filter(pk=task.pk).update(lease_token=token)
    task.refresh_from_db()
    lifecycle.begin_attempt(task, token)
    GenerationTask.objects.filter(pk=task.pk).update(lease_token=None, lease_until=None)

    restore_an_older_backup()
    shop.step()

    task.refresh_from_db()
    assert (task.status, shop.creates()) == (Status.UNCERTAIN, 0)


@ONE
def test_m10_jobs_under_way_come_home_while_frozen(shop: Shop):
    task = shop.made()
    restore_an_older_backup()

    shop.finish(task)

    assert task.status == Status.SUCCEEDED


@ONE
def test_m10_what_is_asked_for_while_frozen_waits_and_goes_once_an_owner_says_so(shop: Shop):
    restore_an_older_backup()
    task = shop.order()[0]
    assert shop.step() == 0

    owner = Client()
    owner.force_login(make_user("Olga", role=Role.OWNER))
    owner.post(reverse("studio:thaw"))
    shop.step()

    task.refresh_from_db()
    assert (task.status, shop.creates()) == (Status.RUNNING, 1)
    assert "Nothing is being sent" not in works()
    assert AuditEntry.objects.filter(word="let the studio send again").count() == 1


@pytest.mark.parametrize("name", ["apiframe"])
def test_m10_a_key_is_not_repeated_while_frozen(shop: Shop):
    shop.here.fault("create", "reset_after")
    task = shop.order()[0]
    shop.step()
    freezing.freeze(is_restored=True)

    shop.step()

    task.refresh_from_db()
    assert (task.status, shop.creates()) == (Status.UNCERTAIN, 1)
    freezing.thaw(None)
    shop.step()
    task.refresh_from_db()
    assert task.status == Status.RUNNING


@ONE
def test_m09_the_brake_keeps_what_waits_in_line(shop: Shop):
    task = shop.order()[0]
    call_command("freeze")

    assert shop.step() == 0
    call_command("thaw")
    shop.step()

    task.refresh_from_db()
    assert task.status == Status.RUNNING


def test_m10_the_same_database_started_again_is_not_frozen(db):
    make_task()
    freezing.remember_how_far()
    make_task()

    conductor._look_at_the_database()

    assert freezing.state() is None


def test_m10_a_mark_that_nobody_can_read_freezes(db, data_folder: Path):
    (data_folder / freezing.FROZEN).write_text("{")

    assert freezing.state() is not None


def test_m10_only_an_owner_is_offered_to_send_again(db):
    freezing.freeze(is_restored=False)

    assert reverse("studio:thaw") in works()
    assert reverse("studio:thaw") not in works(Role.PRODUCER)
    assert "An owner stopped it." in works(Role.MAKER)
