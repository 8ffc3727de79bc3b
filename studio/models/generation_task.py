"""One take: a clip made from a version at one connection with one seed."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from studio.models.clip import Clip
from studio.models.connection import Connection, ConnectionKey
from studio.models.person import User
from studio.models.project import Project
from studio.models.shot import Version
from studio.models.status import ACTIVE, FINISHED, IN_FLIGHT, STEPPED, Status

# A stage of a running take: its provider has it and has not begun.
SENT = "in its queue"


class Submission(models.Model):
    """One press of the button. The token comes with the form, so a second press finds the first one's tasks."""

    token = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.token)


class Trouble(models.TextChoices):
    """What keeps a take waiting that would else go on. None of these is a failure."""

    OUTAGE = "outage", "The provider isn't answering"
    BUSY = "busy", "The provider is busy"
    RATE = "rate", "The provider asked us to wait"
    KEY = "key", "The provider didn't accept the key"
    STORING = "storing", "Our copy could not be stored"
    RESULT = "result", "The clip could not be fetched"
    ODD = "odd", "The provider's answers make no sense"


class GenerationTaskQuerySet(models.QuerySet["GenerationTask"]):
    def visible_to(self, user: User) -> Self:
        """Coalesce hides the column from the planner, which would else begin with every row of those projects."""
        if user.sees_all_projects:
            return self
        hidden = self.alias(lies_in=Coalesce(F("project_id"), F("project_id")))
        return hidden.filter(lies_in__in=Project.objects.visible_to(user).values("pk"))

    def ready_takes(self) -> Self:
        """The ready takes outside the bin, of some version or shot that the caller names.

        Coalesce hides the status from the planner: ready is most of what there is, and nothing to begin with.
        """
        return self.alias(stands=Coalesce(F("status"), F("status"))).filter(
            stands=Status.SUCCEEDED, binned_at=None
        )

    def outside_bin(self) -> Self:
        return self.filter(binned_at=None)

    def in_bin(self) -> Self:
        return self.filter(binned_at__isnull=False)

    def active(self) -> Self:
        """Being made. Only such rows have a next time, which is what the index of work under way holds."""
        return self.filter(next_at__isnull=False, status__in=ACTIVE)

    def in_flight(self) -> Self:
        return self.filter(next_at__isnull=False, status__in=IN_FLIGHT)

    def due(self, now: datetime) -> Self:
        """Rows that want a step: their time has come and nobody holds them."""
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        return self.filter(free, status__in=STEPPED, next_at__lte=now)

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def for_cards(self) -> Self:
        """With everything a card or row shows, in one query."""
        return self.select_related("version__shot", "project", "created_by", "clip", "connection", "cover")


