"""From arrived bytes to a library file: checked, kept once, refused with a sentence, and nothing left behind."""

from __future__ import annotations

import errno
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio import housekeeping, media
from studio.files import library, repairs, uploads
from studio.models import LibraryFile, MediaFile, Upload, User
from studio.storage import contents, incoming, store
from tests.factories import inbox, make_project, make_user
from tests.media import making

pytestmark = pytest.mark.django_db


def arrive(path: Path, *, user=None, project=None, use: str = "any", filename: str = "") -> Upload:
    """An upload whose bytes are all here, but which nobody has looked at."""
    content = path.read_bytes()
    upload = incoming.begin(
        user=user or make_user(),
        project=project or inbox(),
        filename=filename or path.name,
        size=len(content),
        use=use,
    )
    incoming.receive(upload, offset=0, read=io.BytesIO(content).read)
    return upload


def bytes_left(settings) -> list[Path]:
    """Every stored file that is not a lock."""
    roots = [Path(settings.UPLOADS_DIR), Path(settings.MEDIA_DIR)]
    found = [path for root in roots for path in root.rglob("*") if path.is_file()]
    return [path for path in found if path.parent.name != "locks"]


def test_a_picture_becomes_a_library_file_with_our_own_pictures_of_it(tmp_path, settings):
    upload = arrive(making.picture(tmp_path / "Dawn meadow.jpg"))

    file = uploads.finish(upload)

    assert (file.name, file.original_name, file.kind) == ("Dawn meadow", "Dawn meadow.jpg", "image")
    assert contents.path_of(file.media).read_bytes() == (tmp_path / "Dawn meadow.jpg").read_bytes()
    assert (store.media_path(store.previews_path(file.media_id)) / file.media.previews["thumb"]).exists()
    assert list(Path(settings.UPLOADS_DIR).glob("*")) == []


def test_a_clip_and_a_voice_are_measured_from_their_bytes(tmp_path):
    clip = uploads.finish(arrive(making.clip(tmp_path / "a.mp4", seconds=2)))
    voice = uploads.finish(arrive(making.sound(tmp_path / "a.wav", seconds=3)))

    assert clip.media.facts["duration"] == pytest.approx(2.0, abs=0.2)
    assert voice.media.facts["duration"] == pytest.approx(3.0, abs=0.1)
    assert voice.role == "voice"
    assert len(voice.media.previews["peaks"]) == 48


def test_asking_twice_answers_the_same(tmp_path):
    upload = arrive(making.picture(tmp_path / "a.png"))

    first, second = uploads.finish(upload), uploads.finish(Upload.objects.get(pk=upload.pk))

    assert first.pk == second.pk
    assert LibraryFile.objects.count() == 1


def test_the_same_content_is_kept_once_under_one_name_per_project(tmp_path):
    path = making.picture(tmp_path / "a.png")
    rides = make_project()

    here = uploads.finish(arrive(path))
    again = uploads.finish(arrive(path, filename="another name.png"))
    there = uploads.finish(arrive(path, project=rides))

    assert here.pk == again.pk
    assert there.pk != here.pk
    assert MediaFile.objects.count() == 1


def test_a_deleted_file_comes_back_when_it_is_sent_again(tmp_path):
    path = making.picture(tmp_path / "a.png")
    file = uploads.finish(arrive(path))
    LibraryFile.objects.filter(pk=file.pk).update(deleted_at="2026-01-01T00:00:00Z")

    again = uploads.finish(arrive(path))

    assert again.pk == file.pk
    assert again.deleted_at is None


def test_two_files_of_one_name_are_told_apart(tmp_path):
    uploads.finish(arrive(making.picture(tmp_path / "cat.png", 300, 300)))

    second = uploads.finish(arrive(making.picture(tmp_path / "cat.jpg", 400, 300)))

    assert second.name == "cat 2"


def test_a_refused_file_leaves_a_sentence_and_no_bytes(tmp_path, settings):
    path = tmp_path / "notes.png"
    path.write_text("these are notes")
    upload = arrive(path)

    with pytest.raises(uploads.Refused) as refused:
        uploads.finish(upload)

    assert "notes" not in repr(bytes_left(settings))
    assert bytes_left(settings) == []
    assert not MediaFile.objects.exists()
    with pytest.raises(uploads.Refused, match=refused.value.sentence[:20]):
        uploads.finish(Upload.objects.get(pk=upload.pk))


