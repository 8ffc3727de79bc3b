"""The people of a studio: who is here, what each may do, and how somebody leaves.

What a removed person made stays, under their name. Whoever changes an owner must be one, and there is always one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from studio import access, audit, changes
from studio.access import May
from studio.models import Charge, Invitation, Project, User
from studio.models.person import Role
from studio.money.caps import start_of_month

HERE_NOW = timedelta(minutes=5)
LAST_OWNER = "A studio has an owner. Make somebody else one first."


class Refused(Exception):
    """It stays as it is, for the reason in `sentence`."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A line of the list. `spent` is in dollars, since the first of the month."""

    user: User
    is_here_now: bool
    spent: Decimal
    has_second_step: bool


def listed(now: datetime) -> list[Listed]:
    """Everybody who is here, owners first. Two queries."""
    spent = Charge.objects.counted().since(start_of_month(now)).totals_by("task__created_by")
    order = {role: place for place, role in enumerate(Role.values)}
    second = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    people = User.objects.here().annotate(has_second_step=Exists(second))
    return [
        Listed(
            user=user,
            is_here_now=is_here_now(user, now),
            spent=spent.get(user.pk, Decimal(0)),
            has_second_step=user.has_second_step,
        )
        for user in sorted(people, key=lambda user: (order[user.role], user.name.casefold(), user.pk))
    ]


def is_here_now(user: User, now: datetime) -> bool:
    return user.seen_at is not None and now - user.seen_at < HERE_NOW


@transaction.atomic
def change_role(actor: User, person: User, role: Role) -> None:
    """Raises Refused if no owner would be left, PermissionDenied if this is not `actor`'s to change."""
    access.require(actor, May.INVITE)
    owners = _owners()
    person.refresh_from_db()
    before = Role(person.role)
    if role == before:
        return
    if Role.OWNER in {before, role}:
        access.require(actor, May.NAME_OWNERS)
    if owners == [person.pk]:
        raise Refused(LAST_OWNER)
    person.role = role
    person.save(update_fields=["role"])
    audit.note(actor, "role_changed", person=person.pk, before=before.value, role=role.value)
    changes.next_revision()


@transaction.atomic
def remove(actor: User, person: User) -> None:
    """End their sessions and everything that lets them in, at once. Raises as `change_role` does."""
    if actor.pk != person.pk:
        access.require(actor, May.INVITE)
    owners = _owners()
    person.refresh_from_db()
    if person.role == Role.OWNER:
        access.require(actor, May.NAME_OWNERS)
    if owners == [person.pk]:
        raise Refused(LAST_OWNER)
    person.is_active = False
    person.sign_in_epoch += 1
    person.set_unusable_password()
    person.save(update_fields=["is_active", "sign_in_epoch", "password"])
    person.projects.clear()
    Authenticator.objects.filter(user=person).delete()
    UserSession.objects.filter(user=person).delete()
    # A link they copied is a way back in.
    Invitation.objects.filter(invited_by=person, used_at=None, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    audit.note(actor, "person_left" if actor.pk == person.pk else "person_removed", person=person.pk)
    changes.next_revision()


@transaction.atomic
def set_members(actor: User, project: Project, *, is_open: bool, members: list[User]) -> None:
    """Who sees a project: everybody, or these and the owners. Whoever closes it stays in it. The Inbox is open."""
    access.require(actor, May.INVITE)
    if project.is_inbox:
        raise Refused("The Inbox is open to everybody.")
    changes.next_revision()
    project.is_open = is_open
    project.save(update_fields=["is_open"])
    if not is_open:
        project.members.set({*members, actor})
    audit.note(actor, "project_members", project=project.pk, is_open=is_open, people=project.members.count())


def _owners() -> list[int]:
    """Held until the transaction ends, so that two owners cannot remove each other at once.

    Rows that only name an owner, as what somebody does, need not wait for it.
    """
    held = User.objects.here().select_for_update(no_key=True).filter(role=Role.OWNER)
    return list(held.values_list("pk", flat=True))
