"""What happened to a task, in order. Rows are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from studio.models.generation_task import GenerationTask

if TYPE_CHECKING:
    from studio.models.person import User


class TaskEvent(models.Model):
    """`word` names what happened when the status alone does not tell ("binned"). `facts` holds its numbers."""

    task = models.ForeignKey(GenerationTask, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    from_status = models.CharField(max_length=10, blank=True)
    to_status = models.CharField(max_length=10)
    word = models.CharField(max_length=30, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.from_status or 'new'} to {self.to_status}"

    @classmethod
    def tell(
        cls,
        task_id: int,
        word: str,
        *,
        actor: User | None = None,
        facts: dict[str, Any] | None = None,
        at: datetime | None = None,
    ) -> None:
        """Write into a task's story what moved nothing.

        The status is the row's own: the caller has just written the row, or holds the revision counter, so that
        nobody moves it meanwhile, while the object in memory may be older than that.
        """
        status = GenerationTask.objects.values_list("status", flat=True).get(pk=task_id)
        cls.objects.create(
            task_id=task_id,
            at=at or timezone.now(),
            from_status=status,
            to_status=status,
            word=word,
            actor=actor,
            facts=facts or {},
        )
