"""One frame by its number: the very one, at full size, at every rate; and what it becomes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import av
import numpy as np
import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image

from studio.media.still import still_at
from studio.models import Brief, GenerationTask, LibraryFile, Status
from studio.models.person import Role
from tests.e2e.films import HEIGHT, RATES, WIDTH, number_of_picture, numbered_film
from tests.factories import make_clip, make_task, make_user

pytestmark = pytest.mark.django_db
FRAMES = 60


@pytest.fixture
def ada(client):
    user = make_user()
    client.force_login(user)
    return user


@pytest.fixture(scope="module")
def films(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("films")
    return {
        rate: numbered_film(folder / f"{rate}.mp4", rate=exact, frames=FRAMES)
        for rate, exact in RATES.items()
    }


def take_with(film: Path, rate: str, **fields) -> GenerationTask:
    """A ready take that has this film."""
    path = Path(settings.MEDIA_DIR) / "clips" / "xx" / f"{rate}.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(film.read_bytes())
    fps = float(RATES[rate])
    clip = make_clip(path=f"clips/xx/{rate}.mp4", width=WIDTH, height=HEIGHT, fps=fps, duration=FRAMES / fps)
    task = make_task(Status.SUCCEEDED, **fields)
    GenerationTask.objects.filter(pk=task.pk).update(clip=clip)
    task.refresh_from_db()
    return task


def use(client, task, **sent):
    headers = sent.pop("headers", None)
    return client.post(reverse("studio:clip-frame", args=[task.task_id]), sent, headers=headers)


@pytest.mark.parametrize("rate", list(RATES))
@pytest.mark.parametrize("frame", [0, 1, 29, 30, 47, 48, FRAMES - 1])
def test_the_frame_of_a_number_is_saved_at_full_size(client, ada, films, rate, frame):
    task = take_with(films[rate], rate, user=ada)

    answer = use(client, task, frame=frame, use="download")

    picture = np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB"))
    assert picture.shape == (HEIGHT, WIDTH, 3)
    assert number_of_picture(picture) == frame
    assert f"frame {frame}.png" in answer["Content-Disposition"]


def test_a_frame_beyond_the_end_is_the_last_one(client, ada, films):
    task = take_with(films["25"], "25", user=ada)

    answer = use(client, task, frame=9_999_999, use="download")

    assert number_of_picture(np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB"))) == FRAMES - 1


def test_a_frame_opens_a_new_version_of_the_same_shot(client, ada, films):
    task = take_with(films["25"], "25", user=ada)

    answer = use(client, task, frame=31, use="new_version")

    brief = Brief.objects.get(user=ada)
    assert answer.url == reverse("studio:brief", args=[brief.pk])
    assert (brief.shot, brief.prompt) == (task.version.shot, task.version.prompt)
    file = LibraryFile.objects.get(pk=brief.first_frame)
    assert (file.media.facts["width"], file.media.facts["height"]) == (WIDTH, HEIGHT)


def test_a_frame_is_kept_in_the_library_without_leaving_the_page(client, ada, films):
    task = take_with(films["25"], "25", user=ada)

    answer = use(client, task, frame=31, use="library", headers={"HX-Request": "true"})

    file = LibraryFile.objects.get(original_name__contains="frame 31")
    assert answer.status_code == 204
    assert file.name in json.loads(answer["HX-Trigger"])["toast"]["text"]
    assert file.project == task.project


def test_without_scripts_keeping_a_frame_leads_back_to_the_page(client, ada, films):
    task = take_with(films["25"], "25", user=ada)
    review = reverse("studio:review", args=[task.task_id])

    assert use(client, task, frame=31, use="library", next=review).url == review


def test_a_reviewer_saves_the_frame_and_makes_nothing_of_it(client, films):
    client.force_login(make_user("Rita Reviewer", role=Role.REVIEWER))
    task = take_with(films["25"], "25")

    assert use(client, task, frame=3, use="download").status_code == 200
    for made in ("new_version", "library", "reference", "first_frame", ""):
        assert use(client, task, frame=3, use=made).status_code == 403
    assert not LibraryFile.objects.filter(original_name__contains="frame 3").exists()


@pytest.mark.parametrize("frame", ["-1", "1e3", "٣", "", "9" * 400, "x"])
def test_a_number_that_is_none_means_the_beginning(client, ada, films, frame):
    task = take_with(films["25"], "25", user=ada)

    answer = use(client, task, frame=frame, use="download")

    assert number_of_picture(np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB"))) == 0


@pytest.mark.parametrize(
    ("width", "height", "shown"), [(1280, 720, (250, 90, 40)), (640, 360, (235, 76, 44))], ids=["hd", "sd"]
)
def test_a_film_that_declares_no_colours_is_read_as_browsers_read_it(tmp_path, width, height, shown):
    still = still_at(one_colour_film(tmp_path / "film.mp4", width, height), 0.1, tmp_path)

    colour = np.asarray(Image.open(still).convert("RGB"))[height // 2, width // 2]

    assert np.abs(colour.astype(int) - shown).max() <= 2


def one_colour_film(path: Path, width: int, height: int) -> Path:
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=25, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(5):
            frame = av.VideoFrame(width, height, "yuv420p")
            for plane, level in zip(frame.planes, (120, 90, 200), strict=True):
                plane.update(bytes([level]) * plane.buffer_size)
            frame.pts = number
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return path
