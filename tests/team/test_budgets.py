"""Limits: who sees and sets them, how much of each is used, and that raising one asks for the password."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from studio.models import Project, Status, Studio, User
from tests.factories import make_project, make_task
from tests.team.conftest import an_hour_later, body, connected
from tests.team.test_accounts import reserve

pytestmark = pytest.mark.django_db
PAGE, SAVE = "/team/connections/", "/team/budgets/save/"


def limit_of(project: Project) -> Decimal | None:
    return Project.objects.get(pk=project.pk).cap


def test_an_owner_sets_the_months_limit_and_a_projects(owner: Client):
    project = make_project("Meadow Wakes")

    owner.post(SAVE, {"month": "$150", "project": str(project.pk), "project_limit": "60"})

    assert Studio.objects.get().month_cap == Decimal(150)
    assert limit_of(project) == Decimal(60)


def test_an_empty_field_takes_a_limit_away_and_a_missing_one_leaves_it(owner: Client):
    one, other = make_project("One", cap=Decimal(5)), make_project("Other", cap=Decimal(7))
    Studio.objects.update(month_cap=Decimal(9))

    owner.post(SAVE, {f"limit-{one.pk}": ""})

    assert limit_of(one) is None
    assert limit_of(other) == Decimal(7)
    assert Studio.objects.get().month_cap == Decimal(9)


def test_the_bars_say_how_much_is_used_and_when_it_gets_tight(owner: Client):
    account, project = connected(), make_project("City Rides", cap=Decimal(25))
    reserve(make_task(Status.SUCCEEDED, connection=account, project=project), "22.90")

    page = body(owner.get(PAGE))

    assert "$22.90 of $25.00" in page
    assert 'value="91"' in page
    assert "$2.10 left." in page


def test_a_limit_of_nothing_is_used_up_from_the_start(owner: Client):
    Studio.objects.update(month_cap=Decimal(0))

    assert "Used up. Nothing that costs can be sent." in body(owner.get(PAGE))


def test_a_producer_reads_the_budgets_of_projects_in_sight(producer: Client):
    make_project("Open job", cap=Decimal(5))
    make_project("Zebrawood", cap=Decimal(5), is_open=False)

    page = body(producer.get(f"{PAGE}?change=budgets"))

    assert "Open job" in page
    assert "Zebrawood" not in page
    assert "Save the limits" not in page


@pytest.mark.parametrize("typed", ["a lot", "-3", "1e3", "9" * 20, "NaN"])
def test_what_is_no_limit_gets_a_sentence_and_stays_to_be_corrected(typed: str, owner: Client):
    answer = owner.post(SAVE, {"month": typed})

    assert answer.status_code == 422
    assert f'value="{typed}"' in body(answer)
    assert Studio.objects.get().month_cap is None


def test_a_limit_without_its_project_asks_for_the_project(owner: Client):
    answer = owner.post(SAVE, {"project_limit": "5"})

    assert "Choose the project that this limit is for." in body(answer)


def test_a07_raising_a_limit_asks_for_the_password_and_keeps_what_was_typed(owner: Client, mara: User):
    Studio.objects.update(month_cap=Decimal(50))
    an_hour_later(owner)

    answer = owner.post(SAVE, {"month": "75"})
    held = Studio.objects.get().month_cap
    confirmed = owner.post(answer["Location"], {"password": "slow dandelion breakfast"})
    page = body(owner.get(confirmed["Location"]))
    owner.post(SAVE, {"month": "75"})

    assert held == Decimal(50)
    assert 'value="75"' in page
    assert Studio.objects.get().month_cap == Decimal(75)


def test_a07_lowering_a_limit_needs_no_fresh_password(owner: Client):
    Studio.objects.update(month_cap=Decimal(50))

    answer = an_hour_later(owner).post(SAVE, {"month": "20"})

    assert answer["Location"] == "/team/connections/#budgets"
    assert Studio.objects.get().month_cap == Decimal(20)
