"""A guest's own comments: changed and taken away from the browser that wrote them, and from nowhere else."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from studio import notes, sharing
from studio.models import Note, NoteEdit
from tests.shares.conftest import BROWSER, Shared

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def shared(world) -> Shared:
    return world.share()


@pytest.fixture
def note(world, shared: Shared, say) -> Note:
    """Elin's."""
    say(shared, world.dandelion, text="Softer ligth", name="Elin Holm")
    return Note.objects.get()


def own(shared: Shared, note: Note) -> str:
    return f"{shared.page}notes/{note.note_id}/"


def test_a_guest_changes_what_they_said_and_the_studio_keeps_what_it_was(
    outside: Client, shared: Shared, note: Note
):
    answer = outside.post(own(shared, note), {"text": "Softer light"}, headers=HTMX)

    page = answer.content.decode()
    note.refresh_from_db()
    assert note.text == "Softer light"
    assert NoteEdit.objects.get().text == "Softer ligth"
    assert "Softer light</p>" in page
    assert ", changed" in page
    assert "guest-composer" not in page


def test_without_scripts_a_change_leads_back_to_the_clip(outside: Client, world, shared: Shared, note: Note):
    answer = outside.post(own(shared, note), {"text": "Softer light"})

    assert answer.headers["Location"] == f"{shared.page}?clip={world.dandelion.task_id}#guest-talk"


def test_a_guest_takes_their_comment_away(outside: Client, shared: Shared, note: Note):
    page = outside.post(own(shared, note), {"act": "delete", "text": ""}, headers=HTMX).content.decode()

    note.refresh_from_db()
    assert note.deleted_at
    assert "Softer" not in page


def test_a_comment_that_says_nothing_is_refused_and_what_was_typed_stays(
    outside: Client, shared: Shared, note: Note
):
    empty = outside.post(own(shared, note), {"text": "  "}, headers=HTMX)
    long = outside.post(own(shared, note), {"text": "é" * 2001})

    assert [empty.status_code, long.status_code] == [422, 422]
    assert "To take it away, delete it." in empty.content.decode()
    assert "é" * 2001 in long.content.decode()
    note.refresh_from_db()
    assert note.text == "Softer ligth"


def test_only_the_browser_that_wrote_it_is_offered_the_change(
    outside: Client, shared: Shared, note: Note, world
):
    other = Client(headers={"User-Agent": BROWSER})
    other.post(f"{shared.page}name/", {"name": "Elin Holm"})

    assert own(shared, note) in outside.get(shared.page).content.decode()
    assert own(shared, note) not in other.get(shared.page).content.decode()
    for act in ({"text": "Mine"}, {"act": "delete"}):
        assert other.post(own(shared, note), act).status_code == 404
        assert Client().post(own(shared, note), act).status_code == 404
    note.refresh_from_db()
    assert (note.text, note.deleted_at) == ("Softer ligth", None)


def test_what_the_team_wrote_is_not_a_guests_to_change(outside: Client, world, shared: Shared, note: Note):
    theirs = notes.write(world.dandelion, author=world.mara, text="Ours")

    assert outside.post(own(shared, theirs), {"text": "Mine"}).status_code == 404
    assert outside.post(f"{shared.page}notes/{uuid4()}/", {"text": "Mine"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.text == "Ours"


def test_a_link_that_ended_or_no_longer_takes_comments_changes_nothing(
    outside: Client, world, shared: Shared, note: Note
):
    type(shared.share).objects.filter(pk=shared.share.pk).update(may_comment=False)
    assert outside.post(own(shared, note), {"text": "Late"}).status_code == 404
    type(shared.share).objects.filter(pk=shared.share.pk).update(may_comment=True)
    sharing.revoke(shared.share, by=world.mara)

    assert outside.post(own(shared, note), {"text": "Late"}).status_code == 404
    assert outside.post(own(shared, note), {"act": "delete"}).status_code == 404
    note.refresh_from_db()
    assert (note.text, note.deleted_at) == ("Softer ligth", None)


def test_what_the_studio_took_away_a_guest_does_not_write_anew(
    outside: Client, world, shared: Shared, note: Note
):
    notes.delete(note, user=world.mara)

    answer = outside.post(own(shared, note), {"text": "Again"}, headers=HTMX)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "What you wrote is kept here." in page
    assert "<p>Again</p>" in page
    assert "Again" not in Note.objects.get().text
