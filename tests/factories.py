"""A small cast and the things they own. Ada and Bob share the studio; Carol sees only what is open to her."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import uuid4

from django.db.models import F
from django.utils import timezone

from studio import mentions, recipes
from studio.models import (
    Clip,
    Connection,
    GenerationTask,
    LibraryFile,
    MediaFile,
    Project,
    Shot,
    Status,
    User,
)
from studio.models.person import Role
from studio.providers import registry

PASSWORD = "slow dandelion breakfast"
PICTURE_FACTS = {"kind": "image", "format": "png", "mime": "image/png", "width": 1280, "height": 720}


def make_user(name: str = "Ada Lovelace", role: Role = Role.MAKER, **fields: Any) -> User:
    email = fields.pop("email", f"{name.split()[0].lower()}-{uuid4().hex[:6]}@studio.example")
    return User.objects.create_user(email, PASSWORD, name=name, role=role, **fields)


def inbox() -> Project:
    return Project.objects.get(is_inbox=True)


def make_project(name: str = "City Rides", **fields: Any) -> Project:
    return Project.objects.create(name=name, **fields)


def make_media_file(kind: str = "image", **fields: Any) -> MediaFile:
    """A row only; tests that need bytes store them with the product's own upload."""
    extension, mime = {
        "image": ("png", "image/png"),
        "video": ("mp4", "video/mp4"),
        "audio": ("wav", "audio/wav"),
    }[kind]
    facts = PICTURE_FACTS | {"kind": kind, "format": extension, "mime": mime, "size_bytes": 1000}
    if kind != "image":
        facts |= {"duration": 5.0, "has_audio": True}
    return MediaFile.objects.create(
        sha256=hashlib.sha256(uuid4().bytes).hexdigest(),
        kind=kind,
        mime=mime,
        extension=extension,
        size_bytes=1000,
        facts=facts | fields.pop("facts", {}),
        **fields,
    )


def make_file(kind: str = "image", *, project: Project | None = None, **fields: Any) -> LibraryFile:
    name = fields.pop("name", f"{kind}-{uuid4().hex[:4]}")
    return LibraryFile.objects.create(
        project=project or inbox(),
        media=fields.pop("media", None) or make_media_file(kind),
        name=name,
        original_name=fields.pop("original_name", f"{name}.bin"),
        added_by=fields.pop("added_by", None) or make_user("Filer"),
        **fields,
    )


def make_account(provider: str = "modelstream", **fields: Any) -> Connection:
    """A paid account without a key: takes can be asked for, and nothing can be sent."""
    label = registry.capabilities()[provider].label
    return Connection.objects.create(provider=provider, label=label, **fields)


def make_recipe(files: list[LibraryFile] | None = None, **fields: Any) -> recipes.Recipe:
    files = [make_file()] if files is None else files
    choices = tuple(
        recipes.ReferenceChoice(key=mentions.new_key(), file=file, name=file.name) for file in files
    )
    prompt = fields.pop("prompt", " and ".join(f"{{{{ref:{choice.key}}}}}" for choice in choices) + " walk")
    settings = recipes.Settings(**fields.pop("settings", {}))
    return recipes.Recipe(
        title=fields.pop("title", "Morning stretch"),
        prompt=prompt,
        references=choices,
        first_frame=fields.pop("first_frame", None),
        settings=settings,
        **fields,
    )


def make_tasks(
    *,
    user: User | None = None,
    project: Project | None = None,
    shot: Shot | None = None,
    takes: int = 1,
    recipe: recipes.Recipe | None = None,
    connection: Connection | None = None,
) -> list[GenerationTask]:
    return recipes.send(
        recipe or make_recipe(),
        user=user or make_user(),
        project=project or inbox(),
        shot=shot,
        connection=connection or Connection.objects.get(provider="local"),
        takes=takes,
        token=uuid4(),
    )


def make_task(status: Status = Status.QUEUED, **fields: Any) -> GenerationTask:
    """One take, put into `status` as rows (the lifecycle has its own tests)."""
    row_fields = {
        name: fields.pop(name) for name in list(fields) if name not in {"user", "project", "shot", "recipe"}
    }
    task = make_tasks(**fields)[0]
    changed: dict[str, Any] = {"status": status}
    if status in {Status.RUNNING, Status.SAVING}:
        changed |= {"job_id": uuid4().hex, "started_at": timezone.now()}
    if status in {Status.SUCCEEDED, Status.FAILED, Status.CANCELED, Status.EXPIRED, Status.UNCERTAIN}:
        changed |= {"next_at": None, "finished_at": timezone.now()}
    if status == Status.SUCCEEDED:
        changed |= {"clip": make_clip(), "making_seconds": 4.0, "job_id": uuid4().hex}
    if status == Status.FAILED:
        changed |= {"error_category": "provider_error", "error_message": "The draft could not be drawn."}
    GenerationTask.objects.filter(pk=task.pk).update(**(changed | row_fields))
    if status == Status.SUCCEEDED:
        size = changed["clip"].size_bytes
        Project.objects.filter(pk=task.project_id).update(
            clip_count=F("clip_count") + 1, clip_bytes=F("clip_bytes") + size
        )
    task.refresh_from_db()
    return task


def make_clip(**fields: Any) -> Clip:
    defaults: dict[str, Any] = {
        "path": f"clips/xx/{uuid4()}.mp4",
        "sha256": "0" * 64,
        "size_bytes": 1_000_000,
        "width": 1280,
        "height": 720,
        "duration": 5.0,
        "fps": 30.0,
        "video_codec": "h264",
        "audio_codec": "aac",
    }
    return Clip.objects.create(**(defaults | fields))
