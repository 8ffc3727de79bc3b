"""The form as someone is filling it in, saved as they type."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from studio.models.person import User
from studio.models.project import Project
from studio.models.shot import Shot


class BriefQuerySet(models.QuerySet["Brief"]):
    def visible_to(self, user: User) -> Self:
        """A brief is its writer's own, in a project that they may still see."""
        return self.filter(user=user, project__in=Project.objects.visible_to(user))

    def unsent(self) -> Self:
        """Never sent, or changed since."""
        return self.filter(Q(sent_at=None) | Q(saved_at__gt=F("sent_at")))


class Brief(models.Model):
    """Nothing here is checked when saved: what was typed is kept, in range or not.

    `prompt` holds mentions as identities. `tray` is a list of {"key", "file", "voice", "name"} in order, ids as
    text. `settings` holds the other fields as typed. `send_token` makes a second press harmless.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="briefs")
    project = models.ForeignKey(Project, models.CASCADE, related_name="briefs")
    shot = models.ForeignKey(Shot, models.SET_NULL, null=True, blank=True, related_name="briefs")
    title = models.CharField(max_length=120, blank=True)
    prompt = models.TextField(blank=True)
    negative_prompt = models.TextField(blank=True)
    tray = models.JSONField(default=list, blank=True)
    first_frame = models.CharField(max_length=36, blank=True)
    settings = models.JSONField(default=dict, blank=True)
    send_token = models.UUIDField(default=uuid.uuid4)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = BriefQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "project", "-saved_at"], name="brief_latest")]

    def __str__(self) -> str:
        return self.title or "Untitled clip"
