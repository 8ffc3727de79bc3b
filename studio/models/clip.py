"""Our own copy of a finished clip. It is whole: its length, size and SHA-256 were read back before it is shown."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Clip(models.Model):
    """`path` and the names in `previews` are relative to the media folder. `duration` is seconds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    path = models.CharField(max_length=120, unique=True)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    duration = models.FloatField()
    fps = models.FloatField()
    video_codec = models.CharField(max_length=20)
    audio_codec = models.CharField(max_length=20, blank=True)
    previews = models.JSONField(default=dict, blank=True)
    stored_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size_bytes__gt=0), name="clip_is_not_empty"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="clip_has_pixels"),
            models.CheckConstraint(condition=Q(duration__gt=0), name="clip_has_a_length"),
        ]

    def __str__(self) -> str:
        return self.path
