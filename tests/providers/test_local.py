"""Free drafts as a provider: jobs in files, drawn once, in order, and stoppable."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from studio.drafts import making
from studio.drafts.making import Rendered
from studio.drafts.request import DraftRequest
from studio.media.errors import ChildCancelled, ChildFailed, UnreadableMedia
from studio.providers import local_queue
from studio.providers.base import ErrorCategory, ProviderError, ReferenceInput, Snapshot, State, VideoRequest
from studio.providers.local import LocalDrafts
from studio.providers.local_jobs import JobFolder
from tests.waiting import wait_until

DONE = Rendered(width=1280, height=720, frames=60, scenes=1)


class Studio:
    """Stands in for the renderer: draws when it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.drawn: list[str] = []
        self.begun = threading.Semaphore(0)
        self.may_finish = threading.Event()
        self.may_finish.set()
        self.troubles: list[Exception] = []
        self.at_once = 0
        self.most_at_once = 0

    def make(
        self,
        request: DraftRequest,
        out: Path,
        *,
        on_progress: Callable[[float], None],
        cancel: threading.Event,
    ) -> Rendered:
        self.drawn.append(request.prompt)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            on_progress(0.5)
            out.write_bytes(b"half")
            self.begun.release()
            while not self.may_finish.wait(0.01):
                on_progress(0.5)
                if cancel.is_set():
                    raise ChildCancelled
            if self.troubles:
                raise self.troubles.pop(0)
            out.write_bytes(b"whole")
            return DONE
        finally:
            self.at_once -= 1


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch) -> Studio:
    one = Studio()
    monkeypatch.setattr(making, "make", one.make)
    monkeypatch.setattr(local_queue, "PAUSE_AFTER_TROUBLE", 0.05)
    return one


def wanted(tmp_path: Path, prompt: str = "Image 1 waits.", **more: Any) -> VideoRequest:
    path = tmp_path / "a.png"
    if not path.exists():
        Image.new("RGB", (640, 360), "teal").save(path)
    more.setdefault("duration", 2)
    return VideoRequest(prompt=prompt, references=(ReferenceInput(kind="image", url=path.as_uri()),), **more)


def ended(drafts: LocalDrafts, job_id: str, *, seconds: float = 30) -> Snapshot:
    """The first answer that is final."""
    final = {State.SUCCEEDED, State.FAILED, State.CANCELED}
    assert wait_until(lambda: drafts.fetch(job_id).state in final, seconds=seconds)
    return drafts.fetch(job_id)


def clip_of(snapshot: Snapshot) -> Path:
    assert snapshot.video_url.startswith("file://")
    return Path(snapshot.video_url.removeprefix("file://"))


def test_a_draft_is_made_by_a_real_child_and_can_be_played(tmp_path: Path) -> None:
    drafts = LocalDrafts(tmp_path / "jobs")

    job_id = drafts.submit(wanted(tmp_path, ratio="1:1"), key="one")
    snapshot = ended(drafts, job_id, seconds=60)

    assert (snapshot.state, snapshot.progress) == (State.SUCCEEDED, 100)
    with av.open(str(clip_of(snapshot))) as container:
        assert (container.streams.video[0].width, container.streams.video[0].frames) == (960, 60)


def test_submitting_returns_before_anything_is_drawn(tmp_path: Path, studio: Studio) -> None:
    studio.may_finish.clear()
    drafts = LocalDrafts(tmp_path / "jobs")

    started = time.monotonic()
    job_id = drafts.submit(wanted(tmp_path), key="one")

    assert time.monotonic() - started < 1
    assert drafts.fetch(job_id).state in {State.QUEUED, State.RUNNING}
    studio.may_finish.set()
    assert ended(drafts, job_id).state == State.SUCCEEDED


