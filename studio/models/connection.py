"""A provider account. The free draft has one too, made by the first migration."""

from django.db import models
from django.db.models import Q


class Connection(models.Model):
    """`provider` is the name of a file in studio.providers. `parallel_limit` is how many jobs may run at once."""

    provider = models.CharField(max_length=20)
    label = models.CharField(max_length=60)
    parallel_limit = models.PositiveSmallIntegerField(default=1)
    paused_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider"], condition=Q(provider="local"), name="one_free_draft_connection"
            ),
            models.CheckConstraint(condition=Q(parallel_limit__gte=1), name="connection_runs_at_least_one"),
        ]

    def __str__(self) -> str:
        return self.label
