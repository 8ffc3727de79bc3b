"""Keys that are refused: the account pauses, its jobs go on, nothing is lost (THREATS, T-05)."""

from __future__ import annotations

import pytest

from studio.connections import provider_accounts
from studio.models import ChargeState, PauseReason, Status, Trouble
from tests.paid.conftest import Shop
from tests.simulators.options import KEYS

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("impatient"),
]

OTHER_KEY = "sk-simulated-another-key-0002"


@pytest.mark.parametrize(
    ("name", "what"),
    [("modelstream", "unauthorized"), ("apiframe", "forbidden"), ("dashscope", "unauthorized")],
)
def test_t05_a_refused_key_pauses_the_connection_and_keeps_its_jobs(shop: Shop, what: str):
    task, waiting = shop.sent(), None
    shop.here.fault("status", what, count=None)

    assert shop.waits(task) == (Status.RUNNING, Trouble.KEY)

    shop.connection.refresh_from_db()
    assert shop.connection.pause_reason == PauseReason.KEY
    waiting = shop.order()[0]
    shop.step()
    assert shop.creates() == 1
    shop.here.simulator.script.clear()
    provider_accounts.set_key(shop.connection, KEYS[shop.connection.provider])
    for each in (task, waiting):
        shop.finish(each)
        assert each.status == Status.SUCCEEDED


def test_t05_after_a_new_key_the_jobs_of_a_revoked_one_go_on_with_it(shop: Shop):
    """A provider whose jobs belong to the account, and a key that is revoked while jobs run."""
    task = shop.sent()
    old, new = KEYS[shop.connection.provider], OTHER_KEY
    ledger = shop.here.simulator.ledger
    ledger.open_account(new, 4820)
    ledger.run("UPDATE accounts SET state = '' WHERE account = ?", old)
    assert shop.waits(task) == (Status.RUNNING, Trouble.KEY)
    ledger.run("UPDATE jobs SET account = ?", new)

    provider_accounts.set_key(shop.connection, new)
    shop.finish(task)

    assert task.status == Status.SUCCEEDED
    shop.connection.refresh_from_db()
    assert shop.connection.paused_at is None


def test_t05_an_old_key_that_is_refused_does_not_pause_an_account_whose_new_key_works(shop: Shop):
    """Its job cannot be read with the new key either: only that job waits."""
    task = shop.sent()
    old, new = KEYS[shop.connection.provider], OTHER_KEY
    ledger = shop.here.simulator.ledger
    ledger.open_account(new, 4820)
    provider_accounts.set_key(shop.connection, new)
    ledger.run("UPDATE accounts SET state = '' WHERE account = ?", old)

    status, _ = shop.waits(task)

    shop.connection.refresh_from_db()
    assert (status, shop.connection.paused_at) == (Status.RUNNING, None)
    other = shop.order()[0]
    shop.finish(other)
    assert other.status == Status.SUCCEEDED


@pytest.mark.parametrize("name", ["apiframe", "dashscope"])
def test_t05_looking_for_a_lost_job_with_an_old_key_does_not_pause_the_account(shop: Shop):
    shop.here.fault("create", "reset_after")
    task = shop.order()[0]
    shop.step()
    task.refresh_from_db()
    assert task.status == Status.UNCERTAIN
    ledger = shop.here.simulator.ledger
    ledger.open_account(OTHER_KEY, 4820)
    provider_accounts.set_key(shop.connection, OTHER_KEY)
    ledger.run("UPDATE accounts SET state = '' WHERE account = ?", KEYS[shop.connection.provider])

    shop.step()

    shop.connection.refresh_from_db()
    task.refresh_from_db()
    assert (shop.connection.paused_at, task.status) == (None, Status.UNCERTAIN)
    assert len(shop.jobs()) == 1


def test_t05_a_create_that_is_refused_for_its_key_is_not_lost(shop: Shop):
    shop.here.fault("create", "unauthorized")
    task = shop.order()[0]
    assert shop.waits(task) == (Status.QUEUED, Trouble.KEY)
    assert shop.charge(task).state == ChargeState.RESERVED

    provider_accounts.set_key(shop.connection, KEYS[shop.connection.provider])
    shop.finish(task)

    assert (task.status, len(shop.jobs())) == (Status.SUCCEEDED, 1)
