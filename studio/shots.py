"""What people do with a shot as a whole: rename it, move it to another project."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Sum

from studio import changes, search
from studio.models import Charge, Clip, GenerationTask, Project, Shot, TaskEvent, User


def rename(shot: Shot, title: str) -> None:
    """Give a shot a new title, everywhere and in the search."""
    with transaction.atomic():
        revision = changes.next_revision()
        shot.title = title
        shot.save(update_fields=["title"])
        GenerationTask.objects.filter(version__shot=shot).update(revision=revision)
        search.remember_shot(shot)


def move(tasks: Iterable[GenerationTask], project: Project, actor: User) -> int:
    """Move the shots of these takes, with all their versions and takes. Returns how many takes moved.

    A take belongs to its shot: a shot is never torn between two projects. What it cost, and what is set aside for it,
    counts where it is, so it goes along; no limit is asked, as nothing new is spent.
    """
    shots = {task.version.shot_id for task in tasks if task.project_id != project.pk}
    return sum(_move(shot_id, project, actor) for shot_id in sorted(shots))


def _move(shot_id: UUID, project: Project, actor: User) -> int:
    with transaction.atomic():
        revision = changes.next_revision()
        shot = Shot.objects.select_for_update().select_related("project").get(pk=shot_id)
        rows = GenerationTask.objects.filter(version__shot=shot)
        keys = list(rows.values_list("pk", flat=True))
        _tally(shot.project_id, keys, -1)
        _tally(project.pk, keys, +1)
        facts = {"from": shot.project.name, "to": project.name}
        Shot.objects.filter(pk=shot_id).update(project=project)
        rows.update(project=project, revision=revision)
        Charge.objects.filter(task__in=keys).update(project=project)
        for task in rows.select_related("version__shot"):
            TaskEvent.tell(task.pk, "moved", actor=actor, facts=facts)
            search.remember(task)
    return len(keys)


def _tally(project_id: UUID, task_keys: list[int], sign: int) -> None:
    """Keep both projects' counts right: ready clips outside the bin."""
    clips = Clip.objects.filter(task__in=task_keys, task__binned_at=None)
    sums = clips.aggregate(count=Count("pk"), size=Sum("size_bytes"))
    Project.objects.filter(pk=project_id).update(
        clip_count=F("clip_count") + sign * sums["count"],
        clip_bytes=F("clip_bytes") + sign * (sums["size"] or 0),
    )
