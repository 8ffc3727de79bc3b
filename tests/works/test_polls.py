"""The one poll of a page: quiet while nothing changes, and then only what changed."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from studio import changes, lifecycle
from studio.models import GenerationTask, Status, TaskEvent
from studio.takes import live
from studio.views import polls
from tests.factories import inbox, make_project, make_task, make_user
from tests.works import paid
from tests.works.polling import ended, poll

pytestmark = pytest.mark.django_db


def test_an_unchanged_poll_is_an_empty_204(client, ada):
    make_task(user=ada)

    answer = poll(client, seen=changes.latest_revision(), cap=changes.poll_capability("x"))

    assert (answer.status_code, answer.content) == (204, b"")


def test_an_unchanged_poll_asks_the_database_once(client, ada, django_assert_num_queries):
    seen = changes.latest_revision()

    with django_assert_num_queries(1):
        poll(client, seen=seen, cap=changes.poll_capability("x"))


@pytest.mark.parametrize("read", ["works", "changes"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_take_that_ends_while_a_poll_is_answered_is_shown_ended_or_soon_looked_for(
    client, ada, monkeypatch, read, moment
):
    task = make_task(user=ada)
    room, name = {"works": (live, "works_of"), "changes": (polls, "_changed")}[read]
    really = getattr(room, name)

    def reading(*about):
        if moment == "before":
            lifecycle.request_cancel(task, ada)
        found = really(*about)
        if moment == "after":
            lifecycle.request_cancel(task, ada)
        return found

    monkeypatch.setattr(room, name, reading)

    text = poll(client).content.decode()

    assert "Cancelled" in text or "data-youngest=" in text


def test_only_the_changed_take_is_in_the_answer(client, ada):
    quiet, changed = make_task(user=ada), make_task(user=ada)
    seen = changes.latest_revision()
    lifecycle.request_cancel(changed, ada)

    text = poll(client, seen=seen, newest=changed.pk).content.decode()

    assert f'id="task-{changed.task_id}"' in text
    assert "Cancelled" in text
    assert text.count('class="task-card"') == 2  # the other one moved up in the line
    assert f'id="task-{quiet.task_id}"' in text


@pytest.mark.parametrize("page", ["create", "works", "library"])
def test_the_answer_is_parts_and_never_a_page(client, ada, page):
    make_task(Status.SUCCEEDED, user=ada)

    text = poll(client, page, project=str(inbox().pk)).content.decode()

    assert "<html" not in text
    assert 'id="poll"' in text
    assert 'hx-swap-oob="outerMorph"' in text


def test_a_take_of_a_hidden_project_never_shows_in_a_poll(client, ada):
    hidden = make_project("Secret garden", is_open=False)
    make_task(Status.SUCCEEDED, project=hidden, user=make_user("Bob Ross"))
    changes.next_revision()

    answer = poll(client)

    assert answer.status_code == 204


def test_one_s_own_clip_is_announced_once_it_is_ready(client, ada):
    task = make_task(Status.SUCCEEDED, user=ada, revision=changes.next_revision())
    TaskEvent.objects.create(task=task, at=timezone.now(), to_status=Status.SUCCEEDED)

    said = json.loads(poll(client).headers["HX-Trigger"])

    assert said["clip-ready"]["title"] == "Morning stretch, take 1"
    assert said["toast"]["text"] == "Morning stretch, take 1 is ready."


def test_a_clip_that_is_ready_and_one_that_failed_are_both_announced(client, ada):
    ready = ended(ada, Status.SUCCEEDED, number=2)
    ended(ada, Status.FAILED, number=3)

    said = json.loads(poll(client).headers["HX-Trigger"])

    assert [(toast["text"], toast["kind"]) for toast in said["toast"]["items"]] == [
        ("Morning stretch, take 2 is ready.", "good"),
        ("Morning stretch, take 3 didn’t work. Nothing else is touched.", "info"),
    ]
    assert said["clip-ready"] == {
        "title": "Morning stretch, take 2",
        "url": reverse("studio:clip", args=[ready.task_id]),
        "count": 1,
    }


@pytest.mark.parametrize(
    ("is_one_version", "title"), [(True, "Morning stretch, takes 1, 2 and 3"), (False, "3 clips")]
)
def test_several_clips_that_are_ready_are_one_sentence(client, ada, is_one_version, title):
    first, *others = [ended(ada, Status.SUCCEEDED, number=number) for number in (1, 2, 3)]
    if is_one_version:
        GenerationTask.objects.filter(pk__in=[each.pk for each in others]).update(version=first.version)

    said = json.loads(poll(client).headers["HX-Trigger"])

    assert said["toast"] == {"text": f"{title} are ready.", "kind": "good"}
    assert said["clip-ready"] == {"title": title, "url": reverse("studio:works"), "count": 3}


def test_several_clips_that_failed_are_one_sentence(client, ada):
    for number in (1, 2):
        ended(ada, Status.FAILED, number=number)

    said = json.loads(poll(client).headers["HX-Trigger"])

    assert said == {"toast": {"text": "2 clips didn’t work. Nothing else is touched.", "kind": "info"}}


def test_picking_a_clip_does_not_announce_it_again(client, ada):
    task = make_task(Status.SUCCEEDED, user=ada)
    seen = changes.latest_revision()
    lifecycle.set_pick(task, is_pick=True, actor=ada)

    assert json.loads(poll(client, seen=seen).headers["HX-Trigger"]) == {}


def test_a_clip_page_stops_asking_when_its_take_has_ended(client, ada):
    task = make_task(Status.SUCCEEDED, user=ada)

    page = client.get(reverse("studio:clip", args=[task.task_id])).content.decode()

    assert "data-over" in page


@pytest.mark.parametrize(
    ("page", "back"),
    [
        ("http://testserver/works/?whose=mine", "/works/?whose=mine"),
        ("https://elsewhere.example/works/", "/works/"),
        ("//elsewhere.example//evil.example/", "/poll/works/"),
        ("http://[bad", "/poll/works/"),
    ],
)
def test_a_card_that_came_by_a_poll_leads_back_to_its_page(client, ada, page, back):
    make_task(Status.FAILED, user=ada, revision=changes.next_revision())
    headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Current-URL": page}

    card = poll(client, headers=headers).content.decode()

    found = unescape(re.search(r'name="next" value="([^"]+)"', card)[1])
    assert found == back or found.startswith(f"{back}?page=")


def test_a_take_in_the_bin_is_taken_off_the_page(client, ada):
    task = make_task(Status.SUCCEEDED, user=ada)
    seen = changes.latest_revision()
    lifecycle.put_in_bin([task], ada)

    text = poll(client, seen=seen).content.decode()

    assert f'<li id="task-{task.task_id}" hx-swap-oob="delete"></li>' in text


@pytest.mark.parametrize("query", [{"page": "nowhere"}, {"seen": "-1"}, {"seen": "x"}, {"seen": "9" * 30}])
def test_a_poll_that_makes_no_sense_is_a_400(client, ada, query):
    assert poll(client, **{"page": "works", **query}).status_code == 400


def test_the_poll_of_a_signed_out_page_is_a_401(client):
    changes.next_revision()

    answer = client.get(
        reverse("studio:poll-works"), {"page": "works", "seen": 0}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 401


@pytest.mark.parametrize("page", ["create", "works"])
def test_a_changed_poll_asks_as_often_for_eight_takes_as_for_one(client, ada, page):
    make_task(Status.RUNNING, user=ada, revision=changes.next_revision())
    with CaptureQueriesContext(connection) as one:
        poll(client, page)
    for _ in range(7):
        make_task(Status.RUNNING, user=ada, revision=changes.next_revision())

    with CaptureQueriesContext(connection) as eight:
        poll(client, page)

    assert len(eight) == len(one)


def test_the_latest_clip_on_create_says_what_it_cost(client, ada):
    paid.ready(paid.asked(ada, paid.modelstream()), "0.90")

    page = client.get(reverse("studio:create")).content.decode()

    assert "720P · $0.90" in page[page.index('id="stage-latest"') :]
