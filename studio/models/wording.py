"""Words to begin a clip with, kept under a name for the whole studio."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Wording(models.Model):
    """A template: the prompt as people read it ("Image 1 walks …"), and the settings that go with it, as typed.

    It names places in the tray, not files: the same words serve with any pictures.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    prompt = models.TextField(max_length=5000)
    negative_prompt = models.TextField(max_length=2500, blank=True)
    settings = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="wording_newest")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="wording_has_a_name"),
            models.CheckConstraint(condition=~models.Q(prompt=""), name="wording_has_words"),
        ]

    def __str__(self) -> str:
        return self.name
