"""News for one person, for the dot in the bar and for the e-mail digest."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from studio.models.project import Project


class Notice(models.Model):
    """`path` is where it leads, on this site. `sentence` is plain text. `mailed_at` is None while no mail told it.

    `mailing_at` is when a mail that tells it was begun: with no `mailed_at`, whether it left is not known.
    """

    class Kind(models.TextChoices):
        MENTION = "mention", "Mentions"
        DECISION = "decision", "Decisions"
        SHARE = "share", "Share links"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    project = models.ForeignKey(Project, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    sentence = models.CharField(max_length=300)
    path = models.CharField(max_length=200)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    mailing_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_newest"),
            models.Index(fields=["at"], condition=Q(mailed_at=None), name="notice_to_mail"),
        ]

    def __str__(self) -> str:
        return self.sentence
