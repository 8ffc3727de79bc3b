"""What may be said about a take, by whom, and what happens when two people touch the same note."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from studio import notes
from studio.models import GenerationTask, Guest, Note, NoteEdit, Notice, Role, Share, Status, User
from studio.notes import Refused, Wanted
from tests.factories import make_clip, make_project, make_task, make_user

pytestmark = pytest.mark.django_db
DOT = {"kind": "circle", "colour": "orange", "points": [[0.2, 0.2], [0.4, 0.5]]}


@pytest.fixture
def ada() -> User:
    return make_user("Ada Lovelace")


@pytest.fixture
def task(ada: User) -> GenerationTask:
    """Five seconds at 25 frames a second: frames 0 to 124."""
    return make_task(Status.SUCCEEDED, user=ada, clip=make_clip(fps=25.0, duration=5.0))


@pytest.fixture
def guest(task: GenerationTask, ada: User) -> Guest:
    from django.utils import timezone

    share = Share.objects.create(
        token_sha256=uuid4().hex,
        project=task.project,
        title="For Elin",
        created_by=ada,
        ends_at=timezone.now(),
    )
    return Guest.objects.create(share=share, key_sha256=uuid4().hex, name="Elin Holm")


def test_a_note_keeps_its_words_its_frame_and_its_drawing(task: GenerationTask, ada: User):
    note = notes.write(task, author=ada, text="  The paw melts.\r\nHere. ", first_frame=64, drawing=[DOT])

    kept = Note.objects.get(pk=note.pk)
    assert (kept.text, kept.first_frame, kept.last_frame) == ("The paw melts.\nHere.", 64, 64)
    assert kept.drawing == [DOT]
    assert kept.shot_id == task.version.shot_id


@pytest.mark.parametrize(("first", "last"), [(125, None), (-1, None), (100, 125), (50, 40)])
def test_a_time_outside_the_clip_is_refused_with_its_end(
    task: GenerationTask, ada: User, first: int, last: int | None
):
    with pytest.raises(Refused) as refused:
        notes.write(task, author=ada, text="There", first_frame=first, last_frame=last)

    assert "0:04.24" in refused.value.sentence
    assert not Note.objects.exists()


def test_the_last_frame_of_the_clip_is_inside(task: GenerationTask, ada: User):
    assert notes.write(task, author=ada, text="The end", first_frame=124).first_frame == 124


def test_a_note_of_5000_characters_is_kept_and_one_more_is_refused_with_its_number(
    task: GenerationTask, ada: User
):
    assert len(notes.write(task, author=ada, text="é" * 5000).text) == 5000
    with pytest.raises(Refused) as refused:
        notes.write(task, author=ada, text="é" * 5001)

    assert "5,001" in refused.value.sentence


@pytest.mark.parametrize("text", ["", "  \n ", "\x00"])
def test_a_note_that_says_nothing_is_refused(task: GenerationTask, ada: User, text: str):
    with pytest.raises(Refused):
        notes.write(task, author=ada, text=text)


def test_a_drawing_without_words_is_a_note(task: GenerationTask, ada: User):
    assert notes.write(task, author=ada, text="", first_frame=3, drawing=[DOT]).drawing == [DOT]


def test_a_drawing_without_a_frame_is_refused(task: GenerationTask, ada: User):
    with pytest.raises(Refused):
        notes.write(task, author=ada, text="Where?", drawing=[DOT])


def test_nobody_writes_about_a_clip_that_is_not_there(ada: User):
    with pytest.raises(Refused):
        notes.write(make_task(Status.QUEUED, user=ada), author=ada, text="Soon")


def test_nobody_writes_about_a_clip_that_was_binned_meanwhile(task: GenerationTask, ada: User):
    GenerationTask.objects.filter(pk=task.pk).update(binned_at=task.created_at)

    with pytest.raises(Refused):
        notes.write(task, author=ada, text="Still here?")


def test_a_double_press_makes_one_note(task: GenerationTask, ada: User):
    note_id = uuid4()

    first = notes.write(task, author=ada, text="Once", note_id=note_id)
    second = notes.write(task, author=ada, text="Once", note_id=note_id)

    assert first.pk == second.pk
    assert Note.objects.count() == 1


def test_somebody_elses_note_id_neither_changes_nor_shows_their_note(task: GenerationTask, ada: User):
    theirs = notes.write(task, author=ada, text="Mine")

    with pytest.raises(Refused):
        notes.write(task, author=make_user("Bob Reed"), text="Yours", note_id=theirs.note_id)
    assert Note.objects.get().text == "Mine"


def test_an_answer_to_an_answer_joins_the_same_thread(task: GenerationTask, ada: User):
    note = notes.write(task, author=ada, text="Why?", first_frame=3)
    first = notes.answer(note, author=ada, text="Because")
    second = notes.answer(first, author=ada, text="I see")

    assert second.parent_id == note.pk
    assert second.first_frame is None


def test_an_answer_to_a_note_for_the_team_stays_with_the_team(task: GenerationTask, ada: User, guest: Guest):
    note = notes.write(task, author=ada, text="Only us", is_team_only=True)

    assert notes.answer(note, author=ada, text="Yes").is_team_only
    with pytest.raises(Refused):
        notes.answer(note, guest=guest, text="Me too?")
    assert notes.threads(task, for_guest=True).shown == ()


def test_an_answer_to_a_note_that_was_deleted_meanwhile_is_refused(task: GenerationTask, ada: User):
    note = notes.write(task, author=ada, text="Why?")
    notes.delete(note, user=ada)

    with pytest.raises(Refused):
        notes.answer(note, author=ada, text="Because")


def test_changed_words_leave_the_old_ones_in_the_history(task: GenerationTask, ada: User):
    note = notes.write(task, author=ada, text="To slow")

    notes.edit(note, "Too slow", user=ada)

    assert Note.objects.get(pk=note.pk).text == "Too slow"
    assert list(NoteEdit.objects.values_list("text", flat=True)) == ["To slow"]


def test_the_same_words_again_change_nothing(task: GenerationTask, ada: User):
    note = notes.write(task, author=ada, text="Slow")

    notes.edit(note, " Slow ", user=ada)

    assert Note.objects.get(pk=note.pk).edited_at is None


@pytest.mark.parametrize("role", [Role.OWNER, Role.PRODUCER, Role.MAKER, Role.REVIEWER])
def test_nobody_changes_somebody_elses_words(task: GenerationTask, ada: User, role: Role):
    note = notes.write(task, author=ada, text="Mine")

    with pytest.raises(PermissionDenied):
        notes.edit(note, "Yours", user=make_user("Bob Reed", role))


@pytest.mark.parametrize(
    ("role", "may"), [(Role.OWNER, True), (Role.PRODUCER, True), (Role.MAKER, False), (Role.REVIEWER, False)]
)
def test_owners_and_producers_delete_what_others_wrote(
    task: GenerationTask, ada: User, role: Role, may: bool
):
    note, bob = notes.write(task, author=ada, text="Mine"), make_user("Bob Reed", role)

    if may:
        notes.delete(note, user=bob)
    else:
        with pytest.raises(PermissionDenied):
            notes.delete(note, user=bob)
    assert (Note.objects.get(pk=note.pk).deleted_at is not None) == may


def test_a_guest_changes_and_deletes_only_their_own_words(task: GenerationTask, ada: User, guest: Guest):
    hers, adas = notes.write(task, guest=guest, text="This face"), notes.write(task, author=ada, text="Mine")

    assert notes.edit(hers, "This face, please", guest=guest).text == "This face, please"
    with pytest.raises(PermissionDenied):
        notes.delete(adas, guest=guest)


def test_an_edit_that_comes_after_a_delete_is_refused_with_a_sentence(task: GenerationTask, ada: User):
    note = notes.write(task, author=ada, text="Mine")
    notes.delete(note, user=ada)

    with pytest.raises(Refused) as refused:
        notes.edit(note, "Mine, too", user=ada)

    assert "deleted meanwhile" in refused.value.sentence


def test_a_deleted_note_comes_back_as_it_was(task: GenerationTask, ada: User):
    note = notes.write(task, author=ada, text="Mine", first_frame=3)

    notes.delete(note, user=ada)
    assert notes.threads(task).shown == ()
    notes.restore(note, ada)

    assert [thread.text for thread in notes.threads(task).shown] == ["Mine"]


def test_what_a_producer_took_away_does_not_come_back_by_its_writer(task: GenerationTask, ada: User):
    note = notes.write(task, author=ada, text="Mine")
    notes.delete(note, user=make_user("Bob Reed", Role.PRODUCER))

    with pytest.raises(PermissionDenied):
        notes.restore(note, ada)

    assert notes.threads(task).shown == ()


def test_the_answers_of_others_outlive_a_deleted_note(task: GenerationTask, ada: User):
    note = notes.write(task, author=ada, text="Mine")
    notes.answer(note, author=make_user("Bob Reed"), text="I agree")

    notes.delete(note, user=ada)

    left = notes.threads(task).shown[0]
    assert (left.is_gone, left.text) == (True, "")
    assert [answer.text for answer in left.answers] == ["I agree"]


def test_a_reviewer_closes_a_thread_and_opens_it_again(task: GenerationTask, ada: User):
    note, reviewer = notes.write(task, author=ada, text="Slow"), make_user("Rex Reed", Role.REVIEWER)

    notes.mark_done(note, reviewer)
    assert notes.threads(task).shown[0].done_by == "Rex Reed"
    notes.mark_done(note, reviewer, is_done=False)

    assert not notes.threads(task).shown[0].is_done


def test_every_change_takes_a_number_of_the_change_counter(task: GenerationTask, ada: User):
    note = notes.write(task, author=ada, text="One")
    numbers = [note.revision]
    numbers.append(notes.edit(note, "Two", user=ada).revision)
    numbers.append(notes.mark_done(note, ada).revision)
    numbers.append(notes.delete(note, user=ada).revision)

    assert numbers == sorted(set(numbers))


def test_people_named_with_a_sign_are_told_once(task: GenerationTask, ada: User):
    mara, bob = make_user("Mara Lindqvist"), make_user("Bob Reed")

    note = notes.write(task, author=ada, text="@Mara Lindqvist and @bob: look, @Mara. Not mail@bob")
    notes.edit(note, "@Mara, @Bob Reed: look", user=ada)

    assert set(note.mentions.values_list("user", flat=True)) == {mara.pk, bob.pk}
    assert Notice.objects.filter(kind="mention").count() == 2
    assert str(note.note_id) in Notice.objects.filter(user=bob).get().path


def test_nobody_is_told_of_a_project_they_cannot_see(ada: User):
    project = make_project("Secret", is_open=False)
    project.members.add(ada)
    task = make_task(Status.SUCCEEDED, user=ada, project=project)
    make_user("Carol Stranger")

    note = notes.write(task, author=ada, text="@Carol Stranger, look")

    assert not note.mentions.exists()


def test_the_list_shows_the_newest_and_says_that_there_are_more(task: GenerationTask, ada: User):
    for number in range(5):
        notes.write(task, author=ada, text=f"Note {number}")

    part = notes.threads(task, wanted=Wanted(count=3))

    assert [thread.text for thread in part.shown] == ["Note 4", "Note 3", "Note 2"]
    assert (part.older, part.total, part.open_count) == (True, 5, 5)


def test_a_note_asked_for_by_name_is_shown_however_old_it_is(task: GenerationTask, ada: User):
    first = notes.write(task, author=ada, text="Note 0")
    answer = notes.answer(first, author=ada, text="Yes")
    for number in range(1, 5):
        notes.write(task, author=ada, text=f"Note {number}")

    part = notes.threads(task, wanted=Wanted(count=2, also=answer.note_id))

    assert [thread.text for thread in part.shown] == ["Note 4", "Note 3", "Note 0"]


def test_a_long_thread_shows_its_last_answers_and_counts_the_others(task: GenerationTask, ada: User):
    note = notes.write(task, author=ada, text="Talk")
    for number in range(9):
        notes.answer(note, author=ada, text=f"Answer {number}")

    part = notes.threads(task).shown[0]
    whole = notes.threads(task, wanted=Wanted(also=note.note_id)).shown[0]

    assert [answer.text for answer in part.answers] == [f"Answer {number}" for number in range(6, 9)]
    assert (part.earlier, len(whole.answers), whole.earlier) == (6, 9, 0)


def test_open_notes_and_ones_own_can_be_asked_for_alone(task: GenerationTask, ada: User):
    bob = make_user("Bob Reed")
    notes.mark_done(notes.write(task, author=ada, text="Done"), ada)
    notes.write(task, author=bob, text="Bob’s")

    assert [each.text for each in notes.threads(task, wanted=Wanted(which="open")).shown] == ["Bob’s"]
    mine = notes.threads(task, wanted=Wanted(which="mine", user=ada))
    assert [each.text for each in mine.shown] == ["Done"]


def test_a_list_of_many_notes_costs_three_queries(task: GenerationTask, ada: User, django_assert_num_queries):
    for number in range(30):
        notes.answer(notes.write(task, author=ada, text=f"Note {number}"), author=ada, text="Yes")

    with django_assert_num_queries(3):
        notes.threads(task, wanted=Wanted(user=ada))
