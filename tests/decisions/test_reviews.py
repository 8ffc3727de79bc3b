"""Who decides what, what follows from it, and what cannot be undone by whom."""

from __future__ import annotations

import pytest

from studio import reviews
from studio.lifecycle import shot_status
from studio.models import AuditEntry, Decision, Notice, ReviewStatus, Status, TaskEvent, Version
from studio.models.person import Role
from tests.decisions.scene import ada, guest_of, olga, place, priya, ready_take, rob
from tests.factories import make_project, make_recipe, make_task

pytestmark = pytest.mark.django_db


def locked(version: Version) -> bool:
    return Version.objects.get(pk=version.pk).locked_at is not None


def test_a_producers_approval_settles_the_shot_and_locks_the_version():
    take = ready_take()

    reviews.decide(take.version, user=priya(), verdict="approved")

    assert place(take.version.shot).review_status == ReviewStatus.APPROVED
    assert locked(take.version)


def test_a_reviewers_approval_is_an_opinion_and_the_shot_still_waits():
    take = ready_take()

    decision = reviews.decide(take.version, user=rob(), verdict="approved")

    assert not decision.is_final
    assert place(take.version.shot).review_status == ReviewStatus.TO_REVIEW
    assert not locked(take.version)


def test_anybodys_wish_for_changes_counts_until_somebody_settles():
    take = ready_take()

    reviews.decide(take.version, user=rob(), verdict="needs_changes", sentence="The paw melts.")
    assert place(take.version.shot).review_status == ReviewStatus.NEEDS_CHANGES
    reviews.decide(take.version, user=priya(), verdict="approved")

    assert place(take.version.shot).review_status == ReviewStatus.APPROVED


def test_the_last_word_of_those_who_settle_counts():
    take = ready_take()

    reviews.decide(take.version, user=priya(), verdict="needs_changes", sentence="Slower.")
    reviews.decide(take.version, user=olga(), verdict="approved")

    assert place(take.version.shot).review_status == ReviewStatus.APPROVED


@pytest.mark.parametrize("sentence", ["", "   ", "\0"])
def test_asking_for_changes_without_a_sentence_is_refused(sentence: str):
    take = ready_take()

    with pytest.raises(reviews.Refused, match="one sentence"):
        reviews.decide(take.version, user=priya(), verdict="needs_changes", sentence=sentence)

    assert not Decision.objects.exists()


@pytest.mark.parametrize(("verdict", "sentence"), [("maybe", "x"), ("", "x"), ("approved", "x" * 501)])
def test_a_verdict_or_sentence_that_makes_no_sense_is_refused(verdict: str, sentence: str):
    take = ready_take()

    with pytest.raises(reviews.Refused):
        reviews.decide(take.version, user=priya(), verdict=verdict, sentence=sentence)


@pytest.mark.parametrize("status", [Status.QUEUED, Status.FAILED])
def test_a_version_without_a_ready_take_cannot_be_decided(status: Status):
    take = make_task(status)

    with pytest.raises(reviews.Refused, match="no ready clip of v1"):
        reviews.decide(take.version, user=olga(), verdict="approved")


def test_a_change_of_mind_keeps_what_was_said_before():
    take, rob_ = ready_take(), rob()

    reviews.decide(take.version, user=rob_, verdict="needs_changes", sentence="Too dark.")
    reviews.decide(take.version, user=rob_, verdict="approved")

    said = list(Decision.objects.values_list("verdict", "replaced_at"))
    assert [verdict for verdict, _ in said] == ["needs_changes", "approved"]
    assert [replaced is None for _, replaced in said] == [False, True]
    assert [decision.verdict for decision in reviews.standing(take.version)] == ["approved"]


def test_the_same_decision_again_changes_nothing():
    take, priya_ = ready_take(), priya()

    first = reviews.decide(take.version, user=priya_, verdict="approved")
    again = reviews.decide(take.version, user=priya_, verdict="approved")

    assert first == again
    assert Decision.objects.count() == 1
    assert TaskEvent.objects.filter(word="approved").count() == 1


def test_somebody_who_may_settle_now_settles_with_the_same_word():
    take, person = ready_take(), rob()
    reviews.decide(take.version, user=person, verdict="approved")
    person.role = Role.PRODUCER
    person.save()

    reviews.decide(take.version, user=person, verdict="approved")

    assert place(take.version.shot).review_status == ReviewStatus.APPROVED


def test_a_producer_can_neither_take_an_approval_back_nor_turn_it():
    take, priya_ = ready_take(), priya()
    reviews.decide(take.version, user=priya_, verdict="approved")

    with pytest.raises(reviews.Refused, match="Only an owner"):
        reviews.decide(take.version, user=priya_, verdict="needs_changes", sentence="Wait.")
    with pytest.raises(reviews.Refused, match="Only an owner"):
        reviews.take_back(take.version, user=priya_)

    assert locked(take.version)
    assert [decision.verdict for decision in reviews.standing(take.version)] == ["approved"]


