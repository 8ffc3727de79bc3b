"""Which takes a link shows today. Whatever was binned, moved to another project or never made is left out."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import OuterRef, Subquery

from studio.models import GenerationTask, Share, Shot, Status
from studio.models.generation_task import GenerationTaskQuerySet
from studio.models.shot import ShotQuerySet
from studio.sharing.links import ITEMS_AT_MOST


def clips_of(share: Share) -> list[GenerationTask]:
    """The takes in the order of the link, each once, with their shot and clip. Three queries at most."""
    if share.is_whole_project:
        shots = Shot.objects.filter(project=share.project_id).order_by("created_at", "pk")
        keys: list[int | None] = [key for _, key in _best_takes(shots)]
    else:
        keys = _keys_of_items(share)
    wanted = list(dict.fromkeys(key for key in keys if key))[:ITEMS_AT_MOST]
    found = _showable(share).filter(pk__in=wanted).in_bulk()
    return [found[key] for key in wanted if key in found]


def clip_of(share: Share, task_id: UUID) -> GenerationTask | None:
    """One take, if the link shows it: what every door for bytes and words asks."""
    return next((task for task in clips_of(share) if task.task_id == task_id), None)


def _showable(share: Share) -> GenerationTaskQuerySet:
    ready = GenerationTask.objects.filter(
        project=share.project_id, status=Status.SUCCEEDED, binned_at=None, clip__isnull=False
    )
    return ready.select_related("version__shot", "clip")


def _keys_of_items(share: Share) -> list[int | None]:
    items = list(share.items.values_list("task_id", "shot_id"))
    shots = [shot for _, shot in items if shot]
    best = dict(_best_takes(Shot.objects.filter(pk__in=shots))) if shots else {}
    return [task or best.get(shot) for task, shot in items]


def _best_takes(shots: ShotQuerySet) -> Iterable[tuple[UUID, int]]:
    """Each shot with its take to show: of the newest version that has a ready one, the pick, else the newest."""
    ready = GenerationTask.objects.ready_takes().filter(version__shot=OuterRef("pk"))
    ready = ready.order_by("-version__number", "-is_pick", "-pk")
    with_one = shots.annotate(best=Subquery(ready.values("pk")[:1])).filter(best__isnull=False)
    return with_one.values_list("pk", "best")[:ITEMS_AT_MOST]
