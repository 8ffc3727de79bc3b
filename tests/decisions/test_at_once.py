"""Two decisions at the same moment, on real connections."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from studio import reviews
from studio.models import Decision, Version
from tests.decisions.scene import olga, priya, ready_take, rob

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each gave, or the exception it raised."""
    ready, came = threading.Barrier(len(acts)), {}

    def run(number: int, act: Callable[[], object]) -> None:
        ready.wait()
        try:
            came[number] = act()
        except Exception as error:
            came[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [came[number] for number in sorted(came)]


def test_one_person_in_two_windows_has_one_standing_decision():
    take, person = ready_take(), rob()

    came = at_once(*[lambda: reviews.decide(take.version, user=person, verdict="approved")] * 4)

    assert len({decision.pk for decision in came}) == 1
    assert Decision.objects.count() == 1


def test_an_approval_and_a_producers_wish_never_leave_a_lock_that_is_not_true():
    take, owner, producer = ready_take(), olga(), priya()

    came = at_once(
        lambda: reviews.decide(take.version, user=owner, verdict="approved"),
        lambda: reviews.decide(take.version, user=producer, verdict="needs_changes", sentence="Slower."),
    )

    was_refused = isinstance(came[1], reviews.Refused)
    standing = {decision.user.name for decision in reviews.standing(take.version)}
    assert standing == ({"Olga Owner"} if was_refused else {"Olga Owner", "Priya Nair"})
    assert Version.objects.get(pk=take.version_id).locked_at is not None
