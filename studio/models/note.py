"""What somebody says about a take: on a frame, a stretch or the whole clip, with a drawing if they like."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from studio.models.generation_task import GenerationTask
from studio.models.share import Guest
from studio.models.shot import Shot


class NoteQuerySet(models.QuerySet["Note"]):
    def shown(self) -> Self:
        """Without what was deleted."""
        return self.filter(deleted_at=None)

    def threads(self) -> Self:
        """What begins a thread, not the answers in it."""
        return self.filter(parent=None)

    def undone(self) -> Self:
        """Threads that still wait for somebody."""
        return self.shown().threads().filter(done_at=None)

    def for_guests(self) -> Self:
        """What may leave the studio: nothing that is for the team only, and no answers to such."""
        return self.shown().filter(is_team_only=False).exclude(parent__is_team_only=True)


class Note(models.Model):
    """`first_frame` and `last_frame` count from 0 at the clip's own rate; both None is the whole clip.

    `drawing` is a list of strokes in coordinates of the picture, 0 to 1 (see studio.drawings). It belongs to
    `first_frame`. Somebody wrote it: a member (`author`) or a guest of a share link. Answers have a `parent`, and
    neither a place nor a drawing of their own. `revision` is the studio's change counter at its last change.
    """

    id = models.BigAutoField(primary_key=True)
    note_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    shot = models.ForeignKey(Shot, models.PROTECT, related_name="notes")
    task = models.ForeignKey(GenerationTask, models.PROTECT, related_name="notes")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="answers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    guest = models.ForeignKey(Guest, models.PROTECT, null=True, related_name="notes")
    text = models.TextField(max_length=5000)
    first_frame = models.PositiveIntegerField(null=True, blank=True)
    last_frame = models.PositiveIntegerField(null=True, blank=True)
    drawing = models.JSONField(default=list, blank=True)
    is_team_only = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revision = models.BigIntegerField(default=0)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["task", "id"], name="note_of_a_take"),
            models.Index(fields=["task", "revision"], name="note_changed_since"),
            models.Index(
                fields=["shot"],
                condition=Q(parent=None, done_at=None, deleted_at=None),
                name="note_to_do",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(author__isnull=False, guest=None) | Q(author=None, guest__isnull=False),
                name="note_has_one_writer",
            ),
            models.CheckConstraint(condition=~Q(text="") | ~Q(drawing=[]), name="note_says_something"),
            models.CheckConstraint(
                condition=Q(first_frame=None, last_frame=None) | Q(last_frame__gte=F("first_frame")),
                name="note_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | Q(first_frame=None, drawing=[]), name="an_answer_has_no_place"
            ),
            models.CheckConstraint(
                condition=Q(drawing=[]) | Q(first_frame__isnull=False), name="a_drawing_has_a_frame"
            ),
            models.CheckConstraint(
                condition=Q(guest=None) | Q(is_team_only=False), name="a_guest_writes_for_all"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def is_whole_clip(self) -> bool:
        return self.first_frame is None


class NoteEdit(models.Model):
    """What a note said before it was changed or deleted. Rows are only ever added."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="edits")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.note_id} until {self.at:%Y-%m-%d %H:%M}"


class NoteMention(models.Model):
    """Somebody was named in a note with @. It waits in their inbox until `handled_at`."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentions")
    created_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], condition=Q(handled_at=None), name="mention_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["note", "user"], name="one_mention_of_a_person_in_a_note"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.note_id}"
