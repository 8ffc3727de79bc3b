"""One take's page, and what can be done from it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from studio.models import Brief, Project, Status
from tests.factories import inbox, make_project, make_task, make_user

pytestmark = pytest.mark.django_db
ACTS = ["clip-cancel", "clip-again", "clip-pick", "clip-remix", "clip-frame", "shot-rename"]


@pytest.fixture
def ada(client):
    user = make_user()
    client.force_login(user)
    return user


def act(client, name, task, **data):
    return client.post(reverse(f"studio:{name}", args=[task.task_id]), data)


@pytest.mark.parametrize("name", ACTS)
def test_a_stranger_gets_404_and_a_get_405(client, ada, name):
    hidden = make_task(Status.SUCCEEDED, project=make_project(is_open=False))

    assert act(client, name, hidden).status_code == 404
    assert client.get(reverse(f"studio:{name}", args=[hidden.task_id])).status_code == 405


def test_the_page_shows_the_sentence_with_names_and_the_whole_recipe(client, ada):
    task = make_task(Status.SUCCEEDED, user=ada)

    text = client.get(reverse("studio:clip", args=[task.task_id])).content.decode()

    for part in ("Image 1", " walk", "Free draft", "1280 × 720", "0" * 64, "asked for 1 take"):
        assert part in text


def test_a_waiting_take_is_cancelled_at_once(client, ada):
    task = make_task(user=ada)

    act(client, "clip-cancel", task)

    task.refresh_from_db()
    assert task.status == Status.CANCELED


def test_cancelling_by_htmx_answers_with_the_row_alone(client, ada):
    task = make_task(user=ada)

    answer = client.post(
        reverse("studio:clip-cancel", args=[task.task_id]), {"shown": "row"}, headers={"HX-Request": "true"}
    )

    text = answer.content.decode()
    assert text.strip().startswith("<li")
    assert "Cancelled" in text


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELED, Status.EXPIRED])
def test_an_ended_take_can_be_tried_again(client, ada, status):
    task = make_task(status, user=ada)

    act(client, "clip-again", task)

    task.refresh_from_db()
    assert task.status == Status.QUEUED


@pytest.mark.parametrize("status", [Status.UNCERTAIN, Status.RUNNING, Status.SUCCEEDED])
def test_trying_again_is_off_while_it_could_cost_twice(client, ada, status):
    task = make_task(status, user=ada)

    act(client, "clip-again", task)

    task.refresh_from_db()
    assert task.status == status


def test_trying_a_paid_clip_again_says_that_it_can_cost_again(client, ada):
    task = make_task(Status.FAILED, user=ada)
    task.connection.provider = "apiframe"
    task.connection.save()

    text = client.get(reverse("studio:clip", args=[task.task_id])).content.decode()

    assert "Try again, paid" in text


def test_a_ready_take_becomes_the_pick_and_no_longer(client, ada):
    task = make_task(Status.SUCCEEDED, user=ada)

    act(client, "clip-pick", task, pick="1")
    task.refresh_from_db()
    assert task.is_pick

    act(client, "clip-pick", task, pick="0")
    task.refresh_from_db()
    assert not task.is_pick


def test_a_remix_starts_a_brief_with_everything_in_place(client, ada):
    task = make_task(Status.SUCCEEDED, user=ada)

    answer = act(client, "clip-remix", task)

    brief = Brief.objects.get(user=ada)
    assert answer.url == reverse("studio:brief", args=[brief.pk])
    assert brief.prompt == task.version.prompt


def test_a_frame_of_a_clip_whose_file_is_gone_is_refused_in_words(client, ada):
    task = make_task(Status.SUCCEEDED, user=ada)

    answer = client.post(reverse("studio:clip-frame", args=[task.task_id]), {"seconds": "nan"}, follow=True)

    assert answer.status_code == 200
    assert "could not be taken" in answer.content.decode()


def test_a_project_is_made_renamed_and_worked_in(client, ada):
    client.post(reverse("studio:project-create"), {"name": "  City   Rides "})
    city = Project.objects.get(name="City Rides")
    assert client.session["project"] == str(city.pk)

    client.post(reverse("studio:project-rename", args=[city.pk]), {"name": "City Nights"})
    client.post(reverse("studio:project-switch", args=[inbox().pk]))

    city.refresh_from_db()
    assert city.name == "City Nights"
    assert client.session["project"] == str(inbox().pk)


def test_a_renamed_inbox_is_still_the_inbox(client, ada):
    client.post(reverse("studio:project-rename", args=[inbox().pk]), {"name": "Start here"})

    assert (inbox().name, inbox().is_inbox) == ("Start here", True)


def test_a_project_without_a_name_is_answered_with_what_to_do(client, ada):
    answer = client.post(reverse("studio:project-create"), {"name": "  "})

    assert answer.status_code == 422
    assert "Give the project a name." in answer.content.decode()


def test_a_hidden_project_can_be_neither_renamed_nor_worked_in(client, ada):
    hidden = make_project(is_open=False)

    for name in ("project-rename", "project-switch"):
        assert client.post(reverse(f"studio:{name}", args=[hidden.pk]), {"name": "Mine"}).status_code == 404