def test_a_picture_that_is_too_small_is_refused_with_its_measured_size(tmp_path, settings):
    upload = arrive(making.picture(tmp_path / "flower-icon.png", 180, 180))

    with pytest.raises(uploads.Refused, match=r"flower-icon\.png is too small to use\. It is 180 × 180"):
        uploads.finish(upload)
    assert bytes_left(settings) == []


def test_a_sound_is_not_taken_as_a_picture(tmp_path):
    with pytest.raises(uploads.Refused):
        uploads.finish(arrive(making.sound(tmp_path / "a.wav"), use="picture"))


def test_half_a_file_can_not_be_finished(tmp_path):
    upload = incoming.begin(user=make_user(), project=inbox(), filename="a.png", size=100, use="any")

    with pytest.raises(uploads.Gone):
        uploads.finish(upload)
    assert not LibraryFile.objects.exists()


def test_a_preview_that_fails_leaves_a_placeholder_and_keeps_the_file(tmp_path, monkeypatch):
    def broken(*args):
        raise media.ChildFailed("crashed")

    monkeypatch.setattr(media, "make_previews", broken)

    file = uploads.finish(arrive(making.picture(tmp_path / "a.png")))

    assert file.media.previews == {}


def test_a_file_that_is_too_heavy_to_read_is_refused(tmp_path, monkeypatch, settings):
    def killed(*args):
        raise media.ChildFailed("memory")

    monkeypatch.setattr(media, "inspect", killed)

    with pytest.raises(uploads.Refused, match="more time or memory"):
        uploads.finish(arrive(making.picture(tmp_path / "a.png")))
    assert bytes_left(settings) == []


