"""The history: filters, pages, and what can be done with several clips at once."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from studio import history, lifecycle
from studio.history import Filters
from studio.models import GenerationTask, Project, Status
from studio.models.person import Role
from studio.storage import store
from tests.factories import inbox, make_project, make_task, make_tasks, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    user = make_user()
    client.force_login(user)
    return user


def shown(user, **fields):
    return {task.pk for task in history.page(history.visible_projects(user), Filters(**fields)).tasks}


def test_every_filter_narrows_to_its_own(ada):
    city = make_project()
    bob = make_user("Bob Ross")
    ready = make_task(Status.SUCCEEDED, user=ada)
    failed = make_task(Status.FAILED, user=bob, project=city)
    lifecycle.set_pick(ready, is_pick=True, actor=ada)
    GenerationTask.objects.filter(pk=ready.pk).update(created_at=timezone.now() - timedelta(days=10))

    assert shown(ada) == {ready.pk, failed.pk}
    assert shown(ada, project=city.pk) == {failed.pk}
    assert shown(ada, shot=ready.version.shot_id) == {ready.pk}
    assert shown(ada, person=bob.pk) == {failed.pk}
    assert shown(ada, status="ready") == {ready.pk}
    assert shown(ada, provider="modelstream") == set()
    assert shown(ada, kind="draft") == {ready.pk, failed.pk}
    assert shown(ada, kind="paid") == set()
    assert shown(ada, pick=True) == {ready.pk}
    assert shown(ada, date="week") == {failed.pk}


@pytest.mark.parametrize(
    "query",
    ["project=x", "person=-1", "person=" + "9" * 40, "before=abc", "status=%00", "q=%00", "view=9", "date=1"],
)
def test_an_address_that_makes_no_sense_still_shows_the_library(client, ada, query):
    assert client.get(f"{reverse('studio:library')}?{query}").status_code == 200


def test_a_page_costs_the_same_queries_for_one_clip_and_for_twenty(client, ada):
    make_task(Status.SUCCEEDED, user=ada)
    client.get(reverse("studio:library"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("studio:library"))
    for _ in range(19):
        make_task(Status.SUCCEEDED, user=ada)

    with CaptureQueriesContext(connection) as twenty:
        client.get(reverse("studio:library"))

    assert len(twenty) == len(one)
    assert len(one) <= 12
    assert not [each["sql"] for each in one if "COUNT(" in each["sql"]]


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(status="ready"),
        Filters(person=1),
        Filters(provider="modelstream"),
        Filters(pick=True),
        Filters(person=1, status="failed"),
    ],
)
@pytest.mark.sqlite
def test_no_filter_makes_the_database_sort(ada, filters):
    make_project()
    rows = history.filtered(history.visible_projects(ada), filters).filter(pk__lt=10**9).newest_first()[:48]

    plan = rows.explain()

    assert "TEMP B-TREE" not in plan, plan


def test_a_page_asked_for_by_htmx_is_only_the_clips(client, ada):
    make_task(Status.SUCCEEDED, user=ada)

    text = client.get(reverse("studio:library"), headers={"HX-Request": "true"}).content.decode()

    assert "clip-tile" in text
    assert "<html" not in text


def test_nothing_matches_says_where_it_looked(client, ada):
    make_task(Status.SUCCEEDED, user=ada)

    text = client.get(reverse("studio:library"), {"q": "unicycle"}).content.decode()

    assert "Nothing matches “unicycle”" in text


def test_chosen_clips_come_as_a_zip_with_distinct_names(client, ada):
    tasks = [make_task(Status.SUCCEEDED, user=ada) for _ in range(2)]
    for task in tasks:
        path = store.media_path(task.clip.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"film " * 200_000)

    answer = client.post(reverse("studio:clips-download"), {"clip": [task.task_id for task in tasks]})

    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    assert archive.namelist() == ["Morning stretch v1 take 1.mp4", "Morning stretch v1 take 1 (2).mp4"]
    assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED


def test_a_clip_moves_with_its_whole_shot_and_the_counts_follow(client, ada):
    city = make_project()
    task, other = make_tasks(user=ada, takes=2)
    ready = make_task(Status.SUCCEEDED, user=ada)

    client.post(reverse("studio:clips-move"), {"clip": [task.task_id, ready.task_id], "project": city.pk})

    other.refresh_from_db()
    assert other.project == city
    assert Project.objects.get(pk=city.pk).clip_count == 1
    assert inbox().clip_count == 0
    assert shown(ada, q="morning", project=city.pk) == {task.pk, other.pk, ready.pk}


def test_the_bin_takes_clips_away_and_brings_them_back(client, ada):
    task = make_task(Status.SUCCEEDED, user=ada)

    answer = client.post(reverse("studio:bin-put"), {"clip": task.task_id}, follow=True)
    assert "Undo" in answer.content.decode()
    assert shown(ada) == set()
    assert "30 days left" in client.get(reverse("studio:bin")).content.decode()

    client.post(reverse("studio:bin-restore"), {"clip": task.task_id})

    assert shown(ada) == {task.pk}


def test_a_clip_deleted_for_good_is_gone_from_the_search_too(client, ada):
    task = make_task(Status.SUCCEEDED, user=ada)
    lifecycle.put_in_bin([task], ada)

    client.post(reverse("studio:bin-delete"), {"clip": task.task_id})

    assert not GenerationTask.objects.filter(pk=task.pk).exists()
    assert shown(ada, q="morning") == set()


def test_only_what_lies_in_the_bin_can_be_deleted_for_good(client, ada):
    task = make_task(Status.SUCCEEDED, user=ada)

    client.post(reverse("studio:bin-delete"), {"clip": task.task_id})

    assert GenerationTask.objects.filter(pk=task.pk).exists()


@pytest.mark.parametrize("name", ["clips-download", "clips-move", "bin-put", "bin-restore", "bin-delete"])
def test_clips_of_others_cannot_be_chosen(client, ada, name):
    hidden = make_task(Status.SUCCEEDED, project=make_project(is_open=False))

    assert client.post(reverse(f"studio:{name}"), {"clip": hidden.task_id}).status_code == 404
    assert client.post(reverse(f"studio:{name}"), {"clip": "nonsense"}).status_code == 404
    assert client.get(reverse(f"studio:{name}")).status_code == 405


@pytest.mark.parametrize("name", ["clips-move", "bin-put", "bin-restore", "bin-delete"])
def test_a_reviewer_watches_and_changes_nothing(client, name):
    client.force_login(make_user("Rita Levi", Role.REVIEWER))
    task = make_task(Status.SUCCEEDED)

    assert client.post(reverse(f"studio:{name}"), {"clip": task.task_id}).status_code == 403
