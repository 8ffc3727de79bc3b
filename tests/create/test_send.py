"""The press: 422 with every finding, and one set of tasks however often it comes (M-01)."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from studio import shots
from studio.drafts.samples import Sample
from studio.media.errors import ChildFailed
from studio.models import Brief, Connection, GenerationTask, Shot, Submission, User
from studio.views import brief_send
from tests.create.making import form_of, make_brief
from tests.factories import inbox, make_file, make_project, make_user

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def press(client: Client, brief: Brief, **changes: object):
    posted = form_of(brief, **({"with": "draft"} | changes))
    return client.post(reverse("studio:brief-send", args=[brief.pk]), posted, headers=HTMX)


@pytest.mark.django_db
def test_a_press_queues_the_takes_and_shows_them_at_once():
    ada = make_user()
    brief = make_brief(ada, title="Morning stretch")

    answer = press(signed_in(ada), brief, takes="2")

    assert answer.status_code == 200
    assert "Morning stretch, take 2" in answer.content.decode()
    assert [(task.number, task.provider) for task in GenerationTask.objects.order_by("number")] == [
        (1, "local"),
        (2, "local"),
    ]


@pytest.mark.django_db
def test_a_press_says_in_sight_that_it_was_heard():
    ada = make_user()
    brief = make_brief(ada, title="Morning stretch")

    answer = press(signed_in(ada), brief)

    said = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert said == {"text": "Morning stretch is in the works.", "kind": "good"}


@pytest.mark.django_db
def test_a_press_shows_in_the_bar_above_the_form_what_is_being_made():
    ada = make_user()
    brief = make_brief(ada, title="Morning stretch")

    answer = press(signed_in(ada), brief, takes="2").content.decode()

    bar = answer[answer.index('id="mini-bar"') :].partition("</a>")[0]
    assert 'hx-swap-oob="true"' in bar
    assert "Morning stretch, take 1 · 1 more in the works" in bar


@pytest.mark.django_db
def test_the_next_press_is_a_new_press_of_the_same_shot():
    ada = make_user()
    brief = make_brief(ada)
    client = signed_in(ada)
    press(client, brief)
    brief.refresh_from_db()

    press(client, brief, prompt="Image 1 runs")

    tasks = GenerationTask.objects.select_related("version")
    assert [task.version.number for task in tasks.order_by("pk")] == [1, 2]
    assert len({task.version.shot_id for task in tasks}) == 1


@pytest.mark.django_db
def test_after_a_press_that_was_cut_off_the_brief_can_be_sent_again(monkeypatch: pytest.MonkeyPatch):
    ada = make_user()
    client = signed_in(ada)
    brief = make_brief(ada)
    with monkeypatch.context() as patched:
        patched.setattr(brief_send, "bind", lambda *_: None)  # the process was killed before it came to this
        press(client, brief)

    press(client, brief)
    assert GenerationTask.objects.count() == 1
    brief.refresh_from_db()
    press(client, brief, prompt="Image 1 runs")

    assert GenerationTask.objects.count() == 2


@pytest.mark.django_db
def test_what_was_changed_after_the_press_is_found_again_in_the_works():
    ada = make_user()
    client = signed_in(ada)
    brief = make_brief(ada, title="Fox")
    press(client, brief)
    brief.refresh_from_db()
    form = form_of(brief)
    unchanged = client.post(reverse("studio:brief-save", args=[brief.pk]), form, headers=HTMX)
    assert unchanged.status_code in {200, 204}
    assert "Continue Fox" not in client.get(reverse("studio:works")).content.decode()

    client.post(reverse("studio:brief-save", args=[brief.pk]), form | {"prompt": "It runs"}, headers=HTMX)
    client.post(reverse("studio:new-brief"))

    page = client.get(reverse("studio:works")).content.decode()
    assert "Continue Fox" in page
    assert "Changed since it was last sent." in page


@pytest.mark.django_db
def test_a_shot_that_was_moved_away_gets_nothing_more_from_here():
    """Its new project may be one that this person does not see, with a limit of its own."""
    ada = make_user()
    brief = make_brief(ada)
    client = signed_in(ada)
    press(client, brief)
    first = GenerationTask.objects.get()
    shots.move([first], make_project("Private", is_open=False), make_user("Bob"))
    brief.refresh_from_db()

    press(client, brief, prompt="Image 1 runs", title="Runs")

    second = GenerationTask.objects.latest("pk")
    assert second.project == inbox()
    assert second.version.shot_id != first.version.shot_id
    assert Shot.objects.get(pk=first.version.shot_id).title == first.version.shot.title


@pytest.mark.django_db
def test_ten_presses_of_one_form_are_one_set_of_tasks():
    ada = make_user()
    brief = make_brief(ada)
    same_form = form_of(brief, takes="2") | {"with": "draft"}
    client = signed_in(ada)

    answers = [client.post(reverse("studio:brief-send", args=[brief.pk]), same_form) for _ in range(10)]

    assert {answer.status_code for answer in answers} == {302}
    assert GenerationTask.objects.count() == 2


@pytest.mark.django_db
def test_what_cannot_be_sent_comes_back_with_every_finding_and_every_word():
    ada = make_user()
    brief = make_brief(ada)

    answer = press(signed_in(ada), brief, prompt="Image 7 waits", duration="99", takes="9")

    body = answer.content.decode()
    assert answer.status_code == 422
    assert "Three things to fix before this can be sent" in body
    assert 'href="#prompt" data-code="unknown_name"' in body
    brief.refresh_from_db()
    assert (brief.prompt, brief.settings["duration"]) == ("Image 7 waits", "99")
    assert not Submission.objects.exists()


@pytest.mark.django_db
def test_without_scripts_the_findings_come_as_a_page():
    ada = make_user()
    brief = make_brief(ada, files=[])

    answer = signed_in(ada).post(
        reverse("studio:brief-send", args=[brief.pk]), form_of(brief, prompt="Only words") | {"with": "draft"}
    )

    assert answer.status_code == 422
    assert b"<html" in answer.content
    assert "Only words</textarea>" in answer.content.decode()


@pytest.mark.django_db
def test_a_service_that_is_not_connected_cannot_be_used():
    ada = make_user()
    brief = make_brief(ada)

    answer = press(signed_in(ada), brief, provider="modelstream", **{"with": "provider"})

    assert answer.status_code == 422
    assert "ModelStream is not connected yet." in answer.content.decode()


@pytest.mark.django_db
def test_a_draft_is_free_whatever_service_is_chosen():
    ada = make_user()
    Connection.objects.create(provider="apiframe", label="Apiframe")
    brief = make_brief(ada, settings={"provider": "apiframe"})

    press(signed_in(ada), brief)

    assert GenerationTask.objects.get().provider == "local"


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "nonsense", "5c1f0a3e-0d9b-4a55-9d1c-9f2f6c1d7e10"])
def test_a_token_that_this_form_does_not_have_sends_nothing(token: str):
    ada = make_user()

    answer = press(signed_in(ada), make_brief(ada), send_token=token)

    assert answer.status_code == 422
    assert not GenerationTask.objects.exists()


@pytest.mark.django_db
def test_someone_elses_token_shows_nothing_of_theirs():
    carol, ada = make_user("Carol"), make_user("Ada")
    hers = make_brief(carol, title="Secret plan")
    token = str(hers.send_token)
    press(signed_in(carol), hers)

    answer = press(signed_in(ada), make_brief(ada), send_token=token)

    assert answer.status_code == 422
    assert "Secret plan" not in answer.content.decode().split('id="stage"')[0]


@pytest.mark.django_db
def test_fields_that_the_form_does_not_have_are_ignored():
    ada, carol = make_user("Ada"), make_user("Carol")
    brief = make_brief(ada)

    press(
        signed_in(ada),
        brief,
        user=str(carol.pk),
        status="succeeded",
        price="0",
        project=str(uuid4()),
        shot="1",
    )

    task = GenerationTask.objects.get()
    assert (task.created_by, task.status, task.project_id) == (ada, "queued", brief.project_id)


@pytest.mark.django_db
def test_references_that_are_set_aside_stay_out_of_the_recipe():
    ada = make_user()
    small = make_file(name="icon")
    small.media.facts |= {"width": 100, "height": 100}
    small.media.save()
    brief = make_brief(ada, files=[make_file(name="rider"), small], prompt="")

    press(signed_in(ada), brief, prompt="Image 1 waits")

    assert [reference.name for reference in GenerationTask.objects.get().version.references.all()] == [
        "rider"
    ]


@pytest.mark.django_db
def test_a_sample_that_cannot_be_drawn_says_so(monkeypatch: pytest.MonkeyPatch):
    def fails(sample: Sample) -> bytes:
        raise ChildFailed("not_started", "no more processes")

    monkeypatch.setattr(Sample, "jpeg", fails)

    answer = signed_in(make_user()).post(reverse("studio:first-run-sample"), follow=True)

    assert "could not be drawn on this server just now" in answer.content.decode()
    assert not Brief.objects.exists()


@pytest.mark.django_db
def test_after_the_sample_was_drawn_a_press_on_its_brief_is_a_new_press():
    ada = make_user()
    client = signed_in(ada)
    client.post(reverse("studio:first-run-sample"))
    sample = Brief.objects.get()

    answer = press(client, sample)

    assert answer.status_code == 200
    assert GenerationTask.objects.count() == 2