def test_a_disk_that_fills_up_refuses_nothing_for_good(client: Client, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    user = make_user()
    client.force_login(user)
    upload = arrive(making.picture(tmp_path / "a.png"), user=user)
    finish = reverse("studio:upload-finish", args=[upload.pk])
    with monkeypatch.context() as patched:
        patched.setattr(store, "publish", full)
        refused = client.post(finish)

    assert (refused.status_code, refused.json()["summary"]) == (
        507,
        "The studio's disk is full. Ask whoever looks after it to make room.",
    )
    assert client.post(finish).status_code == 200
    assert LibraryFile.objects.get().name == "a"


@pytest.mark.parametrize(
    "crash_at",
    ["studio.files.library.adopt", "studio.storage.contents._previews", "studio.storage.store.publish"],
)
def test_after_a_crash_in_the_middle_the_same_upload_can_be_finished(
    tmp_path, monkeypatch, settings, crash_at
):
    upload = arrive(making.picture(tmp_path / "a.png"))

    def crash(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(crash_at, crash)
        with pytest.raises(KeyboardInterrupt):
            uploads.finish(upload)
    assert not MediaFile.objects.exists()

    file = uploads.finish(Upload.objects.get(pk=upload.pk))

    assert contents.path_of(file.media).exists()
    assert list(contents.without_row(older_than=-5)) == []
    assert list(contents.without_file()) == []
    assert list(Path(settings.UPLOADS_DIR).glob("*")) == []


def test_what_a_crash_left_without_a_row_is_swept(tmp_path):
    stray = store.media_path(store.file_path("ab" * 32, "png"))
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"x")
    kept = uploads.finish(arrive(making.picture(tmp_path / "a.png")))

    assert contents.sweep(older_than=-5) == 1
    assert not stray.exists()
    assert contents.path_of(kept.media).exists()


def test_a_phone_picture_is_saved_as_jpeg_unasked_and_the_original_stays(tmp_path):
    path = tmp_path / "IMG_2207.HEIC"
    making.drawn(400, 300).save(path, "HEIF")
    user = make_user()
    original = uploads.finish(arrive(path, user=user))

    ready = repairs.unasked(original, use=media.Use.PICTURE, user=user)
    original.refresh_from_db()

    assert (ready.name, ready.media.extension) == ("IMG_2207", "jpg")
    assert (original.name, original.media.extension) == ("IMG_2207, original", "heic")
    assert ready.fixed_from == original
    assert uploads.verdict_for(ready, media.Use.PICTURE).outcome == media.Outcome.ACCEPT
    assert repairs.unasked(original, use=media.Use.PICTURE, user=user).pk == ready.pk


def heic_arrives(path: Path, user: User) -> tuple[str, str]:
    """What the file to use and the file that came are called."""
    original = uploads.finish(arrive(path, user=user))
    ready = repairs.unasked(original, use=media.Use.PICTURE, user=user)
    original.refresh_from_db()
    assert ready.fixed_from == original
    return ready.name, original.name


def test_a_phone_picture_that_comes_again_after_its_copy_was_deleted_keeps_its_names(tmp_path):
    path, user = tmp_path / "IMG_2207.HEIC", make_user()
    making.drawn(400, 300).save(path, "HEIF")
    heic_arrives(path, user)

    for _ in range(2):
        library.delete(LibraryFile.objects.get(name="IMG_2207"))
        names = heic_arrives(path, user)

    assert names == ("IMG_2207", "IMG_2207, original")


def test_a_phone_picture_that_comes_again_after_both_were_deleted_keeps_its_names(tmp_path):
    path, user = tmp_path / "IMG_2207.HEIC", make_user()
    making.drawn(400, 300).save(path, "HEIF")
    heic_arrives(path, user)
    library.delete(LibraryFile.objects.get(name="IMG_2207"))
    library.delete(LibraryFile.objects.get(name="IMG_2207, original"))

    assert heic_arrives(path, user) == ("IMG_2207", "IMG_2207, original")


def test_a_phone_picture_that_comes_again_after_its_repair_was_undone_is_repaired_again(tmp_path):
    path, user = tmp_path / "IMG_2207.HEIC", make_user()
    making.drawn(400, 300).save(path, "HEIF")
    heic_arrives(path, user)
    original = repairs.undo(LibraryFile.objects.get(name="IMG_2207"))

    assert original.name == "IMG_2207"
    assert heic_arrives(path, user) == ("IMG_2207", "IMG_2207, original")


def test_a_repair_that_changes_the_picture_is_not_done_unasked(tmp_path):
    path = tmp_path / "tall.png"
    file = uploads.finish(arrive(making.picture(path, 300, 3000)))

    assert repairs.unasked(file, use=media.Use.PICTURE, user=make_user()).pk == file.pk


def test_the_page_gets_the_verdict_in_one_line(client: Client, tmp_path):
    user = make_user()
    client.force_login(user)
    good = arrive(making.picture(tmp_path / "good.png"), user=user)
    bad = arrive(making.picture(tmp_path / "icon.png", 100, 100), user=user)

    fine = client.post(reverse("studio:upload-finish", args=[good.pk]))
    refused = client.post(reverse("studio:upload-finish", args=[bad.pk]))

    assert fine.json()["outcome"] == "accept"
    assert fine.json()["thumb"] == reverse("studio:file-picture", args=[fine.json()["file"], "thumb"])
    assert refused.status_code == 422
    assert refused.json()["summary"].startswith("icon.png is too small to use.")


def test_an_upload_that_did_not_arrive_whole_is_409(client: Client):
    user = make_user()
    client.force_login(user)
    upload = incoming.begin(user=user, project=inbox(), filename="a.png", size=100, use="any")

    assert client.post(reverse("studio:upload-finish", args=[upload.pk])).status_code == 409


def test_a_plain_form_takes_several_files_and_judges_each(client: Client, tmp_path):
    client.force_login(make_user())
    paths = [making.picture(tmp_path / "good.png"), making.picture(tmp_path / "icon.png", 100, 100)]
    sent = [path.open("rb") for path in paths]

    response = client.post(
        reverse("studio:upload-plain"),
        {"files": sent, "project": inbox().pk, "next": "/library/files/"},
        follow=False,
    )

    said = [str(message) for message in response.wsgi_request._messages]
    assert response["Location"] == "/library/files/"
    assert [file.name for file in LibraryFile.objects.all()] == ["good"]
    assert said[0].startswith("good is ready to use")
    assert said[1].startswith("icon.png is too small to use")


@pytest.mark.parametrize(
    "away", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"]
)
def test_the_plain_form_never_leads_off_the_site(client: Client, away: str):
    client.force_login(make_user())

    response = client.post(reverse("studio:upload-plain"), {"project": inbox().pk, "next": away})

    assert response["Location"] == reverse("studio:files")


def test_a_field_that_the_plain_form_does_not_have_keeps_no_file_out(client: Client, tmp_path):
    client.force_login(make_user())
    form = {"files": making.picture(tmp_path / "good.png").open("rb"), "project": inbox().pk, "brief": "none"}

    client.post(reverse("studio:upload-plain"), form)

    assert [file.name for file in LibraryFile.objects.all()] == ["good"]


def test_abandoned_uploads_are_forgotten_with_their_bytes(tmp_path, settings):
    upload = arrive(making.picture(tmp_path / "a.png"))
    Upload.objects.filter(pk=upload.pk).update(expires_at=timezone.now() - timedelta(hours=1))

    assert housekeeping.forget_abandoned_uploads(timezone.now()) == 1
    assert bytes_left(settings) == []
