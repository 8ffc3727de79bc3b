"""Every page of the history answers, to the right people, in every state."""

from __future__ import annotations

import pytest
from django.urls import reverse

from studio.models import Status
from tests.factories import make_project, make_task, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", list(Status))
def test_a_take_has_a_page_a_row_a_card_and_a_tile_in_every_state(client, status):
    ada = make_user()
    task = make_task(status, user=ada)
    client.force_login(ada)

    pages = [
        reverse("studio:clip", args=[task.task_id]),
        reverse("studio:works"),
        reverse("studio:library"),
        reverse("studio:library") + "?view=list",
        reverse("studio:create"),
    ]

    for page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        assert "Morning stretch" in response.content.decode(), page


def test_projects_and_bin_answer(client):
    client.force_login(make_user())

    for name in ("bin", "projects", "works", "library"):
        assert client.get(reverse(f"studio:{name}")).status_code == 200


def test_a_stranger_gets_the_answer_of_a_missing_clip(client):
    hidden = make_project("Secret", is_open=False)
    task = make_task(Status.SUCCEEDED, project=hidden)
    client.force_login(make_user("Carol Danvers"))

    answer = client.get(reverse("studio:clip", args=[task.task_id]))

    assert answer.status_code == 404
