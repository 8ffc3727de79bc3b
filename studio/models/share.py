"""A link for people without an account, who opened it, and when. Only hashes of its secrets are kept."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from studio.models.generation_task import GenerationTask
from studio.models.project import Project
from studio.models.shot import Shot


class ShareQuerySet(models.QuerySet["Share"]):
    def open(self, now: datetime) -> Self:
        return self.filter(revoked_at=None, ends_at__gt=now)


class Share(models.Model):
    """`token_sha256` is the hash of the word in its address, `password` a Django password hash or empty.

    What it shows are its items, in their order: takes, or shots, of which the newest ready take is shown. A share
    of a whole project has none and shows every shot that has a ready take (`is_whole_project`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_sha256 = models.CharField(max_length=64, unique=True)
    project = models.ForeignKey(Project, models.PROTECT, related_name="shares")
    title = models.CharField(max_length=120)
    message = models.TextField(max_length=1000, blank=True)
    is_whole_project = models.BooleanField(default=False)
    password = models.CharField(max_length=128, blank=True)
    may_comment = models.BooleanField(default=True)
    may_decide = models.BooleanField(default=True)
    may_download = models.BooleanField(default=False)
    shows_making = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["project", "-created_at"], name="share_of_a_project")]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="share_has_a_title")]

    def __str__(self) -> str:
        return self.title

    def is_open(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.ends_at


class ShareItem(models.Model):
    """One thing a link shows."""

    share = models.ForeignKey(Share, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    task = models.ForeignKey(GenerationTask, models.CASCADE, null=True, related_name="+")
    shot = models.ForeignKey(Shot, models.CASCADE, null=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["share", "position"], name="share_positions_are_unique"),
            models.CheckConstraint(
                condition=Q(task__isnull=False, shot=None) | Q(task=None, shot__isnull=False),
                name="share_item_is_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} of {self.share_id}"


class Guest(models.Model):
    """Somebody without an account, as they called themselves, on one link in one browser."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    share = models.ForeignKey(Share, models.PROTECT, related_name="guests")
    key_sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="guest_has_a_name")]

    def __str__(self) -> str:
        return self.name


class ShareView(models.Model):
    """Somebody opened a link, or watched one of its clips. `guest` is None until they give a name."""

    class What(models.TextChoices):
        OPENED = "opened", "Opened"
        WATCHED = "watched", "Watched"
        DOWNLOADED = "downloaded", "Downloaded"

    share = models.ForeignKey(Share, models.CASCADE, related_name="views")
    guest = models.ForeignKey(Guest, models.SET_NULL, null=True, related_name="views")
    task = models.ForeignKey(GenerationTask, models.CASCADE, null=True, related_name="+")
    what = models.CharField(max_length=10, choices=What)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["share", "-id"], name="share_view_newest")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} at {self.at:%Y-%m-%d %H:%M}"
