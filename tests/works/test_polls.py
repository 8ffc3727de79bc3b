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

from studio import changes, conductor, lifecycle
from studio.models import GenerationTask, Status, TaskEvent, User
from studio.models.person import Role
from studio.money import spending
from studio.takes import live
from studio.views import polls
from tests.factories import inbox, make_project, make_task, make_user
from tests.works import paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    user = make_user()
    client.force_login(user)
    conductor.beat(timezone.now())
    return user


def poll(client, page="works", seen=0, headers=None, **about):
    asked = {"page": page, "seen": seen, "newest": 0, "worker": 1, **about}
    return client.get(reverse("studio:poll-works"), asked, headers=headers)


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


def test_one_s_own_clip_is_announced_once_it_is_ready(client, ada):
    task = make_task(Status.SUCCEEDED, user=ada, revision=changes.next_revision())
    TaskEvent.objects.create(task=task, at=timezone.now(), to_status=Status.SUCCEEDED)

    said = json.loads(poll(client).headers["HX-Trigger"])

    assert said["clip-ready"]["title"] == "Morning stretch, take 1"
    assert said["toast"]["text"] == "Morning stretch, take 1 is ready."


def ended(user, status, **fields):
    task = make_task(status, user=user, revision=changes.next_revision(), **fields)
    TaskEvent.objects.create(task=task, at=timezone.now(), to_status=status)
    return task


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


def test_the_latest_clip_on_create_says_what_it_cost(client, ada):
    paid.ready(paid.asked(ada, paid.modelstream()), "0.90")

    page = client.get(reverse("studio:create")).content.decode()

    assert "720P · $0.90" in page[page.index('id="stage-latest"') :]
