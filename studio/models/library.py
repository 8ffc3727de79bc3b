"""Uploaded bytes, kept once per content, and their named use in a project."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from studio import media
from studio.models.person import User
from studio.models.project import Project


class FileKind(models.TextChoices):
    IMAGE = "image", "Picture"
    VIDEO = "video", "Clip"
    AUDIO = "audio", "Voice"


class MediaFile(models.Model):
    """The bytes of one file, stored under their SHA-256. `facts` is what the inspection measured.

    `previews` names our own re-encoded pictures of it (see studio.media.previews); empty while there are none.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=5, choices=FileKind)
    mime = models.CharField(max_length=60)
    extension = models.CharField(max_length=8)
    size_bytes = models.PositiveBigIntegerField()
    facts = models.JSONField()
    previews = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FileKind.values), name="media_file_kind_is_known"),
            models.CheckConstraint(condition=Q(size_bytes__gt=0), name="media_file_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"

    @property
    def measured(self) -> media.Facts:
        return media.Facts.from_dict(self.facts)


class FileRole(models.TextChoices):
    NONE = "", "No role yet"
    PERSON = "person", "Person"
    PLACE = "place", "Place"
    PROP = "prop", "Prop"
    STYLE = "style", "Style"
    MOTION = "motion", "Motion"
    VOICE = "voice", "Voice"


class LibraryFileQuerySet(models.QuerySet["LibraryFile"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__in=Project.objects.visible_to(user))

    def in_library(self) -> Self:
        return self.filter(deleted_at=None)


class LibraryFile(models.Model):
    """A file as people know it: with a name and a role, in one project.

    A fixed copy points at the file it was made from (`fixed_from`) and says in `fix` what was done.
    The consent note says who agreed (`consent_who`), to what, and until which day; no day means without end.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="files")
    media = models.ForeignKey(MediaFile, models.PROTECT, related_name="uses")
    name = models.CharField(max_length=120)
    original_name = models.CharField(max_length=255)
    role = models.CharField(max_length=8, choices=FileRole, blank=True, default=FileRole.NONE)
    voice = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="rides_with")
    fixed_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="fixed_copies")
    fix = models.JSONField(default=dict, blank=True)
    consent_who = models.CharField(max_length=120, blank=True)
    consent_for = models.CharField(max_length=200, blank=True)
    consent_until = models.DateField(null=True, blank=True)
    consent_noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    consent_noted_at = models.DateTimeField(null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = LibraryFileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["project", "-created_at", "id"], name="library_newest_first"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["project", "media"], name="one_library_file_per_content"),
            models.CheckConstraint(condition=~Q(name=""), name="library_file_has_a_name"),
            models.CheckConstraint(condition=Q(role__in=FileRole.values), name="library_file_role_is_known"),
            models.CheckConstraint(
                condition=~Q(consent_who="")
                | Q(consent_for="", consent_until=None, consent_noted_by=None, consent_noted_at=None),
                name="consent_is_somebodys",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> str:
        return self.media.kind
