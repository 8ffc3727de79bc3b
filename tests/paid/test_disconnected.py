"""An account that is disconnected in the very moment that something is sent with it: no take waits there for ever."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from studio import money, recipes
from studio.connections import connecting
from studio.models import Charge, ChargeState, GenerationTask, Role, Status, Submission
from tests.factories import inbox, make_recipe, make_user
from tests.paid.conftest import Shop, picture

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.parametrize("name", ["modelstream"]),
]


def disconnect(shop: Shop) -> None:
    """As an owner does; the shop's own row goes on as it was read before."""
    fresh = type(shop.connection).objects.get(pk=shop.connection.pk)
    connecting.disconnect(fresh, actor=make_user("Olga", role=Role.OWNER))


def test_what_is_sent_with_an_account_that_has_just_gone_is_not_queued(shop: Shop):
    disconnect(shop)

    with pytest.raises(money.Disconnected, match="ModelStream is not connected any more"):
        recipes.send(
            make_recipe(files=[picture()]),
            user=make_user(),
            project=inbox(),
            shot=None,
            connection=shop.connection,
            takes=2,
            token=uuid4(),
        )

    assert GenerationTask.objects.count() == Charge.objects.count() == Submission.objects.count() == 0


def test_a_take_that_comes_back_to_an_account_that_has_gone_ends_with_a_sentence_and_its_money(shop: Shop):
    """It was being sent while the owner pressed, and nobody took it."""
    shop.here.listener.close()
    task = shop.order()[0]
    shop.step()
    task.refresh_from_db()
    assert task.status == Status.QUEUED
    GenerationTask.objects.filter(pk=task.pk).update(status=Status.SUBMITTING)
    disconnect(shop)
    GenerationTask.objects.filter(pk=task.pk).update(status=Status.QUEUED)

    shop.step()

    task.refresh_from_db()
    assert (task.status, task.next_at) == (Status.FAILED, None)
    assert shop.charge(task).state == ChargeState.RELEASED
    client = Client()
    client.force_login(make_user())
    page = client.get(reverse("studio:clip", args=[task.task_id])).content.decode()
    assert "ModelStream was disconnected before its turn came" in page
    assert task.attempts.count() == 1
    assert shop.creates() == 0


def test_an_account_that_is_only_paused_keeps_what_waits(shop: Shop):
    task = shop.order()[0]
    connecting.pause(shop.connection, make_user("Olga", role=Role.OWNER))

    assert shop.step() == 0

    task.refresh_from_db()
    assert task.status == Status.QUEUED
