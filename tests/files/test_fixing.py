"""Fix it for me: asked for, done by a worker, kept beside the original, put into the form; safe to kill."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio import media
from studio.files import fixing, repairs, uploads
from studio.models import Brief, FixJob, LibraryFile
from studio.models.fix_job import FixState
from tests.factories import inbox, make_file, make_recipe, make_tasks, make_user
from tests.media import making

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def ada(client: Client, user) -> Client:
    client.force_login(user)
    return client


@pytest.fixture
def tall(tmp_path, user) -> LibraryFile:
    path = making.picture(tmp_path / "counter-strip.jpg", 300, 3000)
    return uploads.store_bytes(path, filename=path.name, project=inbox(), user=user, use="picture")


def work() -> None:
    for job, token in fixing.claim_due(timezone.now()):
        fixing.work_on(job, token)


def ask(file: LibraryFile, user, **fields) -> FixJob:
    choices = fields.pop("choices", media.FixChoices())
    return fixing.start(file, use=media.Use.PICTURE, choices=choices, user=user, **fields)


def test_the_fixed_copy_is_a_new_file_and_the_original_is_untouched(tall, user):
    before = tall.media.sha256
    job = ask(tall, user)

    work()

    job.refresh_from_db()
    tall.refresh_from_db()
    assert (job.state, job.progress) == (FixState.DONE, 100)
    assert job.result.fixed_from == tall
    assert job.result.name == "counter-strip, fixed"
    assert uploads.verdict_for(job.result, media.Use.PICTURE).outcome == media.Outcome.ACCEPT
    assert tall.media.sha256 == before


def test_a_kept_stretch_of_a_clip_has_the_chosen_length(tmp_path, user):
    path = making.clip(tmp_path / "IMG_4410.mp4", seconds=33)
    file = uploads.store_bytes(path, filename=path.name, project=inbox(), user=user, use="clip")
    job = fixing.start(file, use=media.Use.CLIP, choices=media.FixChoices(start=14.0, end=18.0), user=user)

    work()

    job.refresh_from_db()
    assert job.state == FixState.DONE, job.sentence
    assert job.result.media.facts["duration"] == pytest.approx(4.0, abs=0.3)
    assert "0:14 to 0:18" in job.result.fix["done"]


def test_the_copy_takes_the_original_s_place_in_the_form(tall, user):
    tray = [{"key": "abc234", "file": str(tall.pk), "voice": "", "name": "Strip", "kind": "image"}]
    brief = Brief.objects.create(user=user, project=inbox(), tray=tray)
    job = ask(tall, user, brief=brief, place="replace:abc234")

    work()

    job.refresh_from_db()
    brief.refresh_from_db()
    assert brief.tray[0]["key"] == "abc234"
    assert brief.tray[0]["file"] == str(job.result_id)


def test_a_second_press_finds_the_first_job(tall, user):
    assert ask(tall, user).pk == ask(tall, user).pk


def test_a_job_whose_worker_died_is_done_by_the_next_one(tall, user):
    job = ask(tall, user)
    [(pk, dead_token)] = fixing.claim_due(timezone.now())
    assert fixing.claim_due(timezone.now()) == []

    later = timezone.now() + fixing.LEASE + timedelta(seconds=1)
    [(pk, token)] = fixing.claim_due(later)
    fixing.work_on(pk, token)
    fixing.work_on(pk, dead_token)

    job.refresh_from_db()
    assert job.state == FixState.DONE
    assert LibraryFile.objects.count() == 2


def test_a_job_that_kills_its_worker_every_time_ends_with_a_sentence(tall, user):
    job = ask(tall, user)
    FixJob.objects.filter(pk=job.pk).update(tries=fixing.TRIES_AT_MOST)

    work()

    job.refresh_from_db()
    assert job.state == FixState.FAILED
    assert "The original is kept" in job.sentence


def test_a_stopped_job_makes_nothing(tall, user):
    job = ask(tall, user)
    [(pk, token)] = fixing.claim_due(timezone.now())

    assert fixing.stop(job)
    fixing.work_on(pk, token)

    assert LibraryFile.objects.count() == 1
    assert not fixing.stop(job)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_job_stopped_while_it_works_ends_its_child(monkeypatch):
    monkeypatch.setattr(fixing, "LOOK_EVERY_SECONDS", 0.01)
    file, user = make_file(), make_user()
    job = ask(file, user)
    [(pk, token)] = fixing.claim_due(timezone.now())
    seen = threading.Event()

    def wait_for_the_stop(*args, cancel, **kwargs):
        fixing.stop(job)
        assert cancel.wait(10)
        seen.set()
        raise media.ChildCancelled

    monkeypatch.setattr(repairs, "make_copy", wait_for_the_stop)

    fixing.work_on(pk, token)

    job.refresh_from_db()
    assert seen.is_set()
    assert job.state == FixState.STOPPED


def test_a_repair_that_fails_says_so_and_keeps_the_original(tall, user, monkeypatch):
    def crash(*args, **kwargs):
        raise media.ChildFailed("memory")

    monkeypatch.setattr(media, "fix", crash)
    job = ask(tall, user)

    work()

    job.refresh_from_db()
    assert (job.state, job.sentence) == (FixState.FAILED, fixing.FAILED_SENTENCE)


def test_progress_only_goes_on(tall, user):
    job = ask(tall, user)
    [(pk, token)] = fixing.claim_due(timezone.now())

    for share in (0.2, 0.7, 0.4, 1.0):
        fixing._report(pk, token, share)
    fixing._report(pk, uuid4(), 0.99)

    job.refresh_from_db()
    assert job.progress == 99


def test_the_drawer_names_each_repair_with_its_measured_value(ada, tall):
    html = ada.get(reverse("studio:fix", args=[tall.pk]), {"use": "picture"}, headers=HX).content.decode()

    assert "Fix counter-strip.jpg for this picture" in html
    assert "One thing stands in the way." in html
    assert "300 × 3,000 is 1 to 10; the model takes up to 1 to 8." in html
    assert "counter-strip.jpg itself is not touched." in html
    assert "Free" in html


def test_the_drawer_is_a_page_without_scripts(ada, tall):
    html = ada.get(reverse("studio:fix", args=[tall.pk]), {"use": "picture"}).content.decode()

    assert "<!doctype html>" in html
    assert f'action="{reverse("studio:fix", args=[tall.pk])}"' in html


def test_pressing_starts_a_job_and_asks_every_second(ada, tall):
    answer = ada.post(
        reverse("studio:fix", args=[tall.pk]), {"use": "picture", "do": ["pad"], "pad": "white"}, headers=HX
    )

    job = FixJob.objects.get()
    assert job.choices["pad"] == "white"
    assert 'hx-trigger="every 1s"' in answer.content.decode()


def test_an_unchanged_poll_is_204_and_the_end_is_told_to_the_page(ada, tall):
    ada.post(reverse("studio:fix", args=[tall.pk]), {"use": "picture", "do": ["pad"]}, headers=HX)
    url = reverse("studio:fix-job", args=[FixJob.objects.get().pk])

    quiet = ada.get(url, {"seen": "waiting-0"}, headers=HX)
    work()
    done = ada.get(url, {"seen": "waiting-0"}, headers=HX)

    job = FixJob.objects.get()
    assert quiet.status_code == 204
    assert str(job.result_id) in done["HX-Trigger"]
    assert "every 1s" not in done.content.decode()


def test_everything_unchecked_is_answered_with_a_sentence(ada, tall):
    answer = ada.post(reverse("studio:fix", args=[tall.pk]), {"use": "picture"}, headers=HX)

    assert answer.status_code == 422
    assert "there is nothing to do" in answer.content.decode()
    assert not FixJob.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"use": "nonsense"},
        {"use": "picture", "rotate": "45"},
        {"use": "picture", "background": "red"},
        {"use": "picture", "start": "9", "end": "2"},
        {"use": "picture", "start": "nan"},
        {"use": "picture", "do": ["explode"]},
        {"use": "clip", "do": ["pad"]},
    ],
)
def test_choices_that_do_not_exist_are_refused_kindly(ada, tall, fields):
    answer = ada.post(reverse("studio:fix", args=[tall.pk]), fields, headers=HX)

    assert answer.status_code == 422
    assert not FixJob.objects.exists()


def test_several_files_are_fixed_with_one_press(ada, tall, tmp_path, user):
    path = making.picture(tmp_path / "wide.jpg", 3000, 300)
    wide = uploads.store_bytes(path, filename=path.name, project=inbox(), user=user, use="picture")
    ids = {"file": [str(tall.pk), str(wide.pk)]}

    offer = ada.get(reverse("studio:fix-offer"), ids | {"of": "7"}, headers=HX).content.decode()
    ada.post(reverse("studio:fix-all"), ids, headers=HX)
    work()
    jobs = {"job": [str(job.pk) for job in FixJob.objects.all()]}
    done = ada.get(reverse("studio:fix-all-progress"), jobs, headers=HX)

    assert "2 of 7 files need fixing" in offer
    assert "2 of 2 fixed." in done.content.decode()
    assert "files-fixed" in done["HX-Trigger"]


def test_nobody_else_sees_or_stops_a_job(tall, user, client):
    job = ask(tall, user)
    client.force_login(make_user("Bob"))

    assert client.get(reverse("studio:fix-job", args=[job.pk])).status_code == 404
    assert client.post(reverse("studio:fix-stop", args=[job.pk])).status_code == 404


def test_the_offer_counts_only_what_is_still_to_be_fixed_and_goes_when_nothing_is(ada, tall, tmp_path, user):
    path = making.picture(tmp_path / "wide.jpg", 3000, 300)
    wide = uploads.store_bytes(path, filename=path.name, project=inbox(), user=user, use="picture")
    asked = {"file": [str(tall.pk), str(wide.pk)], "of": "7"}

    both = ada.get(reverse("studio:fix-offer"), asked, headers=HX).content.decode()
    ask(tall, user)
    work()
    one = ada.get(reverse("studio:fix-offer"), asked, headers=HX).content.decode()
    ask(wide, user)
    work()
    none = ada.get(reverse("studio:fix-offer"), asked, headers=HX)

    assert "2 of 7 files need fixing" in both
    assert "1 of 7 files needs fixing" in one
    assert "counter-strip.jpg" not in one
    assert (none.status_code, none.content) == (200, b"")


def test_the_offer_listens_for_files_that_are_fixed_one_by_one(ada, tall):
    html = ada.get(
        reverse("studio:fix-offer"), {"file": str(tall.pk), "of": "2"}, headers=HX
    ).content.decode()

    assert 'data-hx-trigger="file-fixed from:body"' in html


def test_fix_all_leaves_alone_what_was_fixed_meanwhile(ada, tall, user):
    ask(tall, user)
    work()

    ada.post(reverse("studio:fix-all"), {"file": str(tall.pk)}, headers=HX)

    assert FixJob.objects.count() == 1


def test_an_unasked_repair_is_undone_in_the_library_and_the_original_has_its_name_again(ada, tmp_path, user):
    path = making.picture(tmp_path / "IMG_2207.bmp", 640, 480)
    came = uploads.store_bytes(path, filename=path.name, project=inbox(), user=user, use="picture")
    copy = repairs.make_copy(
        came, use=media.Use.PICTURE, choices=media.FixChoices(rotate=90), user=user, is_unasked=True
    )
    LibraryFile.objects.filter(pk=came.pk).update(name="IMG_2207, original")
    LibraryFile.objects.filter(pk=copy.pk).update(name="IMG_2207")

    answer = ada.post(reverse("studio:fix-undo", args=[copy.pk]))

    came.refresh_from_db()
    copy.refresh_from_db()
    assert answer["Location"] == reverse("studio:file", args=[came.pk])
    assert came.name == "IMG_2207"
    assert copy.deleted_at is not None


def test_a_copy_that_a_clip_was_made_from_stays_and_says_so(ada, tall, user):
    job = ask(tall, user)
    work()
    job.refresh_from_db()
    make_tasks(user=user, recipe=make_recipe([job.result]))

    answer = ada.post(reverse("studio:fix-undo", args=[job.result_id]), follow=True)

    job.result.refresh_from_db()
    assert job.result.deleted_at is None
    assert "is part of 1 clip" in answer.content.decode()


def test_a_file_as_it_came_has_nothing_to_undo(ada, tall):
    answer = ada.post(reverse("studio:fix-undo", args=[tall.pk]), follow=True)

    assert "There is nothing to undo." in answer.content.decode()
