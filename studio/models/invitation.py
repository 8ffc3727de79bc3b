"""A one-time link that lets somebody join. Only the hash of its word is kept."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from studio.models.person import Role
from studio.models.project import Project


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> Self:
        return self.filter(used_at=None, revoked_at=None, ends_at__gt=now)


class Invitation(models.Model):
    """For one address, with a role and the closed projects it opens. Sending it again replaces the word."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_sha256 = models.CharField(max_length=64, unique=True)
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role)
    projects = models.ManyToManyField(Project, related_name="+", blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(used_at=None, revoked_at=None),
                name="one_open_invitation_per_email",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invited_role_is_known"),
        ]

    def __str__(self) -> str:
        return self.email
