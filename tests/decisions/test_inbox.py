"""What waits for whom, and that it leaves when it is done, from anywhere."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from studio import lifecycle, reviews
from studio.models import GenerationTask, Note, NoteMention, Notice, Status, User
from studio.models.person import Role
from studio.news import inbox, notices
from tests.decisions.scene import ada, guest_of, olga, priya, ready_take, rob
from tests.factories import make_project, make_recipe, make_task, make_user

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def kinds(user: User) -> list[str]:
    return [item.kind for item in inbox.waiting_for(user).shots]


def name_in_a_note(take: GenerationTask, author: User, named: User) -> NoteMention:
    note = Note.objects.create(
        shot=take.version.shot, task=take, author=author, text="@you look", created_at=timezone.now()
    )
    return NoteMention.objects.create(note=note, user=named, created_at=timezone.now())


def test_a_clip_to_judge_waits_for_reviewers_until_they_decide():
    take, reviewer = ready_take(), rob()
    assert kinds(reviewer) == ["review"]

    reviews.decide(take.version, user=reviewer, verdict="approved")

    assert kinds(reviewer) == []
    assert kinds(priya()) == ["review"]


def test_it_waits_for_nobody_once_it_is_settled():
    take, reviewer = ready_take(), rob()

    reviews.decide(take.version, user=priya(), verdict="approved")

    assert kinds(reviewer) == []
    assert inbox.bell(reviewer).count == 0


def test_makers_do_not_judge_their_own_but_an_owner_settles_theirs():
    maker, owner = ada(), olga()
    ready_take(user=maker)
    ready_take(user=owner)

    assert kinds(maker) == ["review"]
    assert kinds(owner) == ["review", "review"]


def test_several_takes_wait_for_a_pick_and_leave_with_it():
    maker, project, recipe = ada(), make_project(), make_recipe()
    first = ready_take(user=maker, project=project, recipe=recipe)
    ready_take(user=maker, project=project, recipe=recipe, shot=first.version.shot)
    assert kinds(maker) == ["pick"]
    assert kinds(rob()) == ["review"]

    lifecycle.set_pick(first, is_pick=True, actor=maker)

    assert kinds(maker) == []


def test_what_came_back_waits_for_its_maker_until_the_next_take_is_under_way():
    maker, other = ada(), make_user("Theo Okafor", Role.MAKER)
    take = ready_take(user=maker)

    reviews.decide(take.version, user=priya(), verdict="needs_changes", sentence="The ear melts.")

    (item,) = inbox.waiting_for(maker).changes
    assert (item.kind, item.line) == ("changes", "Priya asked for changes")
    assert "See why" in client_of(maker).get(reverse("studio:inbox")).content.decode()
    assert [kinds(other), kinds(rob()), kinds(olga())] == [[], [], []]

    make_task(Status.RUNNING, user=maker, project=take.project, shot=take.version.shot)

    assert kinds(maker) == []
    assert inbox.bell(maker).count == 0


def test_what_is_out_with_a_client_says_so_until_the_client_decided():
    take, producer = ready_take(), priya()
    guest = guest_of(take.project, by=producer)

    (item,) = inbox.waiting_for(producer).shots
    assert (item.kind, item.line) == ("client", "With Elin Holm, not decided there yet")
    reviews.decide(take.version, guest=guest, verdict="approved")

    (item,) = inbox.waiting_for(producer).shots
    assert (item.kind, item.line) == ("review", "Ada made it. Elin Holm (guest) approved")


def test_a_mention_waits_until_it_is_answered():
    take, named = ready_take(), rob()
    mention = name_in_a_note(take, ada(), named)
    assert [each.pk for each in inbox.waiting_for(named).mentions] == [mention.pk]

    Note.objects.create(
        shot=take.version.shot,
        task=take,
        author=named,
        text="Yes",
        parent=mention.note,
        created_at=timezone.now(),
    )

    assert not inbox.waiting_for(named).mentions


def test_a_mention_leaves_when_the_note_is_done_deleted_or_ticked_off():
    take, named, other = ready_take(), rob(), ada()
    done, deleted, ticked = (name_in_a_note(take, other, named) for _ in range(3))

    Note.objects.filter(pk=done.note_id).update(done_at=timezone.now())
    Note.objects.filter(pk=deleted.note_id).update(deleted_at=timezone.now())
    client_of(named).post(reverse("studio:inbox-done"), {"mention": ticked.pk})

    assert not inbox.waiting_for(named).mentions


def test_nobody_ticks_off_somebody_elses_mention():
    mention = name_in_a_note(ready_take(), ada(), rob())

    client_of(priya()).post(reverse("studio:inbox-done"), {"mention": mention.pk})

    mention.refresh_from_db()
    assert mention.handled_at is None


def test_nothing_of_a_hidden_project_waits_or_counts():
    take = ready_take(project=make_project("Zebrawood", is_open=False))
    stranger = rob()
    name_in_a_note(take, ada(), stranger)
    notices.tell([stranger], Notice.Kind.DECISION, "Zebrawood approved", "/", take.project)

    page = client_of(stranger).get(reverse("studio:inbox")).content.decode()

    assert inbox.bell(stranger) == inbox.Bell(0, 0)
    assert "Zebrawood" not in page


def test_the_bell_counts_what_the_page_shows_in_one_query(django_assert_num_queries):
    take, person = ready_take(), rob()
    ready_take()
    name_in_a_note(take, ada(), person)
    notices.tell([person], Notice.Kind.SHARE, "Elin opened the link", "/board/", take.project)

    with django_assert_num_queries(1):
        bell = inbox.bell(person)

    assert bell.count == inbox.waiting_for(person).count == 3
    assert bell.newest == Notice.objects.get().pk


def test_reading_the_news_puts_the_dot_out():
    person = rob()
    notices.tell([person], Notice.Kind.SHARE, "Elin opened the link", "/board/", None)
    client = client_of(person)
    assert "data-news" in client.get(reverse("studio:inbox")).content.decode()

    client.post(reverse("studio:notices-seen"))

    page = client.get(reverse("studio:inbox")).content.decode()
    assert "data-news" not in page
    assert "Elin opened the link" in page


def test_done_shows_what_one_decided():
    take, person = ready_take(), rob()
    reviews.decide(take.version, user=person, verdict="needs_changes", sentence="Slower.")

    page = client_of(person).get(reverse("studio:inbox"), {"show": "done"}).content.decode()

    assert "You asked for changes" in page
    assert "Slower." in page


def test_a_full_inbox_asks_as_much_as_a_small_one():
    maker, person = ada(), rob()
    client = client_of(person)

    def fill(count: int) -> None:
        for number in range(count):
            name_in_a_note(ready_take(user=maker, recipe=make_recipe(title=f"Shot {number}")), maker, person)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("studio:inbox"))
        return len(asked)

    fill(2)
    client.get(reverse("studio:inbox"))
    few = questions()
    fill(6)

    assert questions() == few
    assert few <= 16


def test_picking_leads_to_the_takes_beside_each_other():
    maker, project, recipe = ada(), make_project(), make_recipe()
    first = ready_take(user=maker, project=project, recipe=recipe)
    ready_take(user=maker, project=project, recipe=recipe, shot=first.version.shot)
    client = client_of(maker)

    page = client.get(reverse("studio:inbox")).content.decode()
    (address,) = set(re.findall(r'href="([^"]*view=grid)"', page))
    answer = client.get(address.replace("&amp;", "&"), follow=True)

    assert answer.status_code == 200
    assert str(first.task_id) in answer.content.decode()


@pytest.mark.parametrize("role", ["owner", "producer", "maker", "reviewer"])
def test_the_bell_of_every_page_never_walks_through_all_that_is_ready(role: Role):
    """At a million takes one page took minutes: for each shot, the database began with every ready take there is."""
    with CaptureQueriesContext(connection) as asked:
        inbox.bell(make_user(role=role))
    question = asked.captured_queries[-1]["sql"]

    with connection.cursor() as cursor:
        cursor.execute(f"{connection.ops.explain_query_prefix()} {question}".replace("%", "%%"))
        plan = str(cursor.fetchall())

    assert "studio_shot" in plan
    assert "task_history_status" not in plan
