"""The review page of a take: who gets it, and what stands on it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from studio.models import Status
from studio.models.person import Role
from tests.factories import make_project, make_task, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    user = make_user()
    client.force_login(user)
    return user


def page(client, task) -> str:
    answer = client.get(reverse("studio:review", args=[task.task_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_reviewer_gets_the_page_without_what_only_makers_do(client):
    client.force_login(make_user("Rita Reviewer", role=Role.REVIEWER))
    task = make_task(Status.SUCCEEDED)

    text = page(client, task)

    assert "<review-player" in text
    assert "Remix" not in text


def test_a_stranger_gets_the_answer_of_a_take_that_is_not_there(client, ada):
    hidden = make_task(Status.SUCCEEDED, project=make_project(is_open=False))

    assert client.get(reverse("studio:review", args=[hidden.task_id])).status_code == 404


@pytest.mark.parametrize("status", [Status.QUEUED, Status.FAILED])
def test_a_take_without_a_clip_is_shown_on_its_own_page(client, ada, status):
    task = make_task(status, user=ada)

    answer = client.get(reverse("studio:review", args=[task.task_id]))

    assert answer.url == reverse("studio:clip", args=[task.task_id])


def test_the_player_knows_the_clips_rate_and_number_of_frames(client, ada):
    task = make_task(Status.SUCCEEDED, user=ada)

    text = page(client, task)

    assert 'data-fps="30" data-frames="150"' in text
