"""The versions of a shot in a row: their takes, how each stands, and which one opens."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.models import Decision, GenerationTask, Status, User, Verdict
from studio.reviews.version_strip import VersionRow, strip
from tests.factories import make_account, make_clip, make_recipe, make_task, make_tasks, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user()


def ready(*tasks: GenerationTask) -> None:
    for task in tasks:
        GenerationTask.objects.filter(pk=task.pk).update(
            status=Status.SUCCEEDED, clip=make_clip(), next_at=None, finished_at=timezone.now()
        )


def rows_of(task: GenerationTask) -> list[VersionRow]:
    task.refresh_from_db()
    return strip(task)


def another_version(task: GenerationTask, user: User, *, takes: int = 1, **fields) -> list[GenerationTask]:
    """Of the same shot, with another sentence."""
    recipe = make_recipe(title=task.version.shot.title)
    return make_tasks(user=user, shot=task.version.shot, takes=takes, recipe=recipe, **fields)


def test_versions_stand_from_left_to_right_and_the_newest_is_named_latest(ada):
    task = make_task(Status.SUCCEEDED, user=ada)
    ready(*another_version(task, ada, takes=2))

    first, second = rows_of(task)

    assert (first.title, first.name, first.is_here) == ("v1", "v1", True)
    assert (second.title, second.name, second.is_here) == ("v2, two takes", "v2, latest", False)


def test_an_undecided_draft_is_called_a_draft_and_a_paid_take_waits_for_review(ada):
    task = make_task(Status.SUCCEEDED, user=ada)
    paid = another_version(task, ada, connection=make_account())
    ready(*paid)

    draft, made = rows_of(task)

    assert (draft.label, draft.icon) == ("Free draft", "layers")
    assert (made.label, made.icon) == ("To review", "eye")


def test_each_version_shows_what_was_decided_about_it(ada):
    task = make_task(Status.SUCCEEDED, user=ada)
    later = another_version(task, ada)
    ready(*later)
    now = timezone.now()
    Decision.objects.create(
        version=task.version, user=ada, verdict=Verdict.NEEDS_CHANGES, sentence="Longer", at=now
    )
    Decision.objects.create(
        version=later[0].version, user=ada, verdict=Verdict.APPROVED, is_final=True, at=now
    )

    assert [row.label for row in rows_of(task)] == ["Needs changes", "Approved"]


def test_a_version_that_is_being_made_says_so_and_does_not_open(ada):
    task = make_task(Status.SUCCEEDED, user=ada)
    another_version(task, ada)

    making = rows_of(task)[1]

    assert (making.label, making.opens) == ("Making", None)


def test_a_version_opens_at_its_pick(ada):
    task = make_task(Status.SUCCEEDED, user=ada)
    one, two = another_version(task, ada, takes=2)
    ready(one, two)
    assert rows_of(task)[1].opens.task_id == two.task_id

    GenerationTask.objects.filter(pk=one.pk).update(is_pick=True)

    assert rows_of(task)[1].opens.task_id == one.task_id


def test_what_lies_in_the_bin_is_left_out(ada):
    task = make_task(Status.SUCCEEDED, user=ada)
    binned = another_version(task, ada)
    GenerationTask.objects.filter(pk=binned[0].pk).update(binned_at=timezone.now())

    assert [row.number for row in rows_of(task)] == [1]


def test_however_many_versions_there_are_it_takes_two_queries(ada):
    task = make_task(Status.SUCCEEDED, user=ada)
    for _ in range(5):
        another_version(task, ada, takes=2)
    task = GenerationTask.objects.select_related("version").get(pk=task.pk)

    with CaptureQueriesContext(connection) as asked:
        strip(task)

    assert len(asked) == 2
