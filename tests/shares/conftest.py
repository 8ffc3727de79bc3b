"""A project with two clips on disk, Mara who shares them, and somebody outside with a browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from studio import sharing
from studio.models import Clip, GenerationTask, Project, Share, Status, User
from studio.models.person import Role
from studio.storage import store
from tests.factories import make_clip, make_file, make_project, make_recipe, make_task, make_user

BROWSER = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"
)
FILM = b"film" * 1000
PREVIEWS = {"poster": "poster.webp", "sprite": "sprite.webp", "filmstrip": "filmstrip.webp"}


@dataclass(frozen=True, kw_only=True)
class World:
    mara: User
    project: Project
    dandelion: GenerationTask
    seeds: GenerationTask

    def share(self, *tasks: GenerationTask, **terms: object) -> Shared:
        usual = {"title": "Three opening shots", "ends_at": timezone.now() + sharing.LASTS}
        made = sharing.make(
            by=self.mara,
            project=self.project,
            terms=sharing.Terms(**(usual | terms)),
            tasks=tasks or (self.dandelion, self.seeds),
        )
        return Shared(share=made.share, token=made.token)


@dataclass(frozen=True, kw_only=True)
class Shared:
    share: Share
    token: str

    @property
    def page(self) -> str:
        return f"/s/{self.token}/"

    def media(self, task: GenerationTask, variant: str) -> str:
        return f"/s/{self.token}/clips/{task.task_id}/{variant}"

    def poll(self, client: Client) -> str:
        """The poll's address as the page carries it."""
        page = client.get(self.page).content.decode()
        return page.split('data-url="')[1].split('"')[0].replace("&amp;", "&")


@pytest.fixture(autouse=True)
def nobody_was_counted() -> None:
    cache.clear()


@pytest.fixture
def world(db: None, own_data_folder) -> World:
    mara = make_user("Mara Lindqvist", Role.PRODUCER)
    project = make_project("Puffling")
    return World(
        mara=mara,
        project=project,
        dandelion=on_disk(ready(mara, project, "Seeds in the light")),
        seeds=on_disk(ready(mara, project, "Two seeds let go")),
    )


@pytest.fixture
def outside() -> Client:
    """A phone of somebody without an account."""
    return Client(headers={"User-Agent": BROWSER})


@pytest.fixture
def mara(world: World) -> Client:
    client = Client(headers={"User-Agent": BROWSER})
    client.force_login(world.mara)
    return client


def ready(user: User, project: Project, title: str, **recipe: object) -> GenerationTask:
    file = make_file(project=project, added_by=user)
    return make_task(
        Status.SUCCEEDED, user=user, project=project, recipe=make_recipe([file], title=title, **recipe)
    )


def on_disk(task: GenerationTask) -> GenerationTask:
    clip = make_clip(size_bytes=len(FILM), previews=PREVIEWS, fps=25.0, sha256=task.task_id.hex * 2)
    GenerationTask.objects.filter(pk=task.pk).update(clip=clip)
    folder = clip.path.removesuffix(".mp4")
    for name in (clip.path, *(f"{folder}/{each}" for each in PREVIEWS.values())):
        store.media_path(name).parent.mkdir(parents=True, exist_ok=True)
        store.media_path(name).write_bytes(FILM)
    task.refresh_from_db()
    assert isinstance(task.clip, Clip)
    return task


@pytest.fixture
def say(outside: Client) -> Callable[..., object]:
    """Post a word as somebody outside."""

    def post(
        shared: Shared, task: GenerationTask, where: str = "notes", client: Client = outside, **sent: object
    ):
        return client.post(f"{shared.page}{where}/", {"clip": str(task.task_id), **sent})

    return post
