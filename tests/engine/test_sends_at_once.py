"""Many sends of one shot at the same moment, among people who rename it and decide about it. Real connections."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest
from django.db.models import Count

from studio import recipes, reviews, shots
from studio.models import Connection, GenerationTask, Shot, Version
from tests.at_once import at_once
from tests.decisions.scene import ada, olga, ready_take
from tests.factories import make_account, make_file, make_project, make_recipe

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
SENDS, ROUNDS = 8, 4
PROVIDERS = ("modelstream", "apiframe", "dashscope")


def sends_of(
    shot: Shot, *, title: str = "Morning stretch", recipe: recipes.Recipe | None = None
) -> list[partial[list[GenerationTask]]]:
    """Each with words of its own unless all are of one recipe; by several accounts, as one account's wait for it."""
    user, file = ada(), make_file()
    accounts = [Connection.objects.get(provider="local"), *map(make_account, PROVIDERS)]
    return [
        partial(
            recipes.send,
            recipe or make_recipe([file], prompt=f"Walk number {number}", title=title),
            user=user,
            project=shot.project,
            shot=shot,
            connection=accounts[number % len(accounts)],
            takes=1,
            token=uuid4(),
        )
        for number in range(SENDS)
    ]


def test_sends_of_one_shot_make_versions_with_numbers_of_their_own():
    shot = ready_take().version.shot

    came = at_once(*sends_of(shot))

    assert [error for error in came if isinstance(error, Exception)] == []
    numbers = Version.objects.filter(shot=shot).order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, SENDS + 2))


def test_sends_of_one_recipe_never_put_more_takes_into_a_version_than_it_holds():
    shot = ready_take().version.shot

    came = at_once(*sends_of(shot, recipe=make_recipe()))

    assert [error for error in came if isinstance(error, Exception)] == []
    full = Version.objects.filter(shot=shot).annotate(takes=Count("tasks"))
    assert max(version.takes for version in full) == recipes.TAKES_AT_MOST


@pytest.mark.parametrize("round_of", range(ROUNDS))
def test_sends_renames_moves_and_decisions_never_wait_for_each_other_in_a_ring(round_of: int):
    take, owner, elsewhere = ready_take(), olga(), make_project("Harbour")
    shot = take.version.shot

    came = at_once(
        *sends_of(shot, title=f"Evening stretch {round_of}"),
        partial(shots.rename, Shot.objects.get(pk=shot.pk), "Night stretch"),
        partial(shots.move, [take], elsewhere, owner),
        partial(reviews.decide, take.version, user=owner, verdict="needs_changes", sentence="Slower."),
        partial(reviews.decide, take.version, user=owner, verdict="approved"),
    )

    assert [error for error in came if isinstance(error, Exception)] == []
