"""The background step of a repair, thin: see studio.files.fixing."""

from __future__ import annotations

from uuid import UUID

from django.tasks import task

from studio.files import fixing


@task()
def repair(job: str, token: str) -> None:
    """Do one repair, if the claim still holds."""
    fixing.work_on(UUID(job), UUID(token))