class GenerationTask(models.Model):
    """The truth about one take. `id` orders the history; `task_id` is what addresses carry.

    A worker may write only while it holds the lease: `lease_token` is the fence (see studio.lifecycle).
    `revision` is the studio's change counter at the last visible change. `progress` is 0-100. `fault` names the
    input that a failure points at: the key of a reference, "voice:KEY", "first_frame" or "prompt". `trouble` is
    what the next try waits for, since when, after so many `tries`; empty while all goes well.
    """

    task_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="tasks")
    version = models.ForeignKey(Version, models.PROTECT, related_name="tasks")
    connection = models.ForeignKey(Connection, models.PROTECT, related_name="tasks")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="tasks")
    provider = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField(null=True, blank=True)
    cover = models.ForeignKey("studio.MediaFile", models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    job_id = models.CharField(max_length=120, blank=True)
    result_url = models.CharField(max_length=2000, blank=True)
    progress = models.PositiveSmallIntegerField(null=True, blank=True)
    stage = models.CharField(max_length=60, blank=True)
    error_category = models.CharField(max_length=20, blank=True)
    error_message = models.TextField(blank=True)
    error_detail = models.TextField(blank=True)
    fault = models.CharField(max_length=12, blank=True)
    trouble = models.CharField(max_length=12, choices=Trouble, blank=True)
    trouble_since = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expected_seconds = models.PositiveIntegerField(default=0)
    making_seconds = models.FloatField(null=True, blank=True)
    clip = models.OneToOneField(Clip, models.PROTECT, null=True, blank=True, related_name="task")
    is_pick = models.BooleanField(default=False)
    binned_at = models.DateTimeField(null=True, blank=True)

    next_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    step_failures = models.PositiveSmallIntegerField(default=0)
    revision = models.BigIntegerField(default=0)

    objects = GenerationTaskQuerySet.as_manager()

    class Meta:
        indexes = [
            # Conditions that a database can match with bound parameters: a list of statuses is none of them.
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="task_due"),
            models.Index(
                fields=["connection", "status"], condition=Q(next_at__isnull=False), name="task_in_flight"
            ),
            models.Index(fields=["revision"], name="task_changed_since"),
            models.Index(fields=["project", "-id"], condition=Q(binned_at=None), name="task_history_project"),
            models.Index(
                fields=["created_by", "-id"], condition=Q(binned_at=None), name="task_history_person"
            ),
            models.Index(
                fields=["provider", "-id"], condition=Q(binned_at=None), name="task_history_provider"
            ),
            models.Index(fields=["status", "-id"], condition=Q(binned_at=None), name="task_history_status"),
            models.Index(fields=["-id"], condition=Q(is_pick=True), name="task_history_picks"),
            models.Index(fields=["created_at"], name="task_by_time"),
            models.Index(
                fields=["project", "status", "-id"],
                condition=Q(binned_at=None),
                name="task_history_in_project",
            ),
            models.Index(
                fields=["created_by", "status", "-id"],
                condition=Q(binned_at=None),
                name="task_history_by_person",
            ),
            models.Index(
                fields=["project", "-id"], condition=Q(is_pick=True), name="task_history_project_picks"
            ),
            models.Index(fields=["binned_at"], condition=Q(binned_at__isnull=False), name="task_bin"),
            models.Index(fields=["-id"], condition=Q(binned_at__isnull=False), name="task_bin_newest"),
            models.Index(
                fields=["provider", "-finished_at"],
                condition=Q(making_seconds__isnull=False),
                name="task_making_times",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="take_numbers_are_unique"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=4), name="version_has_1_to_4_takes"
            ),
            models.UniqueConstraint(
                fields=["version"], condition=Q(is_pick=True), name="one_pick_per_version"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="task_status_is_known"),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.RUNNING, Status.SAVING], job_id=""),
                name="running_task_has_job_id",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=ACTIVE, next_at=None), name="active_task_has_a_next_time"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.SUCCEEDED, clip=None), name="succeeded_task_has_its_clip"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.FAILED, error_category=""), name="failed_task_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=FINISHED, finished_at=None), name="finished_task_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(progress=None) | Q(progress__lte=100), name="progress_is_at_most_100"
            ),
            models.CheckConstraint(
                condition=~Q(is_pick=True) | Q(status=Status.SUCCEEDED), name="only_a_ready_take_is_picked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}, take {self.number}"

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def is_finished(self) -> bool:
        return self.status in FINISHED

    @property
    def is_draft(self) -> bool:
        return self.provider == "local"


class Attempt(models.Model):
    """One create call. It is committed before the first byte leaves; the job's id is committed after.

    `connection_key` is the key it was sent with, kept for its questions and its callbacks. `uploads` maps the
    SHA-256 of each file that went to the provider's own upload to its address there. `first_fetched_at`: when one
    of this attempt's links was first fetched, which proves that it was received. `callback_at`: the last callback.
    `finding` is what the last look for a lost job found: "none", "several" or nothing yet.
    """

    task = models.ForeignKey(GenerationTask, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    intended_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    job_id = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    connection_key = models.ForeignKey(ConnectionKey, models.PROTECT, null=True, related_name="+")
    uploads = models.JSONField(default=dict, blank=True)
    first_fetched_at = models.DateTimeField(null=True, blank=True)
    fetch_count = models.PositiveIntegerField(default=0)
    callback_at = models.DateTimeField(null=True, blank=True)
    investigated_at = models.DateTimeField(null=True, blank=True)
    finding = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "number"], name="attempt_numbers_are_unique"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, job_id="") | (Q(accepted_at__isnull=False) & ~Q(job_id="")),
                name="accepted_attempt_has_job_id",
            ),
            models.UniqueConstraint(
                fields=["job_id"], condition=~Q(job_id=""), name="a_job_belongs_to_one_attempt"
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.task}"