def test_the_same_key_is_the_same_job(tmp_path: Path, studio: Studio) -> None:
    drafts = LocalDrafts(tmp_path / "jobs")

    ids = {drafts.submit(wanted(tmp_path, prompt), key="one") for prompt in ("First.", "Second.")}
    snapshot = ended(drafts, *ids)
    again = LocalDrafts(tmp_path / "jobs").submit(wanted(tmp_path, "Third."), key="one")

    assert {again} == ids
    assert clip_of(snapshot).read_bytes() == b"whole"
    assert studio.drawn == ["First."]


def test_hundred_threads_with_one_key_make_one_job(tmp_path: Path, studio: Studio) -> None:
    drafts = LocalDrafts(tmp_path / "jobs")
    request = wanted(tmp_path)
    ids: list[str] = []
    threads = [
        threading.Thread(target=lambda: ids.append(drafts.submit(request, key="one"))) for _ in range(100)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ids) == 100
    assert ended(drafts, *set(ids)).state == State.SUCCEEDED
    assert len(studio.drawn) == 1


def test_progress_and_stage_are_told_while_it_is_drawn(tmp_path: Path, studio: Studio) -> None:
    studio.may_finish.clear()
    drafts = LocalDrafts(tmp_path / "jobs")

    job_id = drafts.submit(wanted(tmp_path), key="one")
    studio.begun.acquire(timeout=5)
    snapshot = drafts.fetch(job_id)
    studio.may_finish.set()

    assert (snapshot.state, snapshot.progress) == (State.RUNNING, 50)
    assert snapshot.stage == "Drawing frame 30 of 60"
    assert ended(drafts, job_id).state == State.SUCCEEDED


def test_drafts_are_drawn_one_at_a_time_in_order(tmp_path: Path, studio: Studio) -> None:
    studio.may_finish.clear()
    drafts = LocalDrafts(tmp_path / "jobs")

    ids = [drafts.submit(wanted(tmp_path, f"{number}"), key=f"{number}") for number in range(4)]
    studio.begun.acquire(timeout=5)
    waiting = drafts.fetch(ids[3])
    studio.may_finish.set()

    assert (waiting.state, waiting.stage) == (State.QUEUED, "Waiting its turn")
    assert [ended(drafts, job_id).state for job_id in ids] == [State.SUCCEEDED] * 4
    assert studio.drawn == ["0", "1", "2", "3"]
    assert studio.most_at_once == 1


def test_cancelling_stops_the_drawing_and_stands(tmp_path: Path, studio: Studio) -> None:
    studio.may_finish.clear()
    drafts = LocalDrafts(tmp_path / "jobs")
    job_id = drafts.submit(wanted(tmp_path), key="one")
    studio.begun.acquire(timeout=5)

    stopped = drafts.cancel(job_id)

    assert stopped is True
    assert drafts.fetch(job_id).state == State.CANCELED
    assert wait_until(lambda: studio.at_once == 0)
    assert LocalDrafts(tmp_path / "jobs").fetch(job_id).state == State.CANCELED
    assert not list((tmp_path / "jobs").rglob("*.mp4"))


def test_a_waiting_draft_that_is_cancelled_is_never_drawn(tmp_path: Path, studio: Studio) -> None:
    studio.may_finish.clear()
    drafts = LocalDrafts(tmp_path / "jobs")
    first, second = (drafts.submit(wanted(tmp_path, name), key=name) for name in ("first", "second"))

    assert drafts.cancel(second) is True
    studio.may_finish.set()

    assert ended(drafts, first).state == State.SUCCEEDED
    assert drafts.fetch(second).state == State.CANCELED
    assert studio.drawn == ["first"]


def test_another_process_can_cancel(tmp_path: Path, studio: Studio) -> None:
    studio.may_finish.clear()
    drawing, other = LocalDrafts(tmp_path / "jobs"), LocalDrafts(tmp_path / "jobs")
    job_id = drawing.submit(wanted(tmp_path), key="one")
    studio.begun.acquire(timeout=5)

    assert other.cancel(job_id) is True
    assert wait_until(lambda: studio.at_once == 0)
    assert drawing.fetch(job_id).state == State.CANCELED


