"""Each project's count and bytes of clips, so that no page ever counts tasks."""

from __future__ import annotations

from django.db.models import F

from studio.models import GenerationTask, Project


def tally(task: GenerationTask, sign: int) -> None:
    """Keep the project's count and bytes of clips, so that no page ever counts tasks."""
    clip = GenerationTask.objects.values_list("clip__size_bytes", "project").get(pk=task.pk)
    size, project = clip
    if size is not None:
        Project.objects.filter(pk=project).update(
            clip_count=F("clip_count") + sign, clip_bytes=F("clip_bytes") + sign * size
        )
