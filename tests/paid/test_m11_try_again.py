"""Trying again is a new attempt that can cost again: its price is set aside first, or nothing happens (M-11)."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio import lifecycle
from studio.models import Connection, GenerationTask, Status, Studio, User
from studio.models.charge import ChargeState
from studio.money import ledger
from tests.factories import make_account, make_tasks, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def ada() -> User:
    return make_user()


@pytest.fixture
def stopped(ada: User) -> GenerationTask:
    """A paid take that was cancelled before it was sent, so that its 75 cents came back."""
    account = make_account("modelstream", price_720p=Decimal("0.15"))
    [take] = make_tasks(user=ada, connection=account)
    assert lifecycle.request_cancel(take, ada)
    return take


def again(ada: User, take: GenerationTask, **headers: str):
    client = Client()
    client.force_login(ada)
    address = reverse("studio:clip-again", args=[take.task_id])
    return client, client.post(address, {"shown": "card"}, headers=headers)


def states(take: GenerationTask) -> list[str]:
    return [charge.state for charge in take.charges.all()]


def test_m11_the_price_is_set_aside_once_more(ada: User, stopped: GenerationTask):
    again(ada, stopped)

    stopped.refresh_from_db()
    assert stopped.status == Status.QUEUED
    assert states(stopped) == [ChargeState.RELEASED, ChargeState.RESERVED]
    assert list(ledger.unbalanced()) == []


def test_m11_over_a_limit_the_take_stays_as_it_is_and_the_page_says_why_at_once(
    ada: User, stopped: GenerationTask
):
    Studio.objects.update(month_cap=Decimal("0.50"))

    _, answer = again(ada, stopped, **HTMX)

    stopped.refresh_from_db()
    said = json.loads(answer["HX-Trigger"])["toast"]["text"]
    assert said.startswith(
        "Nothing was sent. This needs $0.75, and the studio’s month has $0.50 left of $0.50."
    )
    assert (stopped.status, states(stopped)) == (Status.CANCELED, [ChargeState.RELEASED])


def test_m11_without_scripts_the_next_page_says_why(ada: User, stopped: GenerationTask):
    Studio.objects.update(month_cap=Decimal("0.50"))

    client, answer = again(ada, stopped)

    assert "This needs $0.75" in client.get(answer["Location"]).content.decode()


def test_m11_a_service_that_is_not_connected_any_more_is_not_tried_again(ada: User, stopped: GenerationTask):
    Connection.objects.filter(provider="modelstream").update(removed_at=timezone.now())

    _, answer = again(ada, stopped, **HTMX)

    stopped.refresh_from_db()
    assert "ModelStream is not connected any more." in json.loads(answer["HX-Trigger"])["toast"]["text"]
    assert stopped.status == Status.CANCELED
