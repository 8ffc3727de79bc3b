"""Who did what that others may have to answer for: decisions, shares, downloads, roles, keys. Only ever added."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from studio.models.project import Project
from studio.models.share import Guest


class AuditEntry(models.Model):
    """`word` names what happened; `facts` are ids, names of ours and numbers, never keys or what somebody wrote.

    `digest` is the SHA-256 over this row and the digest of the row before it, so that an edit shows (D-06).
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    guest = models.ForeignKey(Guest, models.PROTECT, null=True, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="+")
    word = models.CharField(max_length=40)
    facts = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["project", "-id"], name="audit_of_a_project")]

    def __str__(self) -> str:
        return f"{self.word} at {self.at:%Y-%m-%d %H:%M}"