def test_a_finished_draft_cannot_be_cancelled(tmp_path: Path, studio: Studio) -> None:
    drafts = LocalDrafts(tmp_path / "jobs")
    job_id = drafts.submit(wanted(tmp_path), key="one")
    ended(drafts, job_id)

    assert drafts.cancel(job_id) is False
    assert drafts.fetch(job_id).state == State.SUCCEEDED


@pytest.mark.usefixtures("studio")
def test_a_forgotten_job_leaves_nothing(tmp_path: Path) -> None:
    drafts = LocalDrafts(tmp_path / "jobs")
    job_id = drafts.submit(wanted(tmp_path), key="one")
    ended(drafts, job_id)

    drafts.forget(job_id)
    drafts.forget(job_id)

    assert list((tmp_path / "jobs").iterdir()) == []
    with pytest.raises(ProviderError) as raised:
        drafts.fetch(job_id)
    assert raised.value.category == ErrorCategory.EXPIRED


@pytest.mark.parametrize("job_id", ["0" * 32, "../../etc", "", "x", "0" * 31 + "/"])
def test_an_unknown_job_has_expired(tmp_path: Path, job_id: str) -> None:
    drafts = LocalDrafts(tmp_path / "jobs")

    with pytest.raises(ProviderError) as raised:
        drafts.fetch(job_id)

    assert raised.value.category == ErrorCategory.EXPIRED
    assert drafts.cancel(job_id) is True


def test_a_picture_that_cannot_be_read_fails_with_its_sentence(tmp_path: Path, studio: Studio) -> None:
    studio.troubles = [UnreadableMedia("cut", "Image 1 can’t be used. It seems cut off.")]
    drafts = LocalDrafts(tmp_path / "jobs")

    snapshot = ended(drafts, drafts.submit(wanted(tmp_path), key="one"))

    assert (snapshot.state, snapshot.category) == (State.FAILED, ErrorCategory.INVALID_INPUT)
    assert snapshot.message == "Image 1 can’t be used. It seems cut off."


def test_a_child_that_was_killed_is_tried_again(tmp_path: Path, studio: Studio) -> None:
    studio.troubles = [ChildFailed("crashed", "signal 9"), ChildFailed("crashed", "signal 9")]
    drafts = LocalDrafts(tmp_path / "jobs")

    snapshot = ended(drafts, drafts.submit(wanted(tmp_path), key="one"))

    assert snapshot.state == State.SUCCEEDED
    assert len(studio.drawn) == 3


@pytest.mark.parametrize("reason", ["memory", "timeout", "raised", "crashed"])
def test_a_draft_that_cannot_be_drawn_fails_for_good(tmp_path: Path, studio: Studio, reason: Any) -> None:
    studio.troubles = [ChildFailed(reason, "detail for developers")] * 3
    drafts = LocalDrafts(tmp_path / "jobs")

    snapshot = ended(drafts, drafts.submit(wanted(tmp_path), key="one"))

    assert (snapshot.state, snapshot.category) == (State.FAILED, ErrorCategory.PROVIDER_ERROR)
    assert snapshot.message == making.explain(reason)
    assert "developers" not in snapshot.message


def test_a_full_disk_makes_a_draft_wait_and_go_on(tmp_path: Path, studio: Studio) -> None:
    studio.troubles = [ChildFailed("no_space", "disk"), OSError(28, "No space left on device")]
    drafts = LocalDrafts(tmp_path / "jobs")

    snapshot = ended(drafts, drafts.submit(wanted(tmp_path), key="one"))

    assert snapshot.state == State.SUCCEEDED
    assert len(studio.drawn) == 3


def test_a_mistake_of_ours_ends_the_job_and_not_the_queue(tmp_path: Path, studio: Studio) -> None:
    studio.troubles = [ZeroDivisionError("ours")]
    drafts = LocalDrafts(tmp_path / "jobs")

    first, second = (drafts.submit(wanted(tmp_path, name), key=name) for name in ("first", "second"))

    assert ended(drafts, first).state == State.FAILED
    assert ended(drafts, second).state == State.SUCCEEDED


