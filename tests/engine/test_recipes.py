"""From a recipe to a version and its takes: once per press, and no second version of the same words."""

from __future__ import annotations

from uuid import uuid4

import pytest

from studio import recipes
from studio.models import Connection, GenerationTask, Version
from tests.factories import inbox, make_recipe, make_user

pytestmark = pytest.mark.django_db


def send(recipe, *, token=None, user=None, shot=None, takes=1):
    return recipes.send(
        recipe,
        user=user or make_user(),
        project=inbox(),
        shot=shot,
        connection=Connection.objects.get(provider="local"),
        takes=takes,
        token=token or uuid4(),
    )


def test_m01_the_same_token_makes_one_set_of_takes():
    recipe, token, ada = make_recipe(), uuid4(), make_user()

    first = send(recipe, token=token, user=ada, takes=2)
    second = send(recipe, token=token, user=ada, takes=2)

    assert [task.pk for task in first] == [task.pk for task in second]
    assert GenerationTask.objects.count() == 2


def test_an_unchanged_recipe_adds_takes_to_its_version():
    recipe = make_recipe()
    first = send(recipe, takes=2)

    second = send(recipe, shot=first[0].version.shot, takes=2)

    assert {task.version_id for task in first + second} == {first[0].version_id}
    assert [task.number for task in first + second] == [1, 2, 3, 4]


def test_a_version_holds_four_takes_and_then_a_new_one_begins():
    recipe = make_recipe()
    first = send(recipe, takes=3)

    second = send(recipe, shot=first[0].version.shot, takes=2)

    assert second[0].version.number == 2
    assert [task.number for task in second] == [1, 2]


def test_one_changed_word_makes_a_new_version():
    recipe = make_recipe(prompt="A fox walks")
    first = send(recipe)
    changed = recipes.Recipe(**(vars(recipe) | {"prompt": "A fox runs"}))

    second = send(changed, shot=first[0].version.shot)

    assert second[0].version.number == 2
    assert Version.objects.get(pk=first[0].version_id).prompt == "A fox walks"


def test_each_take_gets_a_seed_of_its_own_and_a_fixed_one_is_kept():
    rolled = send(make_recipe(), takes=4)
    fixed = send(make_recipe(seed=7), takes=2)

    assert len({task.seed for task in rolled}) == 4
    assert [task.seed for task in fixed] == [7, 7]


def test_references_freeze_the_bytes_they_were_sent_with():
    task = send(make_recipe())[0]

    reference = task.version.references.get()

    assert reference.media_id == reference.file.media_id
    assert task.cover_id == reference.media_id
