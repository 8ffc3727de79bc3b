"""A client job: it holds shots and library files."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from studio.models.person import User


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: User) -> Self:
        """Open projects, those the person belongs to, and for an owner all of them."""
        if user.sees_all_projects:
            return self
        return self.filter(Q(is_open=True) | Q(pk__in=user.projects.values("pk")))

    def current(self) -> Self:
        return self.filter(archived_at=None)


class Project(models.Model):
    """`clip_count` and `clip_bytes` count the finished clips outside the bin, so that no page counts tasks.

    `cap` is how many dollars the project may spend in all, None without a limit.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    is_inbox = models.BooleanField(default=False)
    is_open = models.BooleanField(default=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="projects", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    cap = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    clip_count = models.PositiveIntegerField(default=0)
    clip_bytes = models.PositiveBigIntegerField(default=0)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-is_inbox", "name"]
        constraints = [
            models.UniqueConstraint(fields=["is_inbox"], condition=Q(is_inbox=True), name="one_inbox"),
            models.CheckConstraint(condition=~Q(name=""), name="project_has_a_name"),
            models.CheckConstraint(
                condition=Q(is_inbox=False) | Q(is_open=True, archived_at=None),
                name="inbox_is_open_and_stays",
            ),
        ]

    def __str__(self) -> str:
        return self.name
