"""More changes than one answer of the poll holds: the rest comes with the next ones, each once."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from studio import changes
from studio.models import GenerationTask, Status, TaskEvent
from studio.views import polls
from tests.factories import make_task, make_user
from tests.works.polling import poll

pytestmark = pytest.mark.django_db


def next_address(answer) -> str:
    return unescape(re.search(r'data-url="([^"]+)"', answer.content.decode())[1])


def follow(client, answer):
    """The poll that the page asks next."""
    return client.get(next_address(answer))


def keys_in(answer) -> set[str]:
    return set(re.findall(r'<li id="task-([^"]+)"', answer.content.decode()))


def rounds(client) -> list[set[str]]:
    """The cards in each answer, from a first poll to the one that has nothing more to say."""
    shown, answer = [], poll(client)
    while answer.status_code == 200:
        shown.append(keys_in(answer))
        answer = follow(client, answer)
    return shown


@pytest.fixture
def three_at_once(monkeypatch):
    monkeypatch.setattr(polls, "CHANGES_AT_MOST", 3)


@pytest.mark.parametrize("is_one_change", [False, True], ids=["many changes", "one change of all"])
def test_more_changes_than_an_answer_holds_all_come_each_once(client, ada, three_at_once, is_one_change):
    tasks = [make_task(Status.SUCCEEDED, user=ada, revision=changes.next_revision()) for _ in range(8)]
    if is_one_change:
        GenerationTask.objects.update(revision=changes.next_revision())

    shown = rounds(client)

    assert [len(each) for each in shown] == [3, 3, 2]
    assert set().union(*shown) == {str(task.task_id) for task in tasks}


def test_the_rest_is_looked_for_soon_and_then_no_more(client, ada, three_at_once):
    for _ in range(4):
        make_task(Status.SUCCEEDED, user=ada, revision=changes.next_revision())

    first = poll(client)
    second = follow(client, first)

    assert 'data-youngest="0"' in first.content.decode()
    assert "data-youngest" not in second.content.decode()
    assert "past=" not in next_address(second)


def test_new_takes_that_come_with_the_rest_are_still_put_in(client, ada, three_at_once):
    for _ in range(4):
        make_task(Status.SUCCEEDED, user=ada, revision=changes.next_revision())

    second = follow(client, poll(client)).content.decode()

    assert second.count('data-hx-target="#works-start"') == 1


def test_a_clip_that_is_ready_since_long_is_announced_however_much_changed_after(client, ada, three_at_once):
    ready = make_task(Status.SUCCEEDED, user=ada, revision=changes.next_revision())
    TaskEvent.objects.create(task=ready, at=timezone.now(), to_status=Status.SUCCEEDED)
    for _ in range(4):
        make_task(Status.SUCCEEDED, user=make_user("Bob Ross"), revision=changes.next_revision())

    said = json.loads(poll(client).headers["HX-Trigger"])

    assert said["clip-ready"]["url"] == reverse("studio:clip", args=[ready.task_id])


def test_a_poll_that_goes_back_for_a_press_is_told_all_that_changed_since(client, ada, three_at_once):
    tasks = [make_task(Status.SUCCEEDED, user=ada, revision=changes.next_revision()) for _ in range(3)]

    answer = poll(client, seen=tasks[0].revision - 1, past=f"{tasks[1].revision}-{tasks[1].pk}")

    assert keys_in(answer) == {str(task.task_id) for task in tasks}


def test_a_poll_of_a_full_answer_asks_as_often_as_one_of_a_single_take(client, ada, three_at_once):
    make_task(Status.RUNNING, user=ada, revision=changes.next_revision())
    with CaptureQueriesContext(connection) as one:
        poll(client)
    for _ in range(7):
        make_task(Status.RUNNING, user=ada, revision=changes.next_revision())

    with CaptureQueriesContext(connection) as cut:
        poll(client)

    assert len(cut) <= len(one)
