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
from studio import lifecycle, mentions, recipes
from studio.files import uploads
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
TROUBLES = """
from studio.models import Charge, Trouble
from tests.works import paid
later, long_ago = timezone.now() + timedelta(days=1), timezone.now() - timedelta(minutes=20)
def at(account, title):
    key = mentions.new_key()
    recipe = recipes.Recipe(title=title, prompt="{{ref:%s}} in the evening light" % key, first_frame=None,
        references=(recipes.ReferenceChoice(key=key, file=sky, name="evening"),), settings=recipes.Settings(duration=5))
    tasks = recipes.send(recipe, user=owner, project=inbox, shot=None, connection=account, takes=1, token=uuid4())
    return paid.rows(tasks[0], next_at=later)
def waiting(task, trouble):
    return paid.rows(task, trouble=trouble, trouble_since=long_ago, tries=3, next_at=later)
with transaction.atomic():  # no worker sees any of these before it is where it stays
    modelstream, apiframe = paid.modelstream(), paid.apiframe()
    waiting(at(modelstream, "Nobody answers"), Trouble.OUTAGE)
    waiting(at(apiframe, "Too many at once"), Trouble.RATE)
    at(apiframe, "Next in line")
    paid.taken(at(modelstream, "Late"), started_at=long_ago, next_at=later)
    waiting(paid.made(at(apiframe, "Made, not fetched"), "85", "credits"), Trouble.RESULT)
    lifecycle.request_cancel(paid.taken(at(apiframe, "Being stopped"), started_at=long_ago), owner)
    GenerationTask.objects.filter(cancel_requested_at__isnull=False, provider="apiframe").update(next_at=later)
    lifecycle.end_as(at(modelstream, "Called off"), Status.CANCELED, None, actor=owner)
    gone = paid.taken(at(modelstream, "Too late"))
    lifecycle.end_as(gone, Status.EXPIRED, gone.lease_token)
    lost = at(modelstream, "Never answered")
    paid.picked_up(lost, paid.lost(lost))
    declined = "ModelStream declined this prompt."
    failed = paid.refused(at(modelstream, "Declined"), paid.ErrorCategory.MODERATION, declined)
print(json.dumps({"failed": str(failed.task_id), "uncertain": str(lost.task_id)}))
"""


def plant_troubles(studio: LiveStudio) -> dict[str, str]:
    """Takes at two paid providers in every trouble there is, none of which moves by itself.

    The addresses of the one that "failed" and of the one whose end nobody knows, the "uncertain" one.
    """
    planted: dict[str, str] = json.loads(studio.python(SEND + TROUBLES).splitlines()[-1])
    return planted


def plant_failed(studio: LiveStudio, *titles: str) -> None:
    """One take for each title that failed and costs nothing to try again: two seconds of free draft."""
    studio.python(SEND + FAIL.format(titles=json.dumps(titles)))


def park(studio: LiveStudio, title: str) -> None:
    """Four takes that wait for an hour, so that nothing on the page changes."""
    studio.python(SEND + PARK.format(title=title))


def cancel_parked(studio: LiveStudio) -> None:
    studio.python(SEND + CANCEL_PARKED)
