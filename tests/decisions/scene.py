"""A shot with a ready take, and the people around it: Ada makes, Priya produces, Olga owns, Rob reviews."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from studio.lifecycle import shot_status
from studio.models import GenerationTask, Guest, Project, Share, Shot, Status, User
from studio.models.person import Role
from tests.factories import make_project, make_task, make_user


def ada(**fields: Any) -> User:
    return make_user("Ada Lovelace", Role.MAKER, **fields)


def priya(**fields: Any) -> User:
    return make_user("Priya Nair", Role.PRODUCER, **fields)


def olga(**fields: Any) -> User:
    return make_user("Olga Owner", Role.OWNER, **fields)


def rob(**fields: Any) -> User:
    return make_user("Rob Reviewer", Role.REVIEWER, **fields)


def ready_take(**fields: Any) -> GenerationTask:
    """A take that is ready, in a project of its own unless one is given; its shot waits for review."""
    fields.setdefault("project", make_project())
    task = make_task(Status.SUCCEEDED, **fields)
    place(task.version.shot)
    return task


def place(shot: Shot) -> Shot:
    """Put the shot where it stands: the factory writes rows past the lifecycle."""
    shot_status.refresh(shot.pk)
    shot.refresh_from_db()
    return shot


def guest_of(project: Project, by: User, name: str = "Elin Holm") -> Guest:
    share = Share.objects.create(
        project=project,
        title="For Elin",
        token_sha256=uuid4().hex,
        created_by=by,
        ends_at=timezone.now() + timedelta(days=14),
        is_whole_project=True,
    )
    return Guest.objects.create(share=share, key_sha256=uuid4().hex, name=name)
