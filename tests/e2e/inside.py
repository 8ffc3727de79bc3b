"""What runs inside a studio's own Python: takes in a state that a test needs, brought there by the product's own moves.

Imported by code that is handed to `LiveStudio.python`, never by a test.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from PIL import Image

from studio import lifecycle, media, mentions, recipes
from studio.files import fixing, uploads
from studio.models import Clip, Connection, FixJob, GenerationTask, LibraryFile, Project, Shot, Status, User
from studio.models.fix_job import FixState
from studio.models.status import ACTIVE
from studio.storage import store

LATER = timedelta(hours=1)
MAKING_SECONDS = 4.0
TWO_SECONDS = recipes.Settings(duration=2)


@dataclass(frozen=True, kw_only=True)
class Film:
    """A film that the product has checked, with its previews beside it."""

    folder: Path
    facts: media.Facts
    previews: dict[str, object]
    sha256: str

    @property
    def path(self) -> Path:
        return self.folder / "clip.mp4"


def owner() -> User:
    return User.objects.filter(role="owner").earliest("pk")


def inbox() -> Project:
    return Project.objects.get(is_inbox=True)


def picture() -> LibraryFile:
    """Always the same one. Whatever else the library holds may be there for its faults."""
    found = LibraryFile.objects.filter(original_name="evening.png", deleted_at=None).first()
    if found:
        return found
    drawn = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 120, 160)).save(drawn, "PNG")
    return uploads.store_bytes(
        drawn.getvalue(), filename="evening.png", project=inbox(), user=owner(), use="picture"
    )


def send(
    title: str,
    *,
    prompt: str = "",
    takes: int = 1,
    project: Project | None = None,
    shot: Shot | None = None,
    account: Connection | None = None,
    settings: recipes.Settings = TWO_SECONDS,
) -> list[GenerationTask]:
    """Ask for takes of a recipe with one picture, as a press on the page does. "@" in the prompt names the picture."""
    key = mentions.new_key()
    recipe = recipes.Recipe(
        title=title,
        prompt=(prompt or f"@ {title} in the evening light").replace("@", f"{{{{ref:{key}}}}}"),
        references=(recipes.ReferenceChoice(key=key, file=picture(), name="evening"),),
        first_frame=None,
        settings=settings,
    )
    return recipes.send(
        recipe,
        user=owner(),
        project=project or inbox(),
        shot=shot,
        connection=account or Connection.objects.get(provider="local"),
        takes=takes,
        token=uuid4(),
    )


def plant_ready(
    title: str,
    films: Iterable[str],
    *,
    prompt: str = "",
    project: Project | None = None,
    shot: Shot | None = None,
    settings: recipes.Settings = TWO_SECONDS,
) -> list[GenerationTask]:
    """A version with one ready take for each film. No worker sees any of them before it is ready."""
    looked_at = [checked(path) for path in films]
    with transaction.atomic():
        tasks = send(
            title, prompt=prompt, takes=len(looked_at), project=project, shot=shot, settings=settings
        )
        for task, film in zip(tasks, looked_at, strict=True):
            make_ready(task, film)
    return tasks


def make_ready(task: GenerationTask, film: Film) -> None:
    """From queued to ready along the state diagram."""
    attempt = lifecycle.begin_attempt(hold(task), _token(task))
    assert attempt is not None
    lifecycle.accept(task, attempt, uuid4().hex, _token(task), look_again=timezone.now() + LATER)
    lifecycle.made(hold(task), _token(task), video_url=film.path.as_uri())
    assert lifecycle.succeed(task, _stored(task, film), _token(task))
    # Or the next takes would be expected in no time at all.
    GenerationTask.objects.filter(pk=task.pk).update(making_seconds=MAKING_SECONDS)


def hold(task: GenerationTask) -> GenerationTask:
    """With a lease, as a worker takes it."""
    GenerationTask.objects.filter(pk=task.pk).update(lease_token=uuid4())
    task.refresh_from_db()
    return task


@cache
def checked(path: str) -> Film:
    """Through the product's own check and previews, once."""
    folder = Path(mkdtemp(prefix="checked-"))
    facts = media.check_clip(Path(path), folder / "clip.mp4")
    (folder / "previews").mkdir()
    previews = media.make_previews(folder / "clip.mp4", facts, folder / "previews").to_dict()
    return Film(folder=folder, facts=facts, previews=previews, sha256=store.sha256_of(folder / "clip.mp4"))


def plant_failed(titles: Iterable[str]) -> None:
    with transaction.atomic():  # no worker sees a take of these before it has failed
        for title in titles:
            for task in send(title):
                lifecycle.move(
                    task,
                    Status.FAILED,
                    next_at=None,
                    finished_at=timezone.now(),
                    error_category="provider_error",
                    error_message="The paper ran out.",
                )


def park(title: str) -> None:
    with transaction.atomic():
        for task in send(title, takes=4):
            GenerationTask.objects.filter(pk=task.pk).update(next_at=timezone.now() + LATER)


def cancel_all() -> None:
    """Ask for an end of everything under way."""
    for task in GenerationTask.objects.filter(status__in=ACTIVE):
        lifecycle.request_cancel(task, owner())


def keep_repairs_waiting() -> None:
    file = LibraryFile.objects.latest("created_at")
    leased = {"state": FixState.WORKING, "lease_until": timezone.now() + LATER, "lease_token": uuid4()}
    rows = [FixJob(file=file, use="picture", asked_by=owner(), **leased) for _ in range(fixing.AT_ONCE)]
    FixJob.objects.bulk_create(rows)


def repair_reaches(percent: int) -> None:
    newest = FixJob.objects.under_way().latest("created_at")
    FixJob.objects.filter(pk=newest.pk).update(progress=percent)


def stop_repairs() -> None:
    for job in FixJob.objects.under_way():
        fixing.stop(job)


def _stored(task: GenerationTask, film: Film) -> Clip:
    """Our own copy, where a worker would have put it, and its unsaved row."""
    scratch = store.scratch_dir()
    shutil.copy(film.path, scratch / "clip.mp4")
    shutil.copytree(film.folder / "previews", scratch / "previews")
    store.publish_folder(scratch / "previews", store.clip_previews_path(task.task_id))
    store.publish(scratch / "clip.mp4", store.clip_path(task.task_id))
    scratch.rmdir()
    return Clip(
        id=uuid4(),
        path=store.clip_path(task.task_id),
        sha256=film.sha256,
        size_bytes=film.path.stat().st_size,
        width=film.facts.width or 0,
        height=film.facts.height or 0,
        duration=film.facts.duration or 0,
        fps=film.facts.fps or 0,
        video_codec=film.facts.video_codec,
        audio_codec=film.facts.audio_codec or "",
        previews=film.previews,
    )


def _token(task: GenerationTask) -> UUID:
    assert task.lease_token is not None
    return task.lease_token
