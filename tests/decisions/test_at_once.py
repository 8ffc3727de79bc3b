"""Two decisions at the same moment, on real connections."""

from __future__ import annotations

import pytest

from studio import reviews
from studio.models import Decision, Version
from tests.at_once import at_once
from tests.decisions.scene import olga, priya, ready_take, rob

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


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