def test_an_owner_opens_an_approved_version_and_the_audit_says_so():
    take, owner = ready_take(), olga()
    reviews.decide(take.version, user=priya(), verdict="approved")

    reviews.decide(take.version, user=owner, verdict="needs_changes", sentence="The client changed.")

    assert not locked(take.version)
    assert place(take.version.shot).review_status == ReviewStatus.NEEDS_CHANGES
    words = list(AuditEntry.objects.filter(actor=owner).values_list("word", flat=True))
    assert words == ["asked_for_changes", "reopened"]


def test_an_owner_takes_an_approval_back():
    take, owner = ready_take(), olga()
    reviews.decide(take.version, user=owner, verdict="approved")

    assert reviews.take_back(take.version, user=owner)

    assert not locked(take.version)
    assert place(take.version.shot).review_status == ReviewStatus.TO_REVIEW
    assert not reviews.take_back(take.version, user=owner)


def test_a_wish_of_somebody_who_settles_nothing_leaves_an_approval_as_it_is():
    take = ready_take()
    reviews.decide(take.version, user=priya(), verdict="approved")

    reviews.decide(take.version, user=rob(), verdict="needs_changes", sentence="I still see it.")

    assert locked(take.version)
    assert place(take.version.shot).review_status == ReviewStatus.APPROVED


def test_a_guest_has_one_word_and_settles_nothing():
    take = ready_take()
    guest = guest_of(take.project, by=ada())

    reviews.decide(take.version, guest=guest, verdict="approved")
    reviews.decide(take.version, guest=guest, verdict="approved")

    assert [(each.guest, each.is_final) for each in reviews.standing(take.version)] == [(guest, False)]
    assert AuditEntry.objects.filter(guest=guest).count() == 1


def test_every_decision_is_in_the_audit_without_what_was_written():
    take, priya_ = ready_take(), priya()

    reviews.decide(take.version, user=priya_, verdict="needs_changes", sentence="Zebrawood")

    entry = AuditEntry.objects.get(actor=priya_)
    assert (entry.word, entry.project) == ("asked_for_changes", take.project)
    assert "Zebrawood" not in str(entry.facts)


def test_the_clips_story_tells_who_decided():
    take = ready_take()

    reviews.decide(take.version, user=priya(), verdict="needs_changes", sentence="Slower.")

    event = TaskEvent.objects.get(task=take, word="asked_for_changes")
    assert (event.actor.name, event.facts["sentence"]) == ("Priya Nair", "Slower.")
    assert event.from_status == event.to_status == Status.SUCCEEDED


def test_the_maker_hears_of_it_and_who_decided_does_not():
    maker, priya_ = ada(), priya()
    take = ready_take(user=maker)

    reviews.decide(take.version, user=priya_, verdict="approved")

    assert list(Notice.objects.values_list("user", "sentence")) == [
        (maker.pk, "Priya approved Morning stretch, v1.")
    ]


def test_a_new_take_of_an_approved_shot_is_a_new_undecided_version():
    recipe, maker, project = make_recipe(), ada(), make_project()
    approved = ready_take(recipe=recipe, user=maker, project=project)
    reviews.decide(approved.version, user=priya(), verdict="approved")

    fresh = make_task(
        Status.SUCCEEDED, recipe=recipe, user=maker, project=project, shot=approved.version.shot
    )

    assert (fresh.version.number, fresh.number) == (2, 1)
    assert place(approved.version.shot).review_status == ReviewStatus.TO_REVIEW
    assert locked(approved.version)
    assert not locked(fresh.version)


def test_the_same_recipe_adds_takes_while_nothing_is_approved():
    recipe, maker, project = make_recipe(), ada(), make_project()
    first = ready_take(recipe=recipe, user=maker, project=project)

    second = make_task(Status.SUCCEEDED, recipe=recipe, user=maker, project=project, shot=first.version.shot)

    assert (second.version, second.number) == (first.version, 2)


def test_a_shot_stands_where_its_newest_ready_version_stands():
    take = ready_take()
    reviews.decide(take.version, user=priya(), verdict="needs_changes", sentence="Slower.")

    make_task(Status.QUEUED, user=take.created_by, project=take.project, shot=take.version.shot)

    assert shot_status.refresh(take.version.shot_id) == ReviewStatus.NEEDS_CHANGES


def test_a_shot_without_a_ready_take_is_being_made():
    take = make_task(Status.RUNNING)

    assert shot_status.refresh(take.version.shot_id) == ReviewStatus.MAKING
