"""Every way in which the answer to a create can be lost leads to the same: uncertain, and never made twice (M-03)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from studio import conductor
from studio.models import ChargeState, Connection, Status
from studio.providers import http
from studio.steps import lost
from tests.paid.conftest import Shop
from tests.paid.test_uncertain import lost_take, new_jobs

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

WAYS_TO_LOSE = [
    "reset_after",
    "close_after",
    "hang_after",
    "html_502",
    "html_504",
    "error_500",
    "redirect",
    "garbage_200",
    "empty_200",
    "no_id",
    "wrong_types",
    "cut",
    "big_200",
    "deep_json",
]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute of silence is a second here."""
    monkeypatch.setattr(http, "CREATE_SECONDS", 1.0)


@pytest.mark.parametrize("way", WAYS_TO_LOSE)
def test_m03_an_accepted_job_whose_answer_is_lost_is_uncertain_and_is_never_made_twice(shop: Shop, way: str):
    task = lost_take(shop, way)
    assert task.status == Status.UNCERTAIN, (task.status, task.error_detail)
    assert shop.charge(task).state == ChargeState.RESERVED

    shop.step()
    shop.step()

    task.refresh_from_db()
    assert new_jobs(shop) == len(shop.jobs()) == 1
    if shop.connection.provider == "modelstream":
        assert (task.status, task.next_at, task.job_id) == (Status.UNCERTAIN, None, "")
    else:
        assert (task.status, task.job_id) == (Status.RUNNING, shop.jobs()[0].id)
    assert shop.charge(task).state == ChargeState.RESERVED


@pytest.mark.parametrize("name", ["apiframe", "dashscope"])
def test_t03_an_answer_to_a_look_for_a_lost_job_ends_the_trouble_of_its_account(shop: Shop):
    task = lost_take(shop, "reset_after")
    account = Connection.objects.filter(pk=shop.connection.pk)
    account.update(trouble_since=timezone.now())
    ((_, token),) = conductor.claim_due(timezone.now() + timedelta(minutes=1))
    task.refresh_from_db()

    lost.investigate(task, token)

    assert account.get().trouble_since is None
