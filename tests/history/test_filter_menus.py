"""The Library's filters as links: each says all that is chosen, and they cost the same in a large studio."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio import filter_menus
from studio.history import Filters
from tests.factories import make_project, make_user

pytestmark = pytest.mark.django_db


def test_a_choice_keeps_every_other_filter_and_the_view():
    project = make_project("Harbour & quay")
    filters = Filters(project=project.pk, status="ready", q="a+b & c", pick=True)

    menus = {menu.name: menu for menu in filter_menus.menus(make_user(), filters, [project], "grid")}

    said = {"project": [str(project.pk)], "q": ["a+b & c"], "pick": ["1"], "view": ["grid"]}
    assert parse_qs(menus["status"].without) == said
    queries = {choice.label: parse_qs(choice.query) for choice in menus["status"].choices}
    assert queries["Ready"] == said | {"status": ["ready"]}
    assert queries["Cancelled"] == said | {"status": ["canceled"]}


def test_a_choice_in_an_unfiltered_library_is_all_of_its_address():
    [state] = [
        menu for menu in filter_menus.menus(make_user(), Filters(), [], "rows") if menu.name == "status"
    ]

    assert state.without == ""
    assert {choice.label: choice.query for choice in state.choices}["Ready"] == "status=ready"


@pytest.mark.sqlite
def test_the_shots_of_a_project_need_no_sorting():
    filters = Filters(project=make_project().pk)

    with CaptureQueriesContext(connection) as asked:
        filter_menus.menus(make_user(), filters, [], "rows")

    [shots] = [query["sql"] for query in asked if 'FROM "studio_shot"' in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {shots}")
        plan = [step[-1] for step in cursor.fetchall()]
    assert not [step for step in plan if "TEMP B-TREE" in step], plan
