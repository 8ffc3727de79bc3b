"""A file on its way in. The offset is kept in the row, so an interrupted upload goes on where it stopped."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from studio.models.library import LibraryFile
from studio.models.person import User
from studio.models.project import Project


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user=user, project__in=Project.objects.visible_to(user))


class Upload(models.Model):
    """`use` is what the file is for: picture, clip, voice, or "any" (a picture or a clip for the tray)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, models.CASCADE, related_name="+")
    filename = models.CharField(max_length=255)
    use = models.CharField(max_length=8, default="any")
    size_bytes = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    file = models.ForeignKey(LibraryFile, models.SET_NULL, null=True, blank=True, related_name="+")
    refusal = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(finished_at=None), name="upload_abandoned"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(offset__lte=F("size_bytes")), name="upload_is_not_longer_than_said"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filename}, {self.offset} of {self.size_bytes}"
