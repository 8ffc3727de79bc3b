"""The poll of a page, and takes that have just ended."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from studio import changes
from studio.models import TaskEvent
from tests.factories import make_task


def poll(client, page="works", seen=0, headers=None, **about):
    asked = {"page": page, "seen": seen, "newest": 0, "worker": 1, **about}
    return client.get(reverse("studio:poll-works"), asked, headers=headers)


def ended(user, status, **fields):
    task = make_task(status, user=user, revision=changes.next_revision(), **fields)
    TaskEvent.objects.create(task=task, at=timezone.now(), to_status=status)
    return task
