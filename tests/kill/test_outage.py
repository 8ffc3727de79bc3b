"""T-03: a provider is away for twelve hours of a virtual clock, with a thousand jobs under way."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from studio import conductor, tasks
from studio.connections import provider_accounts
from studio.models import Clip, GenerationTask, Status
from studio.providers.base import ErrorCategory, ProviderError, Snapshot, State
from studio.steps import results
from tests.engine.fakes import FakeProvider
from tests.factories import make_recipe, make_tasks, make_user

JOBS = 1000
HOURS = 12


@pytest.mark.kill
@pytest.mark.django_db
def test_t03_a_thousand_jobs_all_settle_after_an_outage_of_twelve_hours(monkeypatch: pytest.MonkeyPatch):
    fake = FakeProvider()
    monkeypatch.setattr(provider_accounts, "provider_for", lambda connection, key=None: fake)
    monkeypatch.setattr(results, "bring_home", lambda task, token: _clip())
    with time_machine.travel(timezone.now(), tick=False) as clock:
        _under_way(JOBS)
        fake.answers = [ProviderError(ErrorCategory.PROVIDER_BUSY, "It isn’t answering.")]
        asked = sum(_round() for _ in range(HOURS * 60) if clock.shift(timedelta(minutes=1)) is None)
        lost = GenerationTask.objects.exclude(status=Status.RUNNING).count()
        fake.answers = [Snapshot(state=State.SUCCEEDED, video_url="file:///made.mp4")]
        for _ in range(JOBS):
            clock.shift(timedelta(seconds=5))
            if not _round() and not GenerationTask.objects.filter(status=Status.RUNNING).exists():
                break

    assert lost == 0
    assert asked <= HOURS * 60 * conductor.TRIED_AT_ONCE + conductor.CLAIM_AT_MOST
    assert GenerationTask.objects.filter(status=Status.SUCCEEDED).count() == JOBS


def _under_way(count: int) -> None:
    recipe, user = make_recipe(), make_user()
    for _ in range(count // 4):
        make_tasks(takes=4, recipe=recipe, user=user)
    now = timezone.now()
    job_id = Concat(Value("job-"), F("pk"))
    GenerationTask.objects.update(status=Status.RUNNING, job_id=job_id, started_at=now, next_at=now)


def _round() -> int:
    """One round of the conductor, its steps run in place. How many there were."""
    claims = conductor.claim_due(timezone.now())
    for pk, token in claims:
        tasks.advance.func(pk, str(token))
    return len(claims)


def _clip() -> Clip:
    name = uuid4()
    return Clip(
        id=name,
        path=f"clips/xx/{name}.mp4",
        sha256="0" * 64,
        size_bytes=1000,
        width=1280,
        height=720,
        duration=5.0,
        fps=30.0,
        video_codec="h264",
    )
