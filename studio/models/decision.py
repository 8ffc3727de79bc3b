"""What somebody decided about a version. A change of mind is a new row; the old one stays."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from studio.models.share import Guest
from studio.models.shot import Version


class Verdict(models.TextChoices):
    APPROVED = "approved", "Approved"
    NEEDS_CHANGES = "needs_changes", "Needs changes"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def standing(self) -> Self:
        """Each person's last word."""
        return self.filter(replaced_at=None)


class Decision(models.Model):
    """`is_final` says that the person's role settled the matter when they decided (studio.access).

    `sentence` is the reason; asking for changes has one. A decision taken back is replaced by none.
    """

    id = models.BigAutoField(primary_key=True)
    decision_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(Version, models.PROTECT, related_name="decisions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    guest = models.ForeignKey(Guest, models.PROTECT, null=True, related_name="decisions")
    verdict = models.CharField(max_length=16, choices=Verdict)
    sentence = models.CharField(max_length=500, blank=True)
    is_final = models.BooleanField(default=False)
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, guest=None) | Q(user=None, guest__isnull=False),
                name="decision_has_one_person",
            ),
            models.UniqueConstraint(
                fields=["version", "user"],
                condition=Q(replaced_at=None, user__isnull=False),
                name="one_standing_decision_of_a_member",
            ),
            models.UniqueConstraint(
                fields=["version", "guest"],
                condition=Q(replaced_at=None, guest__isnull=False),
                name="one_standing_decision_of_a_guest",
            ),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="verdict_is_known"),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.NEEDS_CHANGES, sentence=""), name="changes_have_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(guest=None) | Q(is_final=False), name="a_guest_settles_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} by {self.user or self.guest}"
