"""One repair that somebody asked for, from the press to the fixed copy. The row is the truth, not the worker."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from studio.models.brief import Brief
from studio.models.library import LibraryFile
from studio.models.person import User


class FixState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    WORKING = "working", "Fixing"
    DONE = "done", "Fixed"
    STOPPED = "stopped", "Stopped"
    FAILED = "failed", "Didn’t work"


UNDER_WAY = (FixState.WAITING, FixState.WORKING)


class FixJobQuerySet(models.QuerySet["FixJob"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(asked_by=user, file__in=LibraryFile.objects.visible_to(user))

    def under_way(self) -> Self:
        return self.filter(state__in=UNDER_WAY)

    def due(self, now: datetime) -> Self:
        """Jobs that nobody is working on, also those whose worker died."""
        return self.under_way().filter(Q(lease_until=None) | Q(lease_until__lt=now))


class FixJob(models.Model):
    """`choices` are the person's, as sent. `brief` and `place` ("replace:KEY", "first_frame",
    "voice:KEY") say what of a form the copy is for, if anything.

    `progress` is 0-100. A worker may write only while it holds the lease (`lease_token`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(LibraryFile, models.CASCADE, related_name="fix_jobs")
    use = models.CharField(max_length=8)
    choices = models.JSONField(default=dict)
    brief = models.ForeignKey(Brief, models.SET_NULL, null=True, blank=True, related_name="+")
    place = models.CharField(max_length=24, blank=True)
    state = models.CharField(max_length=8, choices=FixState, default=FixState.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    sentence = models.TextField(blank=True)
    result = models.ForeignKey(LibraryFile, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)

    objects = FixJobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["lease_until"], condition=Q(state__in=UNDER_WAY), name="fix_job_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=FixState.values), name="fix_job_state_is_known"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="fix_job_progress_is_a_share"),
            models.CheckConstraint(
                condition=~Q(state=FixState.FAILED, sentence=""), name="failed_fix_job_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file}, {self.get_state_display().lower()}"

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY
