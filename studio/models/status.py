"""The statuses of a task, and the sets that people and queries speak of.

STEPPED: those with something left to do while they have a next time. A take of unknown fate is looked for, and a
cancelled one that its provider could not stop is watched.
"""

from django.db import models


class Status(models.TextChoices):
    QUEUED = "queued", "Waiting its turn"
    SUBMITTING = "submitting", "Sending references"
    RUNNING = "running", "Generating"
    SAVING = "saving", "Saving the clip"
    SUCCEEDED = "succeeded", "Ready"
    FAILED = "failed", "Didn't work"
    CANCELED = "canceled", "Cancelled"
    EXPIRED = "expired", "No longer held"
    UNCERTAIN = "uncertain", "We don't know yet"


ACTIVE = (Status.QUEUED, Status.SUBMITTING, Status.RUNNING, Status.SAVING)
IN_FLIGHT = (Status.SUBMITTING, Status.RUNNING, Status.SAVING)
FINISHED = (Status.SUCCEEDED, Status.FAILED, Status.CANCELED, Status.EXPIRED)
STEPPED = (*ACTIVE, Status.UNCERTAIN, Status.CANCELED)
