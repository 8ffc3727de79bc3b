"""The review page's notes as people meet them: written, answered, changed, and told to everybody who looks."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from studio import notes, reviews
from studio.models import GenerationTask, Guest, Note, Role, Status, User
from studio.people import presence
from tests.decisions.scene import guest_of
from tests.factories import make_clip, make_project, make_task, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def nobody_looks() -> None:
    cache.clear()


@pytest.fixture
def ada() -> User:
    return make_user("Ada Lovelace")


@pytest.fixture
def bob() -> User:
    return make_user("Bob Reed", Role.REVIEWER)


@pytest.fixture
def task(ada: User) -> GenerationTask:
    return make_task(Status.SUCCEEDED, user=ada, clip=make_clip(fps=25.0, duration=5.0))


@pytest.fixture
def guest(task: GenerationTask, ada: User) -> Guest:
    return guest_of(task.project, by=ada)


@pytest.fixture
def at_ada(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def at_bob(bob: User) -> Client:
    client = Client()
    client.force_login(bob)
    return client


def page(client: Client, task: GenerationTask, query: str = "") -> str:
    answer = client.get(f"/review/{task.task_id}/{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def poll_address(html: str) -> str:
    """Where the poll of a page goes."""
    found = re.search(r'data-query="([^"]+)" data-cap="([^"]+)"', html)
    assert found
    return f"/poll/review/?{found[1]}&cap={found[2]}".replace("&amp;", "&")


def test_a_note_with_a_typed_time_is_written_without_scripts(at_ada: Client, task: GenerationTask):
    answer = at_ada.post(f"/review/{task.task_id}/notes/", {"text": "The paw melts", "at": "0:02.14"})

    note = Note.objects.get()
    assert (note.text, note.first_frame, note.last_frame) == ("The paw melts", 64, 64)
    assert answer["Location"] == f"/review/{task.task_id}/?note={note.note_id}#note-{note.note_id}"
    assert "0:02.14" in page(at_ada, task)


def test_a_typed_stretch_is_kept_as_its_first_and_last_frame(at_ada: Client, task: GenerationTask):
    at_ada.post(f"/review/{task.task_id}/notes/", {"text": "Slow", "at": "0:03.06 to 0:04.00"})

    note = Note.objects.get()
    assert (note.first_frame, note.last_frame) == (81, 100)
    assert "0:03.06 to 0:04.00" in page(at_ada, task)


@pytest.mark.parametrize("at", ["0:99", "soon", "0:01.30", "9:00", "0:02 to", "<b>"])
def test_a_time_that_is_none_is_refused_and_nothing_typed_is_lost(
    at_ada: Client, task: GenerationTask, at: str
):
    answer = at_ada.post(f"/review/{task.task_id}/notes/", {"text": "The paw melts", "at": at})

    assert answer.status_code == 422
    assert "The paw melts" in answer.content.decode()
    assert not Note.objects.exists()


def test_a_page_with_scripts_is_told_why_a_note_was_refused(at_ada: Client, task: GenerationTask):
    answer = at_ada.post(f"/review/{task.task_id}/notes/", {"text": ""}, headers=HTMX)

    assert answer.status_code == 422
    assert "Say what you see" in answer.headers["HX-Trigger"]


def test_a_press_answers_with_the_list_and_with_an_id_for_the_next_note(at_ada: Client, task: GenerationTask):
    answer = at_ada.post(
        f"/review/{task.task_id}/notes/",
        {"text": "Here", "frame": "3", "last_frame": "", "note_id": str(uuid4())},
        headers=HTMX,
    )

    assert b"Here" in answer.content
    assert "next" in answer.headers["HX-Trigger"]
    assert Note.objects.get().first_frame == 3


def test_answers_and_edits_work_without_scripts(at_ada: Client, task: GenerationTask, ada: User):
    note = notes.write(task, author=ada, text="To slow")

    at_ada.post(f"/notes/{note.note_id}/answer/", {"text": "By how much?"})
    at_ada.post(f"/notes/{note.note_id}/edit/", {"text": "Too slow"})

    html = at_ada.get(f"/notes/{note.note_id}/").content.decode()
    assert "By how much?" in html
    assert "Too slow" in html
    assert "To slow" in html


def test_a_reviewer_is_kept_from_changing_what_others_wrote(at_bob: Client, task: GenerationTask, ada: User):
    note = notes.write(task, author=ada, text="Mine")

    answers = [at_bob.post(f"/notes/{note.note_id}/{act}/", {"text": "Yours"}) for act in ("edit", "delete")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert Note.objects.get().text == "Mine"


def test_a_deleted_note_is_brought_back_by_undo(at_ada: Client, task: GenerationTask, ada: User):
    note = notes.write(task, author=ada, text="Mine")

    gone = at_ada.post(f"/notes/{note.note_id}/delete/")
    assert "Undo" in at_ada.get(gone["Location"]).content.decode()
    at_ada.post(f"/notes/{note.note_id}/delete/", {"undo": "1"})

    assert Note.objects.get().deleted_at is None


def test_a_reviewer_marks_a_note_as_done(at_bob: Client, task: GenerationTask, ada: User):
    note = notes.write(task, author=ada, text="Slow")

    at_bob.post(f"/notes/{note.note_id}/done/", {"done": "1"})

    assert Note.objects.get().done_at


def test_the_page_opens_on_the_frame_of_the_note_in_its_address(
    at_ada: Client, task: GenerationTask, ada: User
):
    note = notes.write(task, author=ada, text="There", first_frame=77)

    html = page(at_ada, task, f"?note={note.note_id}")

    assert 'data-start="77"' in html
    assert re.search(rf'id="note-{note.note_id}"[^>]*data-selected', html)


def test_the_timeline_says_who_noted_what_where(at_ada: Client, task: GenerationTask, ada: User):
    notes.write(task, author=ada, text="There", first_frame=64)

    assert 'aria-label="Ada Lovelace at 2 seconds 14 frames, open"' in page(at_ada, task)


def test_the_strokes_of_a_drawing_come_by_themselves(at_ada: Client, task: GenerationTask, ada: User):
    stroke = {"kind": "box", "colour": "blue", "points": [[0.1, 0.1], [0.4, 0.4]]}
    note = notes.write(task, author=ada, text="Here", first_frame=5, drawing=[stroke])

    answer = at_ada.get(f"/review/{task.task_id}/notes/", {"drawings": f"{note.note_id},nothing"})

    assert answer.json() == {"drawings": {str(note.note_id): [stroke]}}


def test_an_unchanged_page_polls_for_204_without_a_session(at_ada: Client, task: GenerationTask):
    address = poll_address(page(at_ada, task))

    assert Client().get(address).status_code == 204


def test_a_poll_brings_somebody_elses_note(at_ada: Client, at_bob: Client, task: GenerationTask):
    address = poll_address(page(at_ada, task))
    at_bob.post(f"/review/{task.task_id}/notes/", {"text": "New words", "frame": "9"})

    answer = at_ada.get(address, headers=HTMX).content.decode()

    assert "New words" in answer
    assert 'data-frame="9"' in answer


def test_a_poll_after_a_change_elsewhere_brings_no_list(at_ada: Client, task: GenerationTask):
    html = page(at_ada, task)
    at_ada.get("/poll/review/", {"task": task.task_id})
    address = poll_address(at_ada.get(poll_address(page(at_ada, task)).split("&cap")[0]).content.decode())
    assert html
    make_task(Status.QUEUED, user=make_user("Somebody Else"))

    answer = at_ada.get(address, headers=HTMX).content.decode()

    assert "note-list" not in answer
    assert "live-poll" in answer


def test_a_poll_brings_somebody_elses_decision(at_ada: Client, task: GenerationTask, bob: User):
    address = poll_address(page(at_ada, task))
    reviews.decide(task.version, user=bob, verdict="needs_changes", sentence="The paw")

    answer = at_ada.get(address, headers=HTMX).content.decode()

    assert "Needs changes" in answer
    assert "The paw" in answer


def test_people_on_the_page_see_each_other_and_not_themselves(
    at_ada: Client, at_bob: Client, task: GenerationTask
):
    at_ada.get("/poll/review/", {"task": task.task_id})

    answer = at_bob.get("/poll/review/", {"task": task.task_id}).content.decode()

    assert 'aria-label="Ada Lovelace"' in answer
    assert "Bob Reed" not in answer


def test_a_guest_who_gave_a_name_is_seen_among_those_who_look(
    at_ada: Client, task: GenerationTask, guest: Guest
):
    presence.beat(task, guest)

    answer = at_ada.get("/poll/review/", {"task": task.task_id}).content.decode()

    assert 'title="Elin Holm, guest"' in answer


def test_names_of_people_in_the_project_stand_out_and_other_text_does_not(
    at_ada: Client, task: GenerationTask, ada: User, bob: User
):
    notes.write(task, author=ada, text="<i>@Bob</i> @Ada Lovelace @Nobody and b@Bob, look")

    html = page(at_ada, task)

    assert (
        '&lt;i&gt;<b class="remark__name">@Bob</b>&lt;/i&gt; <b class="remark__name">@Ada Lovelace</b>'
        in html
    )
    assert " @Nobody and b@Bob, look</p>" in html


def test_a_space_between_two_names_stays(at_ada: Client, task: GenerationTask, ada: User, bob: User):
    notes.write(task, author=ada, text="@Ada @Bob")

    words = re.search(r"data-text>(.*?)</p>", page(at_ada, task))

    assert words
    assert unescape(re.sub("<[^>]+>", "", words[1])) == "@Ada @Bob"


def test_somebody_who_may_not_see_the_project_is_no_name_in_it(at_ada: Client, ada: User, bob: User):
    project = make_project("Secret", is_open=False)
    project.members.add(ada)
    task = make_task(Status.SUCCEEDED, user=ada, project=project, clip=make_clip())
    notes.write(task, author=ada, text="Ask @Bob")

    assert "remark__name" not in page(at_ada, task)


def test_guests_name_nobody(at_ada: Client, task: GenerationTask, bob: User, guest: Guest):
    note = notes.write(task, guest=guest, text="Hello @Bob <b>Reed</b>")

    html = page(at_ada, task)

    assert "Hello @Bob &lt;b&gt;Reed&lt;/b&gt;" in html
    assert "remark__name" not in html
    assert not note.mentions.exists()


def test_nobody_polls_a_take_they_cannot_see(at_bob: Client, ada: User):
    project = make_project("Secret", is_open=False)
    project.members.add(ada)
    task = make_task(Status.SUCCEEDED, user=ada, project=project)

    assert at_bob.get("/poll/review/", {"task": task.task_id}).status_code == 404


@pytest.mark.parametrize("task_id", ["", "x", "\x00", "0" * 500])
def test_a_poll_about_nothing_is_refused(at_ada: Client, task_id: str):
    assert at_ada.get("/poll/review/", {"task": task_id}).status_code == 400


def test_the_parts_of_a_poll_can_be_anything(at_ada: Client, task: GenerationTask):
    for value in ("\x00", "9" * 40, "-1", "٣", "<b>"):
        query = dict.fromkeys(("seen", "which", "count", "note", "decided", "here"), value)
        answer = at_ada.get("/poll/review/", query | {"task": str(task.task_id)})
        assert answer.status_code == 200
        assert parse_qs(poll_address(answer.content.decode()).partition("?")[2])["which"] == ["all"]


def test_a_page_with_500_notes_asks_at_most_12_queries_and_weighs_at_most_120_kb(
    at_ada: Client, task: GenerationTask, ada: User, django_assert_max_num_queries
):
    for number in range(100):
        note = notes.write(
            task, author=ada, text=f"Note {number} about the paw and the leaves", first_frame=number
        )
        for answer in range(4):
            notes.answer(note, author=ada, text=f"Answer {answer} says something of usual length")

    with django_assert_max_num_queries(12):
        html = page(at_ada, task)

    assert len(html.encode()) <= 120 * 1024
    assert Note.objects.count() == 500
