"""That nothing is being sent reaches pages that are open, and so does its end."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from studio import freezing
from studio.models import GenerationTask, Role
from tests.decisions.scene import olga, ready_take
from tests.factories import make_user

pytestmark = pytest.mark.django_db
SAYS = "Nothing is being sent, since"
POLL = re.compile(
    r'data-(?:url="(?P<url>/poll/[^"]+\?[^"]*)"|query="(?P<query>[^"]+)" data-cap="(?P<cap>[^"]+)")'
)


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def take() -> GenerationTask:
    return ready_take()


@pytest.fixture
def owner() -> Client:
    client = Client()
    client.force_login(olga())
    return client


def next_poll(html: str) -> str:
    found = POLL.search(html)
    assert found
    address = found["url"] or f"/poll/review/?{found['query']}&cap={found['cap']}"
    return unescape(address)


@pytest.mark.parametrize("page", ["works", "library", "board", "review"])
def test_a_poll_brings_the_line_and_takes_it_away(owner: Client, take: GenerationTask, page: str):
    arguments = [take.task_id] if page == "review" else []
    before = owner.get(reverse(f"studio:{page}", args=arguments)).content.decode()
    assert owner.get(next_poll(before)).status_code in {200, 204}

    freezing.freeze(is_restored=False)
    frozen = owner.get(next_poll(before)).content.decode()
    freezing.thaw(None)
    thawed = owner.get(next_poll(frozen)).content.decode()

    assert SAYS not in before
    assert SAYS in frozen
    assert re.search(r'id="frozen-line"[^>]* hidden[^>]*hx-swap-oob', thawed)
    assert SAYS not in thawed


def test_a_reviewer_hears_nothing_of_it(take: GenerationTask):
    reviewer = Client()
    reviewer.force_login(make_user("Rae", Role.REVIEWER))
    before = reviewer.get(reverse("studio:review", args=[take.task_id])).content.decode()

    freezing.freeze(is_restored=False)

    assert SAYS not in reviewer.get(next_poll(before)).content.decode()
