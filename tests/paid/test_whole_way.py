"""From the press to the clip at every provider, and what the money did."""

from __future__ import annotations

from decimal import Decimal

import pytest

from studio.models import ChargeState, Status
from studio.storage import store
from tests.paid.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_a_take_becomes_a_clip_with_one_create_and_its_money_settled(shop: Shop):
    task = shop.order(settings={"duration": 3})[0]

    shop.finish(task)

    assert task.status == Status.SUCCEEDED, (task.status, task.error_message, task.error_detail, task.trouble)
    assert store.media_path(task.clip.path).stat().st_size == task.clip.size_bytes
    assert shop.creates() == len(shop.jobs()) == 1
    charge = task.charges.get()
    assert charge.state == ChargeState.SETTLED
    assert charge.amount == {"apiframe": Decimal("0.51")}.get(task.provider, Decimal("0.30"))


def test_the_provider_fetched_the_reference_by_its_signed_link(shop: Shop):
    task = shop.order()[0]

    shop.finish(task)

    attempt = task.attempts.get()
    assert attempt.first_fetched_at is not None
    assert task.events.filter(word="picked_up").count() == 1
