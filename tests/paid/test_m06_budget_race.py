"""Many presses race for few places in a budget. Real threads, each with its own line to the same database."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection

from studio import money, recipes
from studio.models import Charge, Connection, GenerationTask, Project, Studio, Submission
from studio.money import ledger
from tests.factories import inbox, make_account, make_recipe, make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PRESSES, PLACES, THREADS = 200, 7, 16
# Seven clips of 75 cents, and not quite an eighth.
BUDGET = Decimal("5.99")


@pytest.fixture
def account() -> Connection:
    return make_account("modelstream", price_720p=Decimal("0.15"))


def limit_the_month(account: Connection) -> None:
    Studio.objects.update(month_cap=BUDGET)


def limit_the_project(account: Connection) -> None:
    Project.objects.filter(is_inbox=True).update(cap=BUDGET)


def limit_the_day(account: Connection) -> None:
    Connection.objects.filter(pk=account.pk).update(daily_cap=BUDGET)


@pytest.mark.parametrize("limit", [limit_the_month, limit_the_project, limit_the_day])
def test_m06_of_200_presses_exactly_7_fit(account: Connection, limit):
    limit(account)
    account.refresh_from_db()
    ada, recipe, project = make_user(), make_recipe(), inbox()
    start = threading.Barrier(THREADS)
    waiting = threading.local()

    def press(_: int) -> str:
        if not hasattr(waiting, "began"):
            waiting.began = True
            start.wait()
        try:
            recipes.send(
                recipe,
                user=ada,
                project=project,
                shot=None,
                connection=account,
                takes=1,
                token=uuid4(),
            )
        except money.OverCap:
            return "over"
        finally:
            connection.close()
        return "sent"

    with ThreadPoolExecutor(THREADS) as threads:
        outcomes = list(threads.map(press, range(PRESSES)))

    assert (outcomes.count("sent"), outcomes.count("over")) == (PLACES, PRESSES - PLACES)
    assert GenerationTask.objects.count() == Submission.objects.count() == Charge.objects.count() == PLACES
    assert Charge.objects.counted().total() == Decimal("5.25")
    assert list(ledger.unbalanced()) == []
