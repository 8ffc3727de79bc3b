"""Versions of one shot whose takes have films of our own making: what Compare is tried on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.e2e.planting import SEND
from tests.e2e.studio_process import LiveStudio

PLANT = """
from pathlib import Path
from studio import media
from studio.lifecycle import shot_status
from studio.storage import store
def stored(path):
    clip_id, scratch = uuid4(), store.scratch_dir()
    facts = media.check_clip(Path(path), scratch / "clip.mp4")
    previews = media.make_previews(scratch / "clip.mp4", facts, scratch / "previews").to_dict()
    size, digest = (scratch / "clip.mp4").stat().st_size, store.sha256_of(scratch / "clip.mp4")
    store.publish_folder(scratch / "previews", store.clip_previews_path(clip_id))
    store.publish(scratch / "clip.mp4", store.clip_path(clip_id))
    return dict(id=clip_id, path=store.clip_path(clip_id), sha256=digest, size_bytes=size, width=facts.width,
        height=facts.height, duration=facts.duration, fps=facts.fps, video_codec=facts.video_codec,
        audio_codec=facts.audio_codec or "", previews=previews)
shot, key = None, mentions.new_key()
for version in json.loads({versions!r}):
    films = [stored(path) for path in version["films"]]
    recipe = recipes.Recipe(title={title!r}, prompt=version["prompt"].replace("@", "{{{{ref:%s}}}}" % key),
        references=(recipes.ReferenceChoice(key=key, file=sky, name="evening"),), first_frame=None,
        settings=recipes.Settings(duration=5, resolution=version["resolution"]))
    with transaction.atomic():  # no worker sees any of them before it is ready
        tasks = recipes.send(recipe, user=owner, project=inbox, shot=shot, connection=free, takes=len(films),
            token=uuid4())
        shot = tasks[0].version.shot
        for task, film in zip(tasks, films):
            GenerationTask.objects.filter(pk=task.pk).update(status=Status.SUCCEEDED, clip=Clip.objects.create(**film),
                next_at=None, finished_at=timezone.now(), making_seconds=4.0)
            Project.objects.filter(pk=inbox.pk).update(clip_count=models.F("clip_count") + 1,
                clip_bytes=models.F("clip_bytes") + film["size_bytes"])
        shot_status.refresh(shot.pk)
    print(*[task.task_id for task in tasks])
"""


@dataclass(frozen=True, kw_only=True)
class Planted:
    """A version to plant: "@" in the prompt is the mention of its one picture; a take for each film."""

    prompt: str
    films: Sequence[str]
    resolution: str = "720p"


def plant_versions(studio: LiveStudio, title: str, versions: Sequence[Planted]) -> list[list[str]]:
    """The ids of the takes, version by version."""
    said = PLANT.format(title=title, versions=json.dumps([asdict(version) for version in versions]))
    lines = studio.python(f"{SEND}\nfrom django.db import models\n{said}").splitlines()[-len(versions) :]
    return [line.split() for line in lines]


def paths(films: Sequence[Path]) -> list[str]:
    return [str(film) for film in films]
