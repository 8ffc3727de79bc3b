"""Bringing a clip home from a place where everything goes wrong (T-08, T-09, T-11, T-12)."""

from __future__ import annotations

import errno
import itertools
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio import invariants, lifecycle, loose_clips, media
from studio.models import ChargeState, GenerationTask, Status, Trouble
from studio.providers import download
from studio.steps import results
from studio.storage import store
from tests.factories import make_user
from tests.paid.conftest import Shop, Times
from tests.simulators.options import NAMES

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

GONE = ["forbidden", "not_found", "expired"]
AWAY = ["hang", "drip", "cut", "endless", "gzip_bomb", "reset_before", "redirect"]
NEVER_A_CLIP = ["wrong_type", "wrong_label", "huge", "not_decodable", "half_film"]


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a minute of silence is half a second here, and a gigabyte is three megabytes."""
    monkeypatch.setattr(download, "READ_SECONDS", 0.5)
    monkeypatch.setattr(results, "RESULT_AT_MOST", 3_000_000)


def stored_files() -> list[Path]:
    return [path for path in Path(django_settings.MEDIA_DIR).rglob("clips/**/*") if path.is_file()]


def left_behind() -> list[Path]:
    """What lies in the folder for unfinished things."""
    scratch = store.scratch_dir()
    scratch.rmdir()
    return [path for path in scratch.parent.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "what"), [*zip(itertools.cycle(NAMES), GONE + AWAY + NEVER_A_CLIP, strict=False)]
)
def test_t09_nothing_half_is_shown_while_it_goes_wrong_and_the_clip_comes_when_it_ends(
    shop: Shop, what: str, monkeypatch: pytest.MonkeyPatch
):
    task = shop.made()
    shop.here.fault("result", what, count=2, seconds=5)

    with monkeypatch.context() as patched:
        if what == "drip":
            patched.setattr(results, "RESULT_SECONDS", 1.0)
        for _ in range(2):
            shop.step()
            task.refresh_from_db()
            assert (task.status, task.clip, bool(task.trouble)) == (Status.SAVING, None, True)
            assert (stored_files(), left_behind()) == ([], [])
    shop.step()

    task.refresh_from_db()
    assert (task.status, task.trouble) == (Status.SUCCEEDED, ""), task.error_detail
    assert shop.charge(task).state == ChargeState.SETTLED


@pytest.mark.parametrize("name", ["modelstream"])
@pytest.mark.parametrize("what", NEVER_A_CLIP)
def test_t09_what_never_becomes_a_clip_ends_in_a_sentence_and_can_be_fetched_again(shop: Shop, what: str):
    task = shop.made()
    shop.here.fault("result", what, count=None)

    for _ in range(8):
        shop.step()

    task.refresh_from_db()
    assert (task.status, task.next_at, stored_files()) == (Status.FAILED, None, [])
    assert task.error_message.endswith(".")
    assert shop.charge(task).state == ChargeState.SETTLED
    shop.here.simulator.script.clear()
    assert lifecycle.fetch_again(task, make_user())
    shop.step()
    task.refresh_from_db()
    assert task.status == Status.SUCCEEDED


@pytest.mark.parametrize("name", ["apiframe"])
@pytest.mark.parametrize("what", [*GONE, "cut", "gzip_bomb", "reset_before"])
def test_t09_what_never_comes_ends_when_the_provider_no_longer_holds_it(shop: Shop, times: Times, what: str):
    task = shop.made()
    shop.here.fault("result", what, count=None)
    for _ in range(5):
        shop.step()
        task.refresh_from_db()
        assert (task.status, task.trouble) == (Status.SAVING, Trouble.RESULT)
        times.push(hours=4.5)

    times.push(hours=3)
    shop.step()

    task.refresh_from_db()
    assert (task.status, task.error_category, task.next_at) == (Status.FAILED, "expired", None)
    assert "couldn’t be copied here" in task.error_message
    assert task.job_id == shop.jobs()[0].id


@pytest.mark.parametrize("name", ["apiframe"])
def test_t09_a_clip_that_is_far_too_short_is_fetched_again(shop: Shop):
    task = shop.made(settings={"duration": 5})
    shop.here.fault("result", "short_film")

    shop.step()
    task.refresh_from_db()
    assert (task.status, stored_files()) == (Status.SAVING, [])
    shop.step()

    task.refresh_from_db()
    assert task.status == Status.SUCCEEDED
    assert task.clip.duration == pytest.approx(5, abs=0.5)


@pytest.mark.parametrize("name", ["dashscope"])
def test_t09_a_clip_that_stays_too_short_is_kept_because_it_is_what_was_made(shop: Shop):
    task = shop.made(settings={"duration": 5})
    shop.here.fault("result", "short_film", count=None)

    for _ in range(8):
        shop.step()

    task.refresh_from_db()
    assert task.status == Status.SUCCEEDED
    assert task.clip.duration == pytest.approx(1, abs=0.3)


@pytest.mark.parametrize("name", ["modelstream"])
def test_t09_what_is_ready_is_what_lay_there_whole(shop: Shop):
    task = shop.made(settings={"duration": 2})

    shop.step()

    task.refresh_from_db()
    path = store.media_path(task.clip.path)
    assert (store.sha256_of(path), path.stat().st_size) == (task.clip.sha256, task.clip.size_bytes)


def test_t08_a_stale_address_is_asked_for_anew(shop: Shop):
    task = shop.made()
    shop.here.fault("result", "expired")
    shop.step()
    asked = len(shop.here.simulator.ledger.requests("status"))
    shop.here.fault("result", "not_found")

    shop.step()

    assert len(shop.here.simulator.ledger.requests("status")) == asked + 1
    shop.step()
    task.refresh_from_db()
    assert task.status == Status.SUCCEEDED


@pytest.mark.parametrize("name", ["modelstream"])
def test_t08_an_address_where_nobody_answers_is_asked_for_anew(shop: Shop):
    task = shop.made()
    shop.here.fault("status", "result_address", location="http://127.0.0.1:9/nobody.mp4")

    shop.finish(task)

    assert task.status == Status.SUCCEEDED
    assert "127.0.0.1:9/" not in task.result_url


@pytest.mark.parametrize("name", ["modelstream"])
def test_t08_a_result_that_has_not_come_for_an_hour_raises_an_alarm(
    shop: Shop, times: Times, caplog: pytest.LogCaptureFixture
):
    task = shop.made()
    shop.here.fault("result", "forbidden", count=None)
    shop.step()
    times.push(minutes=61)

    with caplog.at_level(logging.ERROR):
        shop.step()

    alarms = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert any(str(task.task_id) in record.getMessage() for record in alarms)


def test_t08_a_result_that_its_provider_no_longer_holds_is_said_at_once_or_in_time(shop: Shop, times: Times):
    shop.here.fault("job", "expired")
    task = shop.made()

    for _ in range(3):
        shop.step()
    task.refresh_from_db()
    if shop.connection.provider == "apiframe":  # it says so
        assert task.status == Status.EXPIRED
        assert shop.charge(task).state == ChargeState.SETTLED
        return
    times.push(hours=24, minutes=5)
    shop.step()

    task.refresh_from_db()
    assert task.status in {Status.EXPIRED, Status.FAILED}
    assert (task.next_at, bool(task.job_id)) == (None, True)
    assert shop.charge(task).state in {ChargeState.RESERVED, ChargeState.SETTLED}


@pytest.mark.parametrize("name", ["dashscope"])
def test_t11_a_full_disk_makes_the_clip_wait_and_leaves_nothing_behind(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    task = shop.made()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(store, "publish", full)
        for _ in range(3):
            shop.step()
        task.refresh_from_db()
        assert (task.status, task.trouble, task.clip) == (Status.SAVING, Trouble.STORING, None)
        assert left_behind() == []

    shop.step()

    task.refresh_from_db()
    assert task.status == Status.SUCCEEDED


@pytest.mark.parametrize(
    "problem", [media.ChildFailed("died"), media.UnreadableMedia("x", "It can’t be read.")]
)
@pytest.mark.parametrize("name", ["apiframe"])
def test_t12_a_clip_without_a_poster_is_ready_all_the_same(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, problem: Exception
):
    def fail(*_: object, **__: object) -> None:
        raise problem

    task = shop.made()
    monkeypatch.setattr(media, "make_previews", fail)

    shop.step()

    task.refresh_from_db()
    assert (task.status, task.clip.previews) == (Status.SUCCEEDED, {})
    client = Client()
    client.force_login(make_user())
    assert client.get(reverse("studio:clip", args=[task.task_id])).status_code == 200
    assert client.get(reverse("studio:library")).status_code == 200


@pytest.mark.parametrize("name", ["modelstream"])
def test_t12_a_child_that_dies_while_the_clip_is_checked_is_a_reason_to_check_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    def die(*_: object, **__: object) -> None:
        raise media.ChildFailed("died")

    task = shop.made()
    with monkeypatch.context() as patched:
        patched.setattr(media, "check_clip", die)
        shop.step()
    task.refresh_from_db()
    assert task.status == Status.SAVING

    shop.step()

    assert GenerationTask.objects.get(pk=task.pk).status == Status.SUCCEEDED


def died_before_its_row(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> GenerationTask:
    """A take whose clip was stored by a worker that died before it could say so."""

    def die(*_: object) -> bool:
        raise KeyboardInterrupt

    task = shop.made()
    with monkeypatch.context() as patched:
        patched.setattr(lifecycle, "succeed", die)
        with pytest.raises(KeyboardInterrupt):
            shop.step()
    GenerationTask.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert loose_clips.noted() == {store.clip_path(task.task_id)}
    return task


def test_t01_a_copy_whose_worker_died_is_used_though_it_can_no_longer_be_had(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    task = died_before_its_row(shop, monkeypatch)
    shop.here.fault("result", "expired", count=None)

    loose_clips.finish_begun(timezone.now() + 2 * loose_clips.NOTE_KEEPS)
    shop.finish(task)

    assert (task.status, loose_clips.noted()) == (Status.SUCCEEDED, set())
    assert invariants.broken() == []


def test_t01_what_a_dead_worker_left_goes_once_its_take_has_failed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    task = died_before_its_row(shop, monkeypatch)
    store.media_path(store.clip_path(task.task_id)).write_bytes(b"no film")

    shop.finish(task)

    assert task.status == Status.FAILED
    assert (stored_files(), loose_clips.noted(), invariants.broken()) == ([], set(), [])