def test_a_request_that_cannot_be_drawn_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ProviderError) as raised:
        LocalDrafts(tmp_path / "jobs").submit(wanted(tmp_path, duration=40), key="one")

    assert raised.value.category == ErrorCategory.INVALID_INPUT
    assert raised.value.message == "A draft can be 2 to 15 seconds long; 40 was asked for."


def test_a_job_held_by_another_process_is_left_to_it(tmp_path: Path, studio: Studio) -> None:
    drafts = LocalDrafts(tmp_path / "jobs")
    first = drafts.submit(wanted(tmp_path), key="one")
    ended(drafts, first)
    studio.drawn.clear()
    job = JobFolder(tmp_path / "jobs", first)
    job.clip.unlink()

    with job.held() as held:
        states = {drafts.fetch(first).state for _ in range(20) if not time.sleep(0.01)}
        assert held
        assert studio.drawn == []

    assert states == {State.RUNNING}
    assert ended(drafts, first).state == State.SUCCEEDED


def test_what_nobody_fetched_in_a_week_is_swept_and_the_rest_kept(tmp_path: Path, studio: Studio) -> None:
    jobs = tmp_path / "jobs"
    drafts = LocalDrafts(jobs)
    old, new = (drafts.submit(wanted(tmp_path, name), key=name) for name in ("old", "new"))
    for job_id in (old, new):
        ended(drafts, job_id)
    (jobs / ".new-left").mkdir()
    long_ago = time.time() - 8 * 86_400
    for path in (jobs / old, jobs / ".new-left"):
        os.utime(path, (long_ago, long_ago))

    LocalDrafts(jobs)

    assert [path.name for path in jobs.iterdir()] == [new]
    assert len(studio.drawn) == 2


def test_the_reference_that_cannot_be_read_is_named(tmp_path: Path, studio: Studio) -> None:
    studio.troubles = [UnreadableMedia("cut", "Image 1 can’t be used.", about="a1b2c3")]
    drafts = LocalDrafts(tmp_path / "jobs")

    snapshot = ended(drafts, drafts.submit(wanted(tmp_path), key="one"))

    assert (snapshot.fault, snapshot.detail) == ("a1b2c3", "cut")


def test_a_real_child_names_the_reference_that_it_cannot_read(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + b"nothing of a picture")
    drafts = LocalDrafts(tmp_path / "jobs")
    asked = wanted(tmp_path)
    second = ReferenceInput(kind="image", url=broken.as_uri(), key="b2b2b2")

    job_id = drafts.submit(replace(asked, references=(*asked.references, second)), key="one")

    assert ended(drafts, job_id, seconds=60).fault == "b2b2b2"


def test_a_missing_file_is_refused_with_the_reference_it_belongs_to(tmp_path: Path) -> None:
    drafts = LocalDrafts(tmp_path / "jobs")
    gone = ReferenceInput(kind="image", url="file:///nowhere/a.png", key="a1b2c3")

    with pytest.raises(ProviderError) as refused:
        drafts.submit(replace(wanted(tmp_path), references=(gone,)), key="one")

    assert refused.value.fault == "a1b2c3"


def test_forgetting_a_job_that_another_process_draws_stops_it_and_leaves_nothing(
    tmp_path: Path, studio: Studio
) -> None:
    studio.may_finish.clear()
    drawing, other = LocalDrafts(tmp_path / "jobs"), LocalDrafts(tmp_path / "jobs")
    job_id = drawing.submit(wanted(tmp_path), key="one")
    studio.begun.acquire(timeout=5)

    other.cancel(job_id)
    other.forget(job_id)

    assert wait_until(lambda: studio.at_once == 0)
    assert list((tmp_path / "jobs").iterdir()) == []
