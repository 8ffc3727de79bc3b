"""Takes in a state that a test needs, made the way the product makes them (see inside.py)."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e.studio_process import LiveStudio

READY = """
from studio.models import Project
from tests.e2e import inside
project = Project.objects.get(name={project!r}) if {project!r} else None
print(*[inside.plant_ready(title, [{film!r}], project=project)[0].task_id for title in {titles!r}])
"""
TROUBLES = """
import json
from datetime import timedelta
from django.db import transaction
from django.utils import timezone
from studio import lifecycle, recipes
from studio.models import GenerationTask, Status, Trouble
from tests.e2e import inside
from tests.works import paid
owner = inside.owner()
later, long_ago = timezone.now() + timedelta(days=1), timezone.now() - timedelta(minutes=20)
def at(account, title):
    settings = recipes.Settings(duration=5)
    task = inside.send(title, prompt="@ in the evening light", account=account, settings=settings)[0]
    return paid.rows(task, next_at=later)
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
    planted: dict[str, str] = json.loads(studio.python(TROUBLES).splitlines()[-1])
    return planted


def plant_ready(studio: LiveStudio, film: Path, *titles: str, project: str = "") -> list[str]:
    """A ready take of a shot of its own for each title, all with this film; their ids."""
    return studio.python(READY.format(film=str(film), titles=titles, project=project)).split()


def plant_failed(studio: LiveStudio, *titles: str) -> None:
    """One take for each title that failed and costs nothing to try again: two seconds of free draft."""
    studio.python(f"from tests.e2e import inside; inside.plant_failed({titles!r})")


def park(studio: LiveStudio, title: str) -> None:
    """Four takes that wait for an hour, so that nothing on the page changes."""
    studio.python(f"from tests.e2e import inside; inside.park({title!r})")


def cancel_all(studio: LiveStudio) -> None:
    """Ask for an end of everything under way."""
    studio.python("from tests.e2e import inside; inside.cancel_all()")


def keep_repairs_waiting(studio: LiveStudio) -> None:
    """Both places of the worker are taken by repairs of the newest file: what is pressed now waits."""
    studio.python("from tests.e2e import inside; inside.keep_repairs_waiting()")


def repair_reaches(studio: LiveStudio, percent: int) -> None:
    """The repair that waits says that it is so far."""
    studio.python(f"from tests.e2e import inside; inside.repair_reaches({percent})")


def stop_repairs(studio: LiveStudio) -> None:
    studio.python("from tests.e2e import inside; inside.stop_repairs()")
