"""T-02: a disk that forgets what was not synced. Nothing that a row names may be among it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image

from studio import conductor, lifecycle, tasks
from studio.connections import provider_accounts
from studio.files import uploads
from studio.models import Clip, GenerationTask, Status
from studio.providers.base import Snapshot, State
from studio.storage import contents, store
from tests.engine.fakes import FakeProvider
from tests.factories import inbox, make_file, make_recipe, make_task, make_user
from tests.media import making

pytestmark = pytest.mark.django_db


@dataclass
class Disk:
    """What a power cut would leave: contents of synced files, and names in folders as they were when synced."""

    root: Path
    files: set[int] = field(default_factory=set)
    names: dict[int, set[tuple[str, int]]] = field(default_factory=dict)

    def sync(self, descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").resolve()
        number = os.fstat(descriptor).st_ino
        if path.is_dir():
            self.names[number] = {(entry.name, entry.inode()) for entry in os.scandir(path)}
        else:
            self.files.add(number)

    def keeps(self, path: Path) -> bool:
        """Whether a file, or a folder with all that is in it now, would still be there."""
        inside = list(path.rglob("*"))
        whole = all(each.stat().st_ino in self.files for each in [path, *inside] if each.is_file())
        return whole and all(self._is_named(each) for each in [path, *inside])

    def _is_named(self, path: Path) -> bool:
        if path == self.root:
            return True
        here = (path.name, path.stat().st_ino)
        return here in self.names.get(path.parent.stat().st_ino, set()) and self._is_named(path.parent)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    root = Path(settings.MEDIA_DIR)
    root.mkdir(parents=True, exist_ok=True)
    disk = Disk(root)
    monkeypatch.setattr(os, "fsync", disk.sync)
    return disk


def test_t02_an_upload_that_is_in_the_library_survives_a_power_loss(disk: Disk, tmp_path: Path):
    picture = tmp_path / "Coat.png"
    Image.effect_noise((640, 480), 60).save(picture)

    file = uploads.store_bytes(picture, filename="Coat.png", project=inbox(), user=make_user())

    assert disk.keeps(contents.path_of(file.media))
    previews = store.media_path(store.previews_path(file.media.sha256))
    assert file.media.previews
    assert disk.keeps(previews)


def test_t02_a_clip_survives_a_power_loss_from_the_moment_it_is_ready(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
):
    Path(settings.JOBS_DIR).mkdir(parents=True, exist_ok=True)
    made = making.clip(Path(settings.JOBS_DIR) / "made.mp4", seconds=2)
    provider = FakeProvider(answers=[Snapshot(state=State.SUCCEEDED, video_url=made.as_uri())])
    monkeypatch.setattr(provider_accounts, "provider_for", lambda connection, key=None: provider)
    monkeypatch.setattr(provider_accounts, "capability_for", lambda connection: provider.capability)
    kept: list[bool] = []
    succeed = lifecycle.succeed

    def look_first(task: GenerationTask, clip: Clip, token: object) -> bool:
        assert clip.previews
        for relative in (clip.path, store.clip_previews_path(task.task_id)):
            kept.append(disk.keeps(store.media_path(relative)))
        return succeed(task, clip, token)

    monkeypatch.setattr(lifecycle, "succeed", look_first)
    task = make_task(recipe=make_recipe([make_file()], settings={"duration": 2}))
    for _ in range(6):
        for pk, token in conductor.claim_due(timezone.now() + timedelta(hours=1)):
            tasks.advance.func(pk, str(token))
    task.refresh_from_db()

    assert task.status == Status.SUCCEEDED
    assert kept == [True, True]
