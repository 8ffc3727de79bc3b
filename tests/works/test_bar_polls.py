"""What the poll tells the bar, on pages with takes and without: what is under way, the month's cost, no worker."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from studio import changes
from studio.models import Status, User
from studio.models.person import Role
from studio.money import spending
from tests.factories import make_task, make_user
from tests.works import paid
from tests.works.polling import ended, poll

pytestmark = pytest.mark.django_db


BARE_PAGES = ["inbox", "files", "projects", "people", "connections", "shares", "bin", "account"]


@pytest.mark.parametrize("name", BARE_PAGES)
def test_a_page_without_takes_has_one_poll_for_its_bar(client, ada, name):
    make_task(Status.RUNNING, user=ada)
    User.objects.filter(pk=ada.pk).update(role=Role.OWNER)

    page = client.get(reverse(f"studio:{name}")).content.decode()

    kind = "inbox" if name == "inbox" else "bar"
    assert page.count("<poll-clock") == 1
    assert f"?page={kind}&amp;seen=" in page
    assert "&amp;works=1&amp;" in page
    assert "data-youngest=" in page


def test_the_poll_of_a_bar_tells_what_is_ready_and_shows_no_takes(client, ada):
    task = ended(ada, Status.SUCCEEDED)

    answer = poll(client, "bar")

    assert json.loads(answer.headers["HX-Trigger"])["toast"]["text"] == "Morning stretch, take 1 is ready."
    assert 'id="works-pill"' in answer.content.decode()
    assert str(task.task_id) not in answer.content.decode()


def test_a_bar_that_shows_another_number_of_takes_is_told(client, ada):
    make_task(Status.RUNNING, user=ada)
    seen = changes.latest_revision()

    knows, knows_not = poll(client, "bar", seen=seen, works=1), poll(client, "bar", seen=seen, works=3)

    assert (knows.status_code, knows_not.status_code) == (204, 200)
    assert "1 in the works" in knows_not.content.decode()


def test_the_bar_above_the_form_goes_on_telling_of_the_take_that_is_being_made(client, ada):
    make_task(user=ada, number=3)
    make_task(Status.RUNNING, user=ada, number=4)
    seen = changes.latest_revision()

    bars = [
        mini_bar(
            poll(client, "create", seen=seen, inbox="3")
        ),  # the count beside the inbox alone has changed
        mini_bar(client.get(reverse("studio:create"))),
    ]

    for bar in bars:
        assert "Morning stretch, take 4 · 1 more in the works" in bar


def test_the_bar_above_the_form_tells_of_no_take_that_has_ended(client, ada):
    make_task(Status.SUCCEEDED, user=ada, number=2, revision=changes.next_revision())
    make_task(Status.RUNNING, user=ada, number=3, revision=changes.next_revision())
    make_task(user=ada, number=4, revision=changes.next_revision())

    bar = mini_bar(poll(client, "create"))

    assert "Morning stretch, take 3 · 1 more in the works" in bar


def test_with_nothing_under_way_the_bar_above_the_form_says_what_is_below(client, ada):
    make_task(Status.SUCCEEDED, user=ada, revision=changes.next_revision())

    assert "Latest clip, and work under way" in mini_bar(poll(client, "create"))


def mini_bar(answer) -> str:
    text = answer.content.decode()
    return text[text.index('id="mini-bar"') :].partition("</a>")[0]


def test_without_a_worker_the_page_says_that_clips_wait(client):
    ada = make_user()
    client.force_login(ada)
    make_task(user=ada)

    page = client.get(reverse("studio:works")).content.decode()

    assert "no worker is running" in page


def test_what_the_month_has_cost_is_shown_anew_when_it_changed_anywhere(client, ada):
    task = paid.ready(paid.asked(ada, paid.modelstream()), "0.90")
    seen = changes.latest_revision()

    unchanged = poll(client, "create", seen=seen, spend=spending.shown_to(ada, timezone.now()).words)
    changed = poll(client, "create", seen=seen, spend="$0.10 in May")

    assert unchanged.status_code == 204
    assert 'id="bar-spend" hx-swap-oob="true"' in changed.content.decode()
    assert "<b>$0.90</b>" in changed.content.decode()
    assert str(task.task_id) not in changed.content.decode()


def test_a_page_says_which_cost_it_shows_so_that_a_poll_can_tell(client, ada):
    paid.ready(paid.asked(ada, paid.modelstream()), "0.90")

    page = client.get(reverse("studio:works")).content.decode()

    assert "spend=%240.90%20in%20" in page
