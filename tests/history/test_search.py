"""Words find takes, and what people type is never more than words."""

from __future__ import annotations

import pytest

from studio import history, search, shots
from studio.history import Filters
from studio.models import Status
from tests.factories import make_file, make_project, make_recipe, make_task, make_user

pytestmark = pytest.mark.django_db


def found(user, q, **fields):
    return [task.pk for task in history.page(history.visible_projects(user), Filters(q=q, **fields)).tasks]


@pytest.mark.parametrize("q", ["morning", "MORNING stretch", "stre", "café", "cafe", "burrow-dawn", "Hazel"])
def test_a_take_is_found_by_title_prompt_name_and_file(q):
    ada = make_user()
    file = make_file(name="Hazel", original_name="burrow-dawn.png")
    task = make_task(user=ada, recipe=make_recipe([file], prompt="A café in the rain"))

    assert found(ada, q) == [task.pk]


@pytest.mark.parametrize(
    "q",
    [
        '"',
        "'; DROP TABLE studio_taskwords; --",
        "morning OR night",
        "NOT x",
        "words:x",
        "(",
        "*",
        "%",
        "a\0b",
        "^",
    ],
)
def test_operators_and_quotes_are_only_text(q):
    ada = make_user()
    make_task(user=ada)

    assert found(ada, q) == []


def test_the_newest_hit_comes_first_and_pages_go_on_from_a_key():
    ada = make_user()
    first, second, third = (make_task(user=ada).pk for _ in range(3))

    page = history.page(history.visible_projects(ada), Filters(q="morning"), size=2)
    rest = history.page(history.visible_projects(ada), Filters(q="morning"), size=2, before=page.before)

    assert [task.pk for task in page.tasks] == [third, second]
    assert [task.pk for task in rest.tasks] == [first]
    assert rest.before is None


def test_a_renamed_shot_is_found_by_its_new_title_only():
    ada = make_user()
    task = make_task(user=ada)

    shots.rename(task.version.shot, "Evening yawn")

    assert found(ada, "yawn") == [task.pk]
    assert found(ada, "stretch") == []


def test_a_search_never_finds_what_someone_may_not_see():
    ada, hidden = make_user(), make_project(is_open=False)
    make_task(project=hidden)

    assert found(ada, "morning") == []
    assert found(ada, "morning", project=hidden.pk) == []


def test_search_and_filters_hold_together():
    ada = make_user()
    ready = make_task(Status.SUCCEEDED, user=ada)
    make_task(Status.FAILED, user=ada)

    assert found(ada, "morning", status="ready") == [ready.pk]
    assert found(ada, "morning", person=ada.pk, kind="paid") == []


@pytest.mark.parametrize("length", [1_000, 2_000, 4_000])
def test_reading_words_takes_only_the_words_there_are(length):
    words = search.words_in("ab " * length + "x" * 10_000)

    assert words == ["ab", "x" * search.LONGEST_WORD] or words == ["ab"]
