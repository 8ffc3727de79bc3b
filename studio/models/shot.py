"""A shot is one idea; its versions are frozen recipes of it."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from studio.models.person import User
from studio.models.project import Project


class ReviewStatus(models.TextChoices):
    MAKING = "making", "Making"
    TO_REVIEW = "to_review", "To review"
    NEEDS_CHANGES = "needs_changes", "Needs changes"
    APPROVED = "approved", "Approved"


class ShotQuerySet(models.QuerySet["Shot"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__in=Project.objects.visible_to(user))


class Shot(models.Model):
    """`review_status` follows from its takes and decisions (studio.lifecycle.shot_status).

    `moved_at` is when that status last changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="shots")
    title = models.CharField(max_length=120)
    review_status = models.CharField(max_length=16, choices=ReviewStatus, default=ReviewStatus.MAKING)
    moved_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ShotQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["project", "review_status"], name="shot_on_the_board"),
            models.Index(fields=["project", "-created_at"], name="shot_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(review_status__in=ReviewStatus.values), name="shot_review_status_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """A frozen recipe. It is written once, with its references, and never changed afterwards.

    Only `locked_at` is set later: since when its takes are approved, so that nothing replaces or deletes them.

    `prompt` holds mentions as identities (see studio.mentions). `duration` is whole seconds.
    `fingerprint` is the SHA-256 of everything that is sent, so that the same recipe makes no second version.
    """

    class Resolution(models.TextChoices):
        P720 = "720p", "720P"
        P1080 = "1080p", "1080P"

    class Ratio(models.TextChoices):
        WIDE = "16:9", "16:9"
        TALL = "9:16", "9:16"
        SQUARE = "1:1", "1:1"
        CLASSIC = "4:3", "4:3"
        PORTRAIT = "3:4", "3:4"

    class ShotType(models.TextChoices):
        SINGLE = "single", "Single"
        MULTI = "multi", "Multi"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    shot = models.ForeignKey(Shot, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    prompt = models.TextField(max_length=5000)
    negative_prompt = models.TextField(max_length=2500, blank=True)
    resolution = models.CharField(max_length=5, choices=Resolution)
    ratio = models.CharField(max_length=4, choices=Ratio)
    duration = models.PositiveSmallIntegerField()
    prompt_extend = models.BooleanField(default=True)
    watermark = models.BooleanField(default=False)
    shot_type = models.CharField(max_length=6, choices=ShotType, default=ShotType.SINGLE)
    first_frame = models.ForeignKey(
        "studio.LibraryFile", models.PROTECT, null=True, blank=True, related_name="opens_versions"
    )
    fingerprint = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    locked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["created_by", "-created_at"], name="version_of_a_person")]
        constraints = [
            models.UniqueConstraint(fields=["shot", "number"], name="version_numbers_are_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="versions_count_from_one"),
            models.CheckConstraint(
                condition=Q(duration__gte=2, duration__lte=15), name="version_lasts_2_to_15_seconds"
            ),
            models.CheckConstraint(condition=~Q(prompt=""), name="version_has_a_prompt"),
        ]

    def __str__(self) -> str:
        return f"{self.shot} v{self.number}"
