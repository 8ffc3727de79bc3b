"""What people do with files: name, role, voice, replace, delete with undo. Used files stay."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.files import library
from studio.models import Brief, LibraryFile, MediaFile, Reference
from studio.models.person import Role
from studio.storage import contents, store
from tests.factories import inbox, make_file, make_project, make_recipe, make_tasks, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(make_user())
    return client


def edit(client: Client, file: LibraryFile, **fields: str):
    return client.post(reverse("studio:file-edit", args=[file.pk]), fields)


def delete(client: Client, file: LibraryFile):
    return client.post(reverse("studio:file-delete", args=[file.pk]))


def said(response) -> list[str]:
    return [str(message) for message in response.wsgi_request._messages]


def test_a_file_gets_a_name_a_role_and_a_voice(ada: Client):
    file, voice = make_file(name="rabbit-turnaround"), make_file("audio", name="Hazel, sleepy")

    edit(ada, file, name="  Hazel\n", role="person", voice=str(voice.pk))

    file.refresh_from_db()
    assert (file.name, file.role, file.voice) == ("Hazel", "person", voice)


def test_what_is_not_sent_stays(ada: Client):
    file = make_file(name="Hazel", role="person")

    edit(ada, file, name="Hazel the second")

    file.refresh_from_db()
    assert file.role == "person"


def test_a_name_that_is_taken_gets_a_number(ada: Client):
    make_file(name="Hazel")
    other = make_file(name="Wren")

    edit(ada, other, name="Hazel")

    other.refresh_from_db()
    assert other.name == "Hazel 2"


@pytest.mark.parametrize("name", ["", "   ", "\u202e\u200b"])
def test_a_file_is_never_without_a_name(ada: Client, name: str):
    file = make_file(name="Hazel")

    edit(ada, file, name=name)

    file.refresh_from_db()
    assert file.name == "Hazel"


def test_a_picture_is_no_voice(ada: Client):
    file, other = make_file(name="Hazel"), make_file()

    edit(ada, file, voice=str(other.pk))

    file.refresh_from_db()
    assert file.voice is None


def test_extra_fields_change_nothing(ada: Client):
    file = make_file(name="Hazel")
    other = make_project()

    edit(ada, file, name="Hazel", project=str(other.pk), media="x", deleted_at="2020-01-01", added_by="1")

    file.refresh_from_db()
    assert (file.project, file.deleted_at) == (inbox(), None)


def test_a_deleted_file_is_gone_at_once_and_comes_back_with_undo(ada: Client):
    file = make_file(name="Hazel")

    response = delete(ada, file)
    gone = ada.get(reverse("studio:file", args=[file.pk])).status_code
    ada.post(reverse("studio:file-undelete"), {"clip": str(file.pk)})

    file.refresh_from_db()
    assert said(response) == ["Hazel was deleted."]
    assert gone == 404
    assert file.deleted_at is None


def test_a_file_that_a_clip_was_made_from_stays_and_says_so(ada: Client):
    file = make_file(name="Hazel")
    make_tasks(recipe=make_recipe([file]), takes=2)

    response = delete(ada, file)

    file.refresh_from_db()
    assert file.deleted_at is None
    assert said(response) == ["Hazel is part of 1 clip, so it stays here."]


def brief_of_bob(sent_at: datetime | None = None, **fields: object) -> Brief:
    bob = make_user("Bob")
    brief = Brief.objects.create(user=bob, **({"project": inbox()} | fields))
    Brief.objects.filter(pk=brief.pk).update(sent_at=sent_at)
    return brief


def place(file: LibraryFile | None = None, voice: LibraryFile | None = None) -> list[dict[str, str]]:
    held = {"file": str(file.pk) if file else "", "voice": str(voice.pk) if voice else ""}
    return [{"key": "abc234", "name": "", **held}]


@pytest.mark.parametrize(
    "sent_ago", [None, timedelta(minutes=1)], ids=["never sent", "changed since it was sent"]
)
@pytest.mark.parametrize("where", ["tray", "voice", "first frame", "another project"])
def test_a_file_in_a_clip_that_is_being_written_stays(ada: Client, where: str, sent_ago: timedelta | None):
    file = make_file(name="Hazel")
    fields = {
        "tray": {"tray": place(file)},
        "voice": {"tray": place(make_file(), voice=file)},
        "first frame": {"first_frame": str(file.pk)},
        "another project": {"tray": place(file), "project": make_project()},
    }
    brief_of_bob(timezone.now() - sent_ago if sent_ago else None, **fields[where])

    response = delete(ada, file)

    assert said(response) == ["Hazel is in a clip that is being written. Take it out there first."]


def test_a_file_set_aside_in_a_clip_that_was_sent_can_go(ada: Client):
    file = make_file(name="Hazel")
    brief_of_bob(timezone.now() + timedelta(minutes=1), tray=place(file))

    assert said(delete(ada, file)) == ["Hazel was deleted."]


def test_an_original_stays_while_its_fixed_copy_is_there(ada: Client):
    original = make_file(name="IMG_4410")
    make_file(name="IMG_4410, fixed", fixed_from=original)

    assert "Delete the fixed copy first." in said(delete(ada, original))[0]


def test_a_day_after_it_was_deleted_the_bytes_go_too():
    file = make_file()
    path = contents.path_of(file.media)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    library.delete(file)
    LibraryFile.objects.filter(pk=file.pk).update(deleted_at=timezone.now() - timedelta(hours=25))

    assert library.purge_deleted(timezone.now()) == 1
    assert not path.exists()
    assert not MediaFile.objects.exists()


def test_bytes_that_another_project_uses_stay():
    file = make_file()
    make_file(media=file.media, project=make_project())
    library.delete(file)
    LibraryFile.objects.filter(pk=file.pk).update(deleted_at=timezone.now() - timedelta(hours=25))

    library.purge_deleted(timezone.now())

    assert MediaFile.objects.filter(pk=file.media_id).exists()


def test_replacing_takes_the_name_and_leaves_finished_clips_as_they_were():
    old, new = make_file(name="Hazel", role="person"), make_file(name="hazel-new")
    make_tasks(recipe=make_recipe([old]))

    library.replace(old, new, keep_old=True)

    old.refresh_from_db()
    assert (new.name, new.role) == ("Hazel", "person")
    assert old.name == "Hazel, before"
    assert Reference.objects.get().file == old


def test_a_reviewer_changes_nothing(client: Client):
    client.force_login(make_user("Rita", role=Role.REVIEWER))
    file = make_file(name="Hazel")

    answers = [edit(client, file, name="x"), delete(client, file)]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_a_stranger_finds_nothing(client: Client):
    file = make_file(project=make_project(is_open=False))
    client.force_login(make_user("Carol"))

    for name in ("file", "fix"):
        assert client.get(reverse(f"studio:{name}", args=[file.pk])).status_code == 404
    for name in ("file-edit", "file-delete", "file-replace", "fix"):
        assert client.post(reverse(f"studio:{name}", args=[file.pk])).status_code == 404
    assert client.post(reverse("studio:file-undelete"), {"clip": str(file.pk)}).status_code == 404


def test_a_content_is_dropped_only_when_nothing_points_at_it():
    file = make_file()

    assert contents.drop_if_unused(file.media) is False
    assert store.file_path(file.media_id, "png") == contents.relative_path(file.media)
