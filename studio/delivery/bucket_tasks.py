"""The background step that keeps the bucket tidy, thin: see studio.delivery.bucket."""

from __future__ import annotations

from django.tasks import task
from django.utils import timezone

from studio.delivery import bucket


@task()
def sweep_bucket() -> None:
    """Away from the conductor, which must not wait for a storage that is slow to answer."""
    bucket.sweep(timezone.now())
