"""What happened to a task, in order. Rows are only ever added."""

from django.conf import settings
from django.db import models

from studio.models.generation_task import GenerationTask


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
