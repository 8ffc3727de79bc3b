"""The constants of the studio, made short for kill runs: what is tested is what happens when a time is over."""

from __future__ import annotations

import gc
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from django.utils import timezone

from studio import conductor, lifecycle
from studio.connections import rates
from studio.drafts import making
from studio.files import fixing
from studio.media.errors import ChildCancelled
from studio.models import FixJob, GenerationTask, Notice
from studio.news.mail import BEGUN_FOR
from studio.providers.base import Capability
from studio.providers.wire import tls_context
from studio.steps import lost, sending, waiting

LEASE = timedelta(seconds=10)
LOOK = timedelta(milliseconds=40)
_DRAW = making.make


def make() -> None:
    """For this process and all forked from it."""
    _read_once()
    gc.freeze()
    lifecycle.leases.LEASE = fixing.LEASE = LEASE
    conductor.LOOK_EVERY_SECONDS = 0.06
    fixing.LOOK_EVERY_SECONDS = 0.02
    sending.FIRST_LOOK_FOR_LOST = timedelta(milliseconds=100)
    waiting.FIRST_PAUSE, waiting.LONGEST_PAUSE = 0.1, 1.0
    places: Any = waiting
    places.next_look = _soon
    lookings: Any = lost
    lookings.PAUSES = (0.1, 0.2, 0.5, 1, 5)


def _read_once() -> None:
    """What every fork would load for itself."""
    tls_context()
    for name in ("django.core.cache.backends.db", "encodings.idna", "stringprep", "studio.invariants"):
        import_module(name)


def accelerate(speed: float) -> None:
    """Every pause of the studio a part of what it is, as if its clock ran so many times as fast."""
    _read_once()
    gc.freeze()
    usual, rhythm = rates.capability_for, waiting.next_look
    places: Any = lost
    for name in ("BEFORE", "AFTER", "KEYS_HOLD", "LOOKED_FOR"):
        setattr(places, name, getattr(places, name) / speed)
    places.PAUSES = tuple(pause / speed for pause in lost.PAUSES)
    places = waiting
    places.FIRST_PAUSE, places.LONGEST_PAUSE = waiting.FIRST_PAUSE / speed, waiting.LONGEST_PAUSE / speed
    places.KEY_PAUSE /= speed
    places.next_look = lambda task, capability: (
        timezone.now() + (rhythm(task, capability) - timezone.now()) / speed
    )
    places = rates
    places.capability_for = lambda account: replace(
        usual(account), queries_per_second=usual(account).queries_per_second * speed
    )
    lifecycle.leases.LEASE = fixing.LEASE = lifecycle.leases.LEASE / speed
    sending.FIRST_LOOK_FOR_LOST /= speed
    conductor.LOOK_EVERY_SECONDS = 0.05


def _soon(task: GenerationTask, capability: Capability) -> datetime:
    return timezone.now() + LOOK


def let_leases_run_out() -> None:
    """What a dead process held is free, as if its time were over. Living ones must not be near: they would go on."""
    past = timezone.now() - timedelta(seconds=1)
    GenerationTask.objects.filter(lease_until__isnull=False).update(lease_until=past)
    FixJob.objects.filter(lease_until__isnull=False).update(lease_until=past)
    Notice.objects.filter(mailing_at__isnull=False).update(mailing_at=past - BEGUN_FOR)


def draw_by_copying(film: Path) -> None:
    """Let the free drafts of this process be copies of one small film, with progress and a way to cancel."""
    places: Any = making
    places.make = lambda request, out, *, on_progress=None, cancel=None: _copy(film, out, on_progress, cancel)


def draw_really() -> None:
    places: Any = making
    places.make = _DRAW


def _copy(
    film: Path, out: Path, on_progress: Callable[[float], None] | None, cancel: threading.Event | None
) -> None:
    for step in range(1, 11):
        if cancel is not None and cancel.wait(0.005):
            raise ChildCancelled
        if on_progress:
            on_progress(step / 10)
    shutil.copyfile(film, out)
