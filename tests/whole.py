"""One take that went the whole way, with its events, its attempt and its bytes on the disk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from studio import lifecycle
from studio.models import Clip, GenerationTask, LibraryFile
from studio.storage import store
from tests.factories import make_file, make_recipe, make_tasks
from tests.kill.picture import stored_picture


def claimed(task: GenerationTask) -> Any:
    """Hold the task as a worker does."""
    token = uuid4()
    GenerationTask.objects.filter(pk=task.pk).update(
        lease_token=token, lease_until=timezone.now() + timedelta(seconds=60)
    )
    task.refresh_from_db()
    return token


def sent_take(**fields: Any) -> GenerationTask:
    """A take whose attempt is under way: the provider has it."""
    file = LibraryFile.objects.first() or make_file(media=stored_picture())
    [task] = make_tasks(recipe=make_recipe([file]), **fields)
    token = claimed(task)
    attempt = lifecycle.begin_attempt(task, token)
    assert attempt
    lifecycle.accept(task, attempt, f"job-{attempt.key}", token, look_again=timezone.now())
    return task


def ready_take(content: bytes = b"a clip", **fields: Any) -> GenerationTask:
    """A take whose clip is stored. Its bytes are no film; nobody plays them here."""
    task = sent_take(**fields)
    token = claimed(task)
    lifecycle.made(task, token, video_url="file:///nowhere.mp4")
    path = store.scratch_dir() / "clip.mp4"
    path.write_bytes(content)
    relative = store.clip_path(task.task_id)
    clip = Clip(
        path=relative,
        sha256=store.sha256_of(path),
        size_bytes=len(content),
        width=1280,
        height=720,
        duration=5.0,
        fps=30.0,
        video_codec="h264",
    )
    store.publish(path, relative)
    assert lifecycle.succeed(task, clip, token)
    return task
