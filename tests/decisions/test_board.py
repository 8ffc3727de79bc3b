"""The board: what stands where, what it cost, who may move it, and how many questions that takes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from studio import changes, reviews
from studio.models import (
    Basis,
    Charge,
    ChargeState,
    GenerationTask,
    Note,
    Project,
    ReviewStatus,
    Status,
    User,
)
from studio.models.person import Role
from studio.reviews.board import board_of
from tests.decisions.scene import ada, guest_of, olga, place, priya, ready_take, rob
from tests.factories import make_project, make_recipe, make_task, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def client_of(user: User, project: Project | None = None) -> Client:
    client = Client()
    client.force_login(user)
    if project:
        session = client.session
        session["project"] = str(project.pk)
        session.save()
    return client


def charge(take: GenerationTask, dollars: str) -> None:
    Charge.objects.create(
        task=take,
        project=take.project,
        connection=take.connection,
        state=ChargeState.SETTLED,
        basis=Basis.TOLD,
        amount=Decimal(dollars),
        opened_at=timezone.now(),
        closed_at=timezone.now(),
    )


def titles(project: Project) -> dict[str, list[str]]:
    found = board_of(project, timezone.now(), {})
    return {
        column.key: [item.card.task.version.shot.title for item in column.cards] for column in found.columns
    }


def move(client: Client, take: GenerationTask, to: str, sentence: str = "", **more: object):
    return client.post(
        reverse("studio:board-move"), {"clip": take.task_id, "to": to, "sentence": sentence}, **more
    )


def test_each_shot_stands_where_it_stands():
    project, maker = make_project(), ada()
    ready_take(project=project, user=maker, recipe=make_recipe(title="Waits"))
    approved = ready_take(project=project, user=maker, recipe=make_recipe(title="Done"))
    changed = ready_take(project=project, user=maker, recipe=make_recipe(title="Again"))
    make_task(Status.RUNNING, project=project, user=maker, recipe=make_recipe(title="Cooking"))
    make_task(Status.FAILED, project=project, user=maker, recipe=make_recipe(title="Broke"))
    ready_take(recipe=make_recipe(title="Elsewhere"))
    reviews.decide(approved.version, user=priya(), verdict="approved")
    reviews.decide(changed.version, user=rob(), verdict="needs_changes", sentence="Slower.")

    assert titles(project) == {
        "making": ["Cooking", "Broke"],
        "to_review": ["Waits"],
        "needs_changes": ["Again"],
        "approved": ["Done"],
    }


def test_a_new_take_of_a_shot_in_review_stands_in_the_works_too():
    take = ready_take()
    make_task(Status.RUNNING, project=take.project, user=take.created_by, shot=take.version.shot)

    found = titles(take.project)

    assert (len(found["making"]), len(found["to_review"])) == (1, 1)


def test_a_card_shows_the_pick_of_the_newest_ready_version():
    project, recipe, maker = make_project(), make_recipe(), ada()
    first = ready_take(project=project, recipe=recipe, user=maker)
    ready_take(project=project, recipe=recipe, user=maker, shot=first.version.shot)
    GenerationTask.objects.filter(pk=first.pk).update(is_pick=True)

    (item,) = board_of(project, timezone.now(), {}).columns[1].cards

    assert item.card.task == first


def test_money_notes_and_names_are_on_the_cards_and_in_the_head():
    project, maker = make_project(cap=Decimal(60)), ada()
    approved = ready_take(project=project, user=maker)
    waits = ready_take(project=project, user=maker, recipe=make_recipe(title="Waits"))
    charge(approved, "5.25")
    charge(waits, "1.50")
    Note.objects.create(
        shot=waits.version.shot, task=waits, author=maker, text="Slower", created_at=timezone.now()
    )
    reviews.decide(approved.version, user=priya(), verdict="approved")

    page = client_of(rob(), project).get(reverse("studio:board")).content.decode()
    found = board_of(project, timezone.now(), {})

    assert (found.spent, found.per_approved) == (Decimal("6.75"), Decimal("6.75"))
    assert (found.approved, found.shots) == (1, 2)
    for words in ("$6.75", "of $60", "$5.25", "$1.50", "1<span", " open note", "Priya</span>"):
        assert words in page, words


def test_what_is_out_with_a_client_says_with_whom_until_they_decide():
    take, maker = ready_take(), ada()
    guest = guest_of(take.project, by=maker)

    waiting = board_of(take.project, timezone.now(), {})
    reviews.decide(take.version, guest=guest, verdict="approved")
    heard = board_of(take.project, timezone.now(), {})

    assert (waiting.on_client, heard.on_client) == (1, 0)
    assert waiting.columns[1].cards[0].with_client.name == "Elin Holm"
    assert heard.columns[1].cards[0].with_client is None


def test_moving_a_card_asks_first_and_then_decides():
    take = ready_take()
    client = client_of(priya(), take.project)

    asked = client.get(
        reverse("studio:board-move"), {"clip": take.task_id, "to": "needs_changes"}, headers=HTMX
    ).content.decode()
    refused = move(client, take, "needs_changes", headers=HTMX)
    moved = move(client, take, "needs_changes", "Slower.", headers=HTMX)

    assert "What should change in Morning stretch, v1?" in asked
    assert "<html" not in asked
    assert refused.status_code == 422
    assert (moved.status_code, "board-moved" in moved.headers["HX-Trigger"]) == (204, True)
    assert place(take.version.shot).review_status == ReviewStatus.NEEDS_CHANGES


def test_without_scripts_the_question_is_a_page_and_the_answer_leads_back():
    take = ready_take()
    client = client_of(priya(), take.project)

    page = client.get(reverse("studio:board-move"), {"clip": take.task_id, "to": "approved"})
    answer = move(client, take, "approved")

    assert b"<html" in page.content
    assert answer.headers["Location"] == reverse("studio:board")
    assert place(take.version.shot).review_status == ReviewStatus.APPROVED


def test_moving_back_to_review_takes_ones_own_word_back():
    take, owner = ready_take(), olga()
    client = client_of(owner, take.project)
    reviews.decide(take.version, user=owner, verdict="approved")

    move(client, take, "to_review")
    again = move(client, take, "to_review", headers=HTMX)

    assert place(take.version.shot).review_status == ReviewStatus.TO_REVIEW
    assert "nothing of yours to take back" in again.content.decode()


def test_a_card_that_shows_an_older_version_decides_nothing():
    take, maker = ready_take(), ada()
    ready_take(project=take.project, user=maker, shot=take.version.shot)

    answer = move(client_of(priya(), take.project), take, "approved", headers=HTMX)

    assert "A newer version has arrived" in answer.content.decode()
    assert not reviews.standing(take.version)


@pytest.mark.parametrize("to", ["making", "", "x"])
def test_there_are_no_other_ways_to_go(to: str):
    take = ready_take()

    assert move(client_of(priya(), take.project), take, to).status_code == 404


def test_a_strangers_card_is_not_there():
    take = ready_take(project=make_project(is_open=False))

    assert move(client_of(rob()), take, "approved").status_code == 404
    poll = client_of(rob()).get(reverse("studio:poll-board"), {"project": take.project.pk})
    assert poll.status_code == 404


def test_the_poll_is_quiet_until_something_changes():
    take = ready_take()
    client = client_of(rob(), take.project)
    query = {
        "project": str(take.project.pk),
        "seen": changes.latest_revision(),
        "cap": changes.poll_capability("x"),
    }

    quiet = client.get(reverse("studio:poll-board"), query)
    reviews.decide(take.version, user=priya(), verdict="approved")
    news = client.get(reverse("studio:poll-board"), query)

    assert (quiet.status_code, news.status_code) == (204, 200)
    assert 'id="board"' in news.content.decode()


def test_a_full_board_asks_as_much_as_a_small_one():
    project, maker, producer = make_project(), ada(), priya()
    client = client_of(make_user("Pat", Role.PRODUCER), project)

    def fill(count: int) -> None:
        for number in range(count):
            take = ready_take(project=project, user=maker, recipe=make_recipe(title=f"Shot {number}"))
            if number % 2:
                reviews.decide(take.version, user=producer, verdict="approved")
            make_task(Status.RUNNING, project=project, user=maker)

    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(reverse("studio:board"))
        return len(asked)

    fill(2)
    client.get(reverse("studio:board"))
    few = questions()
    fill(8)

    assert questions() == few
    assert few <= 24


def test_a_column_shows_a_page_of_cards_and_the_way_to_more():
    project, maker = make_project(), ada()
    for number in range(14):
        ready_take(project=project, user=maker, recipe=make_recipe(title=f"Shot {number:02}"))

    first = board_of(project, timezone.now(), {}).columns[1]
    more = board_of(project, timezone.now(), {"to_review": first.more}).columns[1]

    assert (len(first.cards), first.count, first.more) == (12, 14, 24)
    assert (len(more.cards), more.more) == (14, 0)
