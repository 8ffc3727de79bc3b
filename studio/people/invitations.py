"""Invitations: a link for one address that works once, for a week. Only the hash of its word is kept (A-08)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from studio import access, audit, changes
from studio.access import May
from studio.models import Invitation, Project, User
from studio.models.person import Role
from studio.people import invitation_mail
from studio.people.members import Refused

LINK_LASTS = timedelta(days=7)
TOKEN_BYTES = 32


class LinkOver(Exception):
    """It was used, has ended, was replaced, taken back, or never existed. There is one answer for all of these."""


def invite(actor: User, *, email: str, role: Role, projects: Iterable[Project]) -> tuple[Invitation, str]:
    """The invitation and its link, which is not to be had again. An earlier one for this address ends.

    Raises Refused if somebody here has the address, PermissionDenied if the role is not `actor`'s to give.
    """
    _require(actor, role)
    if User.objects.here().filter(email__iexact=email).exists():
        raise Refused("Somebody here has this address already.")
    token, now = secrets.token_urlsafe(TOKEN_BYTES), timezone.now()
    try:
        with transaction.atomic():
            Invitation.objects.filter(email__iexact=email, used_at=None, revoked_at=None).update(
                revoked_at=now
            )
            invitation = Invitation.objects.create(
                token_sha256=_hash(token),
                email=email,
                role=role,
                invited_by=actor,
                ends_at=now + LINK_LASTS,
            )
            invitation.projects.set(projects)
            audit.note(actor, "invited", invitation=invitation.pk, role=role.value)
    except IntegrityError as both:
        raise Refused("Somebody else is inviting this address right now.") from both
    return invitation, _post(invitation, token)


@transaction.atomic
def send_again(actor: User, invitation: Invitation) -> str:
    """A new link for another week; the old one ends. Raises LinkOver if it was used or taken back."""
    _require(actor, Role(invitation.role))
    token, now = secrets.token_urlsafe(TOKEN_BYTES), timezone.now()
    waiting = Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None)
    if not waiting.update(
        token_sha256=_hash(token), ends_at=now + LINK_LASTS, created_at=now, invited_by=actor
    ):
        raise LinkOver
    audit.note(actor, "invited_again", invitation=invitation.pk)
    return _post(invitation, token)


@transaction.atomic
def revoke(actor: User, invitation: Invitation) -> None:
    _require(actor, Role(invitation.role))
    waiting = Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None)
    if waiting.update(revoked_at=timezone.now()):
        audit.note(actor, "invitation_revoked", invitation=invitation.pk)


def waiting() -> list[Invitation]:
    """What nobody has used yet, also when its week is over: it can be sent again."""
    unused = Invitation.objects.filter(used_at=None, revoked_at=None)
    return list(unused.select_related("invited_by").order_by("created_at"))


def open_link(token: str) -> Invitation:
    """What this word opens now. Raises LinkOver."""
    found = Invitation.objects.open(timezone.now()).filter(token_sha256=_hash(token))
    invitation = found.select_related("invited_by").first()
    if invitation is None:
        raise LinkOver
    return invitation


@transaction.atomic
def join(token: str, *, name: str, password: str) -> User:
    """Use the link up. Of two at once, one gets LinkOver. Somebody who was removed gets their account back."""
    invitation = open_link(token)
    now = timezone.now()
    if not Invitation.objects.open(now).filter(pk=invitation.pk).update(used_at=now):
        raise LinkOver
    person = User.objects.filter(email__iexact=invitation.email).first() or User(email=invitation.email)
    if person.pk and person.is_active:
        raise LinkOver
    person.name, person.role, person.is_active = name, invitation.role, True
    person.sign_in_epoch += 1
    person.set_password(password)
    person.save()
    person.projects.add(*invitation.projects.current())
    audit.note(person, "joined", invitation=invitation.pk, role=invitation.role)
    changes.next_revision()
    return person


def projects_shown(invitation: Invitation) -> list[Project]:
    """The projects its opener will see, without the Inbox."""
    opened = Project.objects.current().filter(is_inbox=False)
    if invitation.role == Role.OWNER:
        return list(opened)
    chosen = invitation.projects.values("pk")
    return list(opened.filter(is_open=True) | opened.filter(pk__in=chosen))


def _require(actor: User, role: Role) -> None:
    access.require(actor, May.INVITE)
    if role == Role.OWNER:
        access.require(actor, May.NAME_OWNERS)


def _post(invitation: Invitation, token: str) -> str:
    """The link, from the settings and never from a request's Host; mailed too where the studio sends mail."""
    link = f"{settings.SITE_URL}{reverse('studio:join', args=[token])}"
    if settings.CAN_MAIL:
        transaction.on_commit(lambda: invitation_mail.mail_invitation.enqueue(str(invitation.pk), link))
    return link


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8")).hexdigest()
