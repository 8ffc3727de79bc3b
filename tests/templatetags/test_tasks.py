"""The addresses of takes that cards write are those of the address table."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.urls import reverse

from studio.templatetags.tasks import take_url


@pytest.mark.parametrize("name", ["clip", "review", "clip-remix", "clip-cancel"])
def test_a_take_has_the_address_of_the_table(name: str):
    for task in (SimpleNamespace(task_id=uuid4()), SimpleNamespace(task_id=uuid4())):
        assert take_url(name, task) == reverse(f"studio:{name}", args=[task.task_id])


@pytest.mark.parametrize("variant", ["video", "poster", "download"])
def test_its_media_have_theirs(variant: str):
    task = SimpleNamespace(task_id=uuid4())

    assert take_url("clip-media", task, variant) == reverse("studio:clip-media", args=[task.task_id, variant])
