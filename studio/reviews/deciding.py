"""What people decide about a version: approve it, ask for changes, or take that back.

A change of mind is a new row and the old one stays. Everybody's word is kept; the word of an owner or a producer
settles the matter. What is settled as approved is locked: whatever would open it again needs May.UNLOCK.
Decisions about one version are made one after the other: each holds the version's row, so that none is judged by
what was true a moment ago.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from studio import access, audit, changes
from studio.access import May
from studio.lifecycle import shot_status
from studio.models import (
    Decision,
    GenerationTask,
    Guest,
    Notice,
    ReviewStatus,
    TaskEvent,
    User,
    Verdict,
    Version,
)
from studio.news import notices

SENTENCE_AT_MOST = 500
# The words of a take's story (studio.takes.timeline) and of the audit log.
APPROVED, ASKED, TAKEN_BACK, REOPENED = "approved", "asked_for_changes", "took_decision_back", "reopened"
WORDS = {Verdict.APPROVED.value: APPROVED, Verdict.NEEDS_CHANGES.value: ASKED}
TELLS = {APPROVED: "approved", ASKED: "asked for changes in", TAKEN_BACK: "took back the decision on"}


class Refused(Exception):
    """It was not decided. The text is a sentence for people."""


def decide(
    version: Version,
    *,
    user: User | None = None,
    guest: Guest | None = None,
    verdict: str,
    sentence: str = "",
) -> Decision:
    """Write down what somebody decided, in place of what they said before. The same again changes nothing.

    Raises Refused where nothing can be decided yet, a reason is missing, or an approval is not theirs to undo.
    """
    said = _checked(verdict, sentence)
    with transaction.atomic():
        version = _held(version)
        takes = _ready_takes(version)
        before = _standing_of(version, user, guest)
        if (
            before
            and (before.verdict, before.sentence) == (verdict, said)
            and _settles(user) == before.is_final
        ):
            return before
        was = shot_status.status_of_version(version.pk)
        _put_aside(before)
        decision = Decision.objects.create(
            version=version,
            user=user,
            guest=guest,
            verdict=verdict,
            sentence=said,
            is_final=_settles(user),
            at=timezone.now(),
        )
        _follow(version, takes, was, WORDS[verdict], user=user, guest=guest, sentence=said)
    return decision


def take_back(version: Version, *, user: User | None = None, guest: Guest | None = None) -> bool:
    """Say nothing any more. False if this person had not decided. Raises Refused like `decide`."""
    with transaction.atomic():
        version = _held(version)
        before = _standing_of(version, user, guest)
        if before is None:
            return False
        was = shot_status.status_of_version(version.pk)
        _put_aside(before)
        _follow(version, _ready_takes(version), was, TAKEN_BACK, user=user, guest=guest)
    return True


def standing(version: Version) -> list[Decision]:
    """Each person's last word about a version, the oldest first."""
    rows = Decision.objects.standing().filter(version=version)
    return list(rows.select_related("user", "guest").order_by("pk"))


def _checked(verdict: str, sentence: str) -> str:
    if verdict not in Verdict.values:
        raise Refused("Choose to approve it or to ask for changes.")
    said = " ".join(sentence.replace("\0", " ").split())
    if len(said) > SENTENCE_AT_MOST:
        raise Refused(f"Say it in {SENTENCE_AT_MOST} letters at most; the rest fits in notes.")
    if verdict == Verdict.NEEDS_CHANGES and not said:
        raise Refused("Say in one sentence what should change.")
    return said


def _held(version: Version) -> Version:
    """As it stands now. Nobody else decides about it, bins its takes or picks another until this is done."""
    changes.next_revision()
    return Version.objects.select_for_update(of=("self",)).select_related("shot__project").get(pk=version.pk)


def _ready_takes(version: Version) -> list[GenerationTask]:
    ready = list(version.tasks.ready_takes().order_by("-is_pick", "number"))
    if not ready:
        raise Refused(f"There is no ready clip of v{version.number} to decide about.")
    return ready


def _standing_of(version: Version, user: User | None, guest: Guest | None) -> Decision | None:
    return Decision.objects.standing().filter(version=version, user=user, guest=guest).first()


def _settles(user: User | None) -> bool:
    return user is not None and access.may(user, May.SETTLE)


def _put_aside(before: Decision | None) -> None:
    """An earlier word becomes history."""
    if before:
        Decision.objects.filter(pk=before.pk).update(replaced_at=timezone.now())


def _follow(
    version: Version,
    takes: list[GenerationTask],
    was: ReviewStatus,
    word: str,
    *,
    user: User | None,
    guest: Guest | None,
    sentence: str = "",
) -> None:
    """Let what follows from a decision follow: the lock, the shot's place, the story, the audit, the news."""
    now_is = shot_status.status_of_version(version.pk)
    opens = was == ReviewStatus.APPROVED != now_is
    if opens and not (user and access.may(user, May.UNLOCK)):
        raise Refused(access.SENTENCES[May.UNLOCK])
    shot_status.lock(version)
    shot_status.refresh(version.shot_id)
    _tell_the_story(takes, word, user, guest, sentence)
    facts: dict[str, Any] = {"version": version.pk, "settles": _settles(user)}
    audit.note(user, word, project=version.shot.project_id, guest=guest, **facts)
    if opens:
        audit.note(user, REOPENED, project=version.shot.project_id, version=version.pk)
    _tell_people(version, takes[0], word, user, guest, sentence)


def _tell_the_story(
    takes: list[GenerationTask], word: str, user: User | None, guest: Guest | None, sentence: str
) -> None:
    now = timezone.now()
    facts = {"sentence": sentence} | ({"guest": guest.name} if guest else {})
    TaskEvent.objects.bulk_create(
        TaskEvent(
            task=take,
            at=now,
            from_status=take.status,
            to_status=take.status,
            word=word,
            actor=user,
            facts=facts,
        )
        for take in takes
    )
    keys = [take.pk for take in takes]
    GenerationTask.objects.filter(pk__in=keys).update(revision=changes.next_revision())


def _tell_people(
    version: Version,
    take: GenerationTask,
    word: str,
    user: User | None,
    guest: Guest | None,
    sentence: str,
) -> None:
    """Those who made it, and who shared it with the guest; never the person who decided."""
    to_tell = {version.created_by_id, version.shot.created_by_id}
    if guest:
        to_tell.add(guest.share.created_by_id)
    to_tell.discard(user.pk if user else None)
    name = user.get_short_name() if user else guest.name if guest else ""
    told = f"{name} {TELLS[word]} {version.shot.title}, v{version.number}"
    notices.tell(
        User.objects.filter(pk__in=to_tell),
        Notice.Kind.DECISION,
        f"{told}: “{sentence}”" if sentence else f"{told}.",
        reverse("studio:review", args=[take.task_id]),
        version.shot.project,
    )
