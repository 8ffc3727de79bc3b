"""The dock under the film: whose call it is, what a press does, and what stays closed."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from studio import lifecycle, reviews
from studio.models import Decision, GenerationTask, ReviewStatus, Status, User
from studio.reviews.dock import dock_context
from tests.decisions.scene import ada, guest_of, olga, place, priya, ready_take, rob
from tests.factories import make_project, make_recipe, make_task

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def decide(client: Client, take: GenerationTask, verdict: str, sentence: str = "", **more: object):
    address = reverse("studio:decide", args=[take.task_id])
    return client.post(address, {"verdict": verdict, "sentence": sentence}, **more)


def test_without_scripts_a_decision_leads_back_to_the_film():
    take = ready_take()

    answer = decide(client_of(priya()), take, "approved")

    assert answer.headers["Location"] == reverse("studio:review", args=[take.task_id])
    assert place(take.version.shot).review_status == ReviewStatus.APPROVED


def test_with_scripts_only_the_dock_and_what_follows_come_back():
    take = ready_take()

    answer = decide(client_of(priya()), take, "approved", headers=HTMX)

    page = answer.content.decode()
    assert page.lstrip().startswith("<decision-dock")
    assert 'id="review-status" data-status="approved"' in page
    assert "<html" not in page


def test_a_refused_wish_keeps_what_was_typed():
    take = ready_take()
    reviews.decide(take.version, user=olga(), verdict="approved")

    answer = decide(client_of(priya()), take, "needs_changes", "Slower <b>please</b>", headers=HTMX)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Only an owner" in page
    assert "You wrote: “Slower &lt;b&gt;please&lt;/b&gt;”" in page
    assert Decision.objects.standing().count() == 1


def test_the_line_says_who_decided_and_whose_call_it_is():
    take = ready_take()
    reviews.decide(take.version, user=rob(), verdict="approved")

    page = client_of(priya()).get(reverse("studio:review", args=[take.task_id])).content.decode()

    assert "Rob approved. Your call on v1:" in page
    assert "Needs changes" in page


def test_a_locked_version_offers_its_buttons_to_an_owner_alone():
    take = ready_take()
    reviews.decide(take.version, user=priya(), verdict="approved")
    address = reverse("studio:review", args=[take.task_id])

    shut = client_of(priya()).get(address).content.decode()
    open_ = client_of(olga()).get(address).content.decode()

    assert "dock__asks" not in shut
    assert "Only an owner can open it again" in shut
    assert "dock__asks" in open_


def poll(client: Client, address: str) -> tuple[str, str]:
    """What an open page is told, and where it asks next."""
    page = client.get(address, headers=HTMX).content.decode()
    found = re.search(r'data-query="([^"]+)"', page)
    return page, f"/poll/review/?{unescape(found[1])}" if found else ""


@pytest.fixture
def at_priya() -> Client:
    cache.clear()
    return client_of(priya())


def test_a_poll_takes_the_buttons_away_when_somebody_else_approved(at_priya):
    take = ready_take()
    before, address = poll(at_priya, reverse("studio:review", args=[take.task_id]))
    reviews.decide(take.version, user=olga(), verdict="approved")

    after, _ = poll(at_priya, address)

    assert 'data-key="a"' in before
    assert 'id="decision-asks"' in after
    assert 'data-key="a"' not in after
    assert "Only an owner can open it again" in after


def test_a_poll_brings_the_buttons_back_when_it_is_open_again(at_priya):
    take, owner = ready_take(), olga()
    reviews.decide(take.version, user=owner, verdict="approved")
    _, address = poll(at_priya, reverse("studio:review", args=[take.task_id]))
    reviews.take_back(take.version, user=owner)

    assert 'data-key="a"' in poll(at_priya, address)[0]


def test_a_poll_brings_a_pick_of_somebody_else_and_then_stays_quiet_about_it(at_priya):
    maker, project, recipe = ada(), make_project(), make_recipe()
    take = ready_take(user=maker, project=project, recipe=recipe)
    other = ready_take(user=maker, project=project, recipe=recipe, shot=take.version.shot)
    _, address = poll(at_priya, reverse("studio:review", args=[take.task_id]))
    _, address = poll(at_priya, address)
    lifecycle.set_pick(other, is_pick=True, actor=maker)

    told, address = poll(at_priya, address)
    again, _ = poll(at_priya, address)

    assert f"Take {other.number}, the pick" in told
    assert 'id="versions"' not in again
    assert 'id="decision-asks"' not in again


def test_one_can_take_back_what_one_said():
    take, person = ready_take(), rob()
    reviews.decide(take.version, user=person, verdict="needs_changes", sentence="Slower.")

    client_of(person).post(reverse("studio:undecide", args=[take.task_id]))

    assert place(take.version.shot).review_status == ReviewStatus.TO_REVIEW
    assert Decision.objects.count() == 1


def test_the_page_asks_for_the_same_number_of_rows_however_many_decided(django_assert_num_queries):
    take = ready_take()
    for _ in range(5):
        reviews.decide(take.version, user=rob(), verdict="approved")

    take = GenerationTask.objects.for_cards().get(pk=take.pk)
    with django_assert_num_queries(1):
        line = dock_context(take, take.created_by)["dock"].line

    assert line.startswith("Rob, Rob, Rob and 2 more approved.")


def test_an_approved_clip_stays_out_of_the_bin_and_the_page_says_why():
    maker, project = ada(), make_project()
    take = ready_take(user=maker, project=project)
    other = ready_take(user=maker, project=project, recipe=make_recipe(title="Second"))
    reviews.decide(take.version, user=priya(), verdict="approved")

    answer = client_of(maker).post(
        reverse("studio:bin-put"), {"clip": [str(take.task_id), str(other.task_id)]}, follow=True
    )

    said = " ".join(str(message) for message in answer.context["messages"])
    assert "Morning stretch, take 1 is approved, so it stays." in said
    assert "Moved 1 clip to the bin" in said
    assert "cancel first" not in said
    assert list(GenerationTask.objects.in_bin()) == [other]


def test_the_pick_of_an_approved_version_stays_the_pick():
    maker, project, recipe = ada(), make_project(), make_recipe()
    first = ready_take(user=maker, project=project, recipe=recipe)
    second = ready_take(user=maker, project=project, recipe=recipe, shot=first.version.shot)
    lifecycle.set_pick(first, is_pick=True, actor=maker)
    reviews.decide(first.version, user=priya(), verdict="approved")

    answer = client_of(maker).post(
        reverse("studio:clip-pick", args=[second.task_id]), {"pick": "1"}, follow=True
    )

    assert "approved with the pick it has" in " ".join(map(str, answer.context["messages"]))
    first.refresh_from_db()
    assert first.is_pick


def test_an_approved_version_without_a_pick_may_still_get_one():
    maker, project, recipe = ada(), make_project(), make_recipe()
    first = ready_take(user=maker, project=project, recipe=recipe)
    ready_take(user=maker, project=project, recipe=recipe, shot=first.version.shot)
    reviews.decide(first.version, user=priya(), verdict="approved")

    assert lifecycle.set_pick(first, is_pick=True, actor=maker)


def test_an_approved_pick_is_neither_moved_nor_taken_away_until_an_owner_opens_it_again():
    maker, project, recipe, owner = ada(), make_project(), make_recipe(), olga()
    first = ready_take(user=maker, project=project, recipe=recipe)
    second = ready_take(user=maker, project=project, recipe=recipe, shot=first.version.shot)
    lifecycle.set_pick(first, is_pick=True, actor=maker)
    reviews.decide(first.version, user=owner, verdict="approved")

    assert not lifecycle.set_pick(second, is_pick=True, actor=owner)
    assert not lifecycle.set_pick(first, is_pick=False, actor=owner)
    reviews.take_back(first.version, user=owner)
    assert lifecycle.set_pick(second, is_pick=True, actor=maker)


def test_a_failed_take_of_an_approved_version_is_not_tried_again():
    maker, project, recipe = ada(), make_project(), make_recipe()
    first = ready_take(user=maker, project=project, recipe=recipe)
    failed = make_task(Status.FAILED, user=maker, project=project, recipe=recipe, shot=first.version.shot)
    reviews.decide(first.version, user=priya(), verdict="approved")

    client_of(maker).post(reverse("studio:clip-again", args=[failed.task_id]))

    failed.refresh_from_db()
    assert failed.status == Status.FAILED


def test_the_clips_own_page_tells_what_was_decided_and_by_which_guest():
    take, maker = ready_take(), ada()
    reviews.decide(take.version, user=priya(), verdict="approved")
    guest = guest_of(take.project, by=maker, name="Elin <b>Holm</b>")
    reviews.decide(take.version, guest=guest, verdict="needs_changes", sentence="Slower.")

    page = client_of(maker).get(reverse("studio:clip", args=[take.task_id])).content.decode()

    assert "Priya approved" in page
    assert "Elin &lt;b&gt;Holm&lt;/b&gt; (guest) asked for changes" in page
    assert "“Slower.”" in page
