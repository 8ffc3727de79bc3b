"""Money is set aside in the press that queues the takes: all of it, or nothing is sent."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from studio import lifecycle, money, recipes, shots
from studio.connections.provider_accounts import capability_for
from studio.models import Charge, ChargeState, Connection, GenerationTask, Status, Studio, Submission
from studio.money import ledger
from tests.factories import inbox, make_account, make_project, make_recipe, make_tasks, make_user

pytestmark = pytest.mark.django_db
D = Decimal


def cap(month: str) -> None:
    Studio.objects.update(month_cap=D(month))


@pytest.fixture
def modelstream() -> Connection:
    return make_account("modelstream", price_720p=D("0.15"))


@pytest.fixture
def apiframe() -> Connection:
    return make_account("apiframe", credits_price=D("10"))


def test_every_take_is_queued_with_its_charge_and_tells_of_it(modelstream: Connection):
    takes = make_tasks(connection=modelstream, takes=2)

    charges = [take.charges.get() for take in takes]
    assert [(each.state, each.estimate) for each in charges] == [(ChargeState.RESERVED, D("0.75"))] * 2
    assert [take.events.get().facts for take in takes] == [
        {"takes": 2, "dollars": "0.7500", "credits": None}
    ] * 2
    assert list(ledger.unbalanced()) == []


def test_a_free_draft_sets_nothing_aside_and_passes_under_any_limit():
    cap("0.00")

    [draft] = make_tasks()

    assert not Charge.objects.exists()
    assert draft.events.get().facts == {"takes": 1}


def test_credits_are_kept_beside_the_dollars(apiframe: Connection):
    [take] = make_tasks(connection=apiframe)

    charge = take.charges.get()
    assert (charge.credits_estimate, charge.estimate) == (D("85.00"), D("0.85"))


def test_a_press_over_a_limit_leaves_no_trace_and_its_token_works_again(modelstream: Connection):
    cap("1.00")
    ada, token, recipe = make_user(), uuid4(), make_recipe()
    order = {"user": ada, "project": inbox(), "shot": None, "connection": modelstream, "token": token}

    with pytest.raises(
        money.OverCap, match=r"This needs \$1.50, and the studio’s month has \$1.00 left of \$1.00"
    ):
        recipes.send(recipe, takes=2, **order)
    assert not GenerationTask.objects.exists()
    assert not Submission.objects.exists()

    [take] = recipes.send(recipe, takes=1, **order)
    assert take.charges.get().estimate == D("0.75")


def test_limits_of_project_and_account_hold_too(modelstream: Connection):
    rides = make_project("City Rides", cap=D("1.00"))
    make_tasks(connection=modelstream, project=rides)

    with pytest.raises(money.OverCap, match="City Rides has"):
        make_tasks(connection=modelstream, project=rides)
    make_tasks(connection=modelstream, project=inbox())

    Connection.objects.filter(pk=modelstream.pk).update(daily_cap=D("2.00"))
    modelstream.refresh_from_db()
    with pytest.raises(money.OverCap, match="ModelStream today has"):
        make_tasks(connection=modelstream, project=inbox())


def test_without_a_price_nothing_is_sent_under_a_limit():
    unpriced = make_account("dashscope")
    [take] = make_tasks(connection=unpriced)
    cap("100")

    with pytest.raises(money.OverCap, match="no price for DashScope yet"):
        make_tasks(connection=unpriced)

    assert take.charges.get().estimate is None
    assert list(ledger.unbalanced()) == []


def test_one_press_makes_one_version_at_two_providers(modelstream: Connection, apiframe: Connection):
    takes = make_tasks_at(modelstream, [apiframe], takes=2)

    assert [(take.provider, take.number) for take in takes] == [
        ("modelstream", 1),
        ("modelstream", 2),
        ("apiframe", 3),
        ("apiframe", 4),
    ]
    assert len({take.version_id for take in takes}) == 1
    assert len({take.submission_id for take in takes}) == 1
    assert [take.charges.get().estimate for take in takes] == [D("0.75"), D("0.75"), D("0.85"), D("0.85")]
    assert {take.events.get().facts["takes"] for take in takes} == {4}


def test_two_providers_are_sent_to_together_or_not_at_all(modelstream: Connection, apiframe: Connection):
    cap("1.00")

    with pytest.raises(money.OverCap, match=r"This needs \$1.60"):
        make_tasks_at(modelstream, [apiframe], takes=1)

    assert not GenerationTask.objects.exists()
    assert not Charge.objects.exists()


def test_a_version_holds_four_takes_over_all_providers(modelstream: Connection, apiframe: Connection):
    takes = make_tasks_at(modelstream, [apiframe, make_account("dashscope")], takes=4)

    assert [take.provider for take in takes] == ["modelstream", "apiframe", "dashscope"]


def test_the_same_token_gives_the_takes_of_both_providers_again(
    modelstream: Connection, apiframe: Connection
):
    ada, token, recipe = make_user(), uuid4(), make_recipe()
    first, second = (
        make_tasks_at(modelstream, [apiframe], takes=1, user=ada, token=token, recipe=recipe) for _ in "12"
    )

    assert first == second
    assert Charge.objects.count() == 2


def make_tasks_at(connection, also, *, takes, user=None, token=None, recipe=None):
    return recipes.send(
        recipe or make_recipe(),
        user=user or make_user(),
        project=inbox(),
        shot=None,
        connection=connection,
        also=also,
        takes=takes,
        token=token or uuid4(),
    )


def test_m11_a_new_attempt_sets_its_own_money_aside_and_keeps_what_the_first_may_have_cost(
    modelstream: Connection,
):
    [take] = make_tasks(connection=modelstream)
    lifecycle.end_as(take, Status.CANCELED, None)
    price = money.price_of_version(take.version, modelstream, capability_for(modelstream))

    lifecycle.try_again(take, take.created_by, expected_seconds=60, price=price)

    assert [each.state for each in take.charges.all()] == [ChargeState.SETTLED, ChargeState.RESERVED]
    assert Charge.objects.counted().total() == D("1.50")
    assert take.events.last().facts == {"again": True, "dollars": "0.7500", "credits": None}
    assert list(ledger.unbalanced()) == []


def test_of_two_who_try_again_at_once_the_second_leaves_the_firsts_money_alone(modelstream: Connection):
    [take] = make_tasks(connection=modelstream)
    lifecycle.end_as(take, Status.CANCELED, None)
    seen_before = GenerationTask.objects.get(pk=take.pk)
    price = money.price_of_version(take.version, modelstream, capability_for(modelstream))
    assert lifecycle.try_again(take, take.created_by, expected_seconds=60, price=price)

    assert not lifecycle.try_again(seen_before, take.created_by, expected_seconds=60, price=price)

    assert [each.state for each in take.charges.all()] == [ChargeState.SETTLED, ChargeState.RESERVED]
    assert list(ledger.unbalanced()) == []


def test_a_new_attempt_over_a_limit_changes_nothing(modelstream: Connection):
    [take] = make_tasks(connection=modelstream)
    lifecycle.end_as(take, Status.CANCELED, None)
    cap("1.00")
    price = money.price_of_version(take.version, modelstream, capability_for(modelstream))

    with pytest.raises(money.OverCap):
        lifecycle.try_again(take, take.created_by, expected_seconds=60, price=price)

    take.refresh_from_db()
    assert take.status == Status.CANCELED
    assert take.charges.get().state == ChargeState.RESERVED


def test_a_shot_that_moves_takes_what_it_costs_along_and_both_projects_limits_know(modelstream: Connection):
    [take] = make_tasks(connection=modelstream)
    left, harbour = take.project, make_project("Harbour")
    assert money.spent_in(left) == D("0.75")

    shots.move([take], harbour, take.created_by)

    assert (money.spent_in(left), money.spent_in(harbour)) == (D(0), D("0.75"))
    assert list(ledger.unbalanced()) == []


def test_a_charge_that_stays_behind_when_its_shot_moves_is_found_in_the_books(modelstream: Connection):
    [take] = make_tasks(connection=modelstream)
    Charge.objects.update(project=make_project("Harbour"))

    assert list(ledger.unbalanced()) == [
        f"charge {take.charges.get().pk} counts in another project than its take is in"
    ]
