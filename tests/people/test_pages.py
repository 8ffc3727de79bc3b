"""Every page about people draws itself."""

from __future__ import annotations

import pytest
from django.test import Client

from studio.models.person import Role
from tests.factories import make_project, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    ["/team/people/", "/team/people/?invite=1", "/projects/", "/you/", "/you/?leave=1", "/you/second-step/"],
)
def test_it_draws_itself_for_an_owner(client: Client, path: str):
    make_project("Zebrawood", is_open=False).members.add(make_user("Priya Nair", Role.PRODUCER))
    client.force_login(make_user("Mara Lindqvist", Role.OWNER))

    assert client.get(path).status_code == 200
