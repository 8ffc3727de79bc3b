"""Takes in a state that a test needs, made the way the product makes them: with their events, in one transaction."""

from __future__ import annotations

import json

from tests.e2e.studio_process import LiveStudio

SEND = """
import io, json
from datetime import timedelta
from uuid import uuid4
from PIL import Image
from django.db import transaction
from django.utils import timezone
from studio import lifecycle, mentions, recipes, uploads
from studio.models import *
owner = User.objects.filter(role="owner").first()
inbox = Project.objects.get(is_inbox=True)
free = Connection.objects.get(provider="local")
settings = recipes.Settings(duration=2)
def picture():
    found = LibraryFile.objects.filter(media__kind="image", deleted_at=None).first()
    if found:
        return found
    drawn = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 120, 160)).save(drawn, "PNG")
    return uploads.store_bytes(drawn.getvalue(), filename="evening.png", project=inbox, user=owner, use="picture")
sky = picture()
def send(title, takes=1):
    key = mentions.new_key()
    recipe = recipes.Recipe(title=title, prompt="{{ref:%s}} %s in the evening light" % (key, title),
        references=(recipes.ReferenceChoice(key=key, file=sky, name="evening"),), first_frame=None, settings=settings)
    return recipes.send(recipe, user=owner, project=inbox, shot=None, connection=free, takes=takes, token=uuid4())
"""
FAIL = """
with transaction.atomic():  # no worker sees a take of these before it has failed
    for title in json.loads({titles!r}):
        for task in send(title):
            lifecycle.move(task, Status.FAILED, next_at=None, finished_at=timezone.now(),
                error_category="provider_error", error_message="The paper ran out.")
"""
PARK = """
with transaction.atomic():
    tasks = send({title!r}, takes=4)
    GenerationTask.objects.filter(pk__in=[task.pk for task in tasks]).update(
        next_at=timezone.now() + timedelta(hours=1))
"""
CANCEL_PARKED = """
for task in GenerationTask.objects.filter(status=Status.QUEUED, next_at__gt=timezone.now() + timedelta(minutes=1)):
    lifecycle.request_cancel(task, owner)
"""


def plant_failed(studio: LiveStudio, *titles: str) -> None:
    """One take for each title that failed and costs nothing to try again: two seconds of free draft."""
    studio.python(SEND + FAIL.format(titles=json.dumps(titles)))


def park(studio: LiveStudio, title: str) -> None:
    """Four takes that wait for an hour, so that nothing on the page changes."""
    studio.python(SEND + PARK.format(title=title))


def cancel_parked(studio: LiveStudio) -> None:
    studio.python(SEND + CANCEL_PARKED)
