"""The sample draft of the first minutes: one draft, however often and at whatever moment it is asked for."""

from __future__ import annotations

import threading

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio import deleting
from studio.drafts.samples import Sample
from studio.models import Brief, GenerationTask, LibraryFile, Shot, Submission, User
from tests.create.making import form_of
from tests.factories import make_user


def ask(client: Client) -> str:
    """Press the button. Where one is then."""
    return client.post(reverse("studio:first-run-sample"))["Location"]


def page_of(brief: Brief) -> str:
    return reverse("studio:brief", args=[brief.pk])


def only_draft() -> GenerationTask:
    return GenerationTask.objects.get(binned_at=None)


@pytest.mark.django_db
def test_a_second_press_shows_the_first_ones_draft(client: Client):
    first, second = ask(client), ask(client)

    assert first == second == page_of(Brief.objects.get())
    assert GenerationTask.objects.count() == 1
    assert Shot.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_presses_that_draw_at_once_make_one_draft(monkeypatch: pytest.MonkeyPatch):
    ada, came = make_user(), []
    together, draw = threading.Barrier(2), Sample.jpeg

    def drawing(sample: Sample) -> bytes:
        together.wait(timeout=60)
        return draw(sample)

    def press() -> None:
        browser = Client()
        browser.force_login(ada)
        came.append(ask(browser))
        connections.close_all()

    monkeypatch.setattr(Sample, "jpeg", drawing)
    presses = [threading.Thread(target=press) for _ in range(2)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()

    assert came == [page_of(Brief.objects.get())] * 2
    assert GenerationTask.objects.count() == 1
    assert LibraryFile.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("for_good", [False, True], ids=["in the bin", "for good"])
def test_a_draft_that_was_deleted_is_made_anew_once(client: Client, for_good: bool):
    ask(client)
    draft = only_draft()
    GenerationTask.objects.filter(pk=draft.pk).update(
        status="canceled", next_at=None, finished_at=timezone.now(), binned_at=timezone.now()
    )
    if for_good:
        draft.refresh_from_db()
        assert deleting.delete_for_good(draft)

    again, and_again = ask(client), ask(client)

    assert only_draft().pk != draft.pk
    assert again == and_again == page_of(Brief.objects.latest("created_at"))


@pytest.mark.django_db
def test_a_brief_that_says_something_else_by_now_is_left_alone(client: Client):
    ask(client)
    brief = Brief.objects.get()
    client.post(reverse("studio:brief-save", args=[brief.pk]), form_of(brief, prompt="Image 1 sleeps"))

    place = ask(client)

    brief.refresh_from_db()
    assert place == reverse("studio:clip", args=[only_draft().task_id])
    assert "sleeps" in brief.prompt


@pytest.mark.django_db
def test_words_written_before_the_draft_was_sent_are_not_sent_as_the_sample(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as cut_off:
        cut_off.setattr("studio.recipes.send", lambda *about, **more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ask(client)
    brief = Brief.objects.get()
    client.post(reverse("studio:brief-save", args=[brief.pk]), form_of(brief, prompt="Image 1 sleeps"))

    place = ask(client)

    assert place != page_of(brief)
    assert "stretches" in only_draft().version.prompt


@pytest.mark.django_db
def test_a_press_that_was_cut_off_before_it_was_sent_is_finished_by_the_next(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as cut_off:
        cut_off.setattr("studio.recipes.send", lambda *about, **more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ask(client)

    place = ask(client)

    assert place == page_of(Brief.objects.get())
    assert only_draft().submission_id == Submission.objects.get().pk


@pytest.mark.django_db
def test_everybody_has_a_sample_of_their_own(client: Client):
    bob = Client()
    bob.force_login(make_user("Bob Ross"))

    assert ask(client) != ask(bob)
    assert User.objects.filter(briefs__isnull=False).count() == 2
