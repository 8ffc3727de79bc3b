"""Takes at paid accounts, brought into a state by the product's own moves."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone

from studio import lifecycle
from studio.connections import provider_accounts
from studio.models import Attempt, Connection, GenerationTask, Status, TaskEvent, User
from studio.providers.base import Billed, ErrorCategory, ProviderError
from tests.factories import make_clip, make_recipe, make_tasks

LATER = timedelta(days=1)


def modelstream(**fields: Any) -> Connection:
    fields = {"price_720p": Decimal("0.15"), "base_url": "https://api.modelstream.example"} | fields
    return provider_accounts.connect("modelstream", "sk-1234567890abcdef", **fields)


def apiframe(**fields: Any) -> Connection:
    fields = {"credits_price": Decimal(10), "base_url": "https://api.apiframe.example"} | fields
    return provider_accounts.connect("apiframe", "af-1234567890abcdef", **fields)


def asked(user: User, account: Connection, **recipe: Any) -> GenerationTask:
    """A take of five seconds that nobody has begun."""
    return rows(make_tasks(user=user, recipe=make_recipe(**recipe), connection=account)[0])


def rows(task: GenerationTask, **fields: Any) -> GenerationTask:
    """The take with these columns, held so that no step moves it."""
    GenerationTask.objects.filter(pk=task.pk).update(lease_token=uuid4(), **fields)
    task.refresh_from_db()
    return task


def begun(task: GenerationTask) -> Attempt:
    attempt = lifecycle.begin_attempt(task, _token(task))
    assert attempt is not None
    return attempt


def taken(task: GenerationTask, **fields: Any) -> GenerationTask:
    """At its provider, with a job's number."""
    attempt = begun(task)
    lifecycle.accept(task, attempt, uuid4().hex, _token(task), look_again=timezone.now() + LATER)
    return rows(task, **fields)


def made(task: GenerationTask, amount: str | None = None, unit: Any = "usd") -> GenerationTask:
    """Finished there, and charged: the provider told how much, or did not."""
    taken(task)
    billed = None if amount is None else Billed(amount=Decimal(amount), unit=unit)
    lifecycle.made(task, _token(task), video_url="https://files.example/clip.mp4", billed=billed)
    return rows(task)


def ready(task: GenerationTask, amount: str | None = None, unit: Any = "usd") -> GenerationTask:
    made(task, amount, unit)
    now = timezone.now()
    return rows(task, status=Status.SUCCEEDED, finished_at=now, next_at=None, clip=make_clip())


def refused(task: GenerationTask, category: ErrorCategory, message: str, **more: Any) -> GenerationTask:
    error = ProviderError(category, message, detail="request req-77", fault=more.pop("fault", ""))
    lifecycle.refuse(task, None, error, _token(task), **more)
    return rows(task)


def lost(task: GenerationTask, *, look_at: datetime | None = None) -> Attempt:
    """Sent, and never answered."""
    attempt = begun(task)
    error = ProviderError(ErrorCategory.UNCERTAIN, "We don’t know yet.", detail="ReadTimeout")
    lifecycle.lose_track(task, attempt, error, _token(task), look_at=look_at)
    return attempt


def picked_up(task: GenerationTask, attempt: Attempt) -> None:
    """Its provider has fetched every reference."""
    now = timezone.now()
    Attempt.objects.filter(pk=attempt.pk).update(first_fetched_at=now, fetch_count=2)
    for reference in task.version.references.select_related("media"):
        TaskEvent.objects.create(
            task=task, at=now, to_status=task.status, word="picked_up", facts={"file": reference.media.sha256}
        )


def _token(task: GenerationTask) -> Any:
    if task.lease_token is None:
        rows(task)
    return task.lease_token
