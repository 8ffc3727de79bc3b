"""Links for people without an account: made, changed, replaced and ended here, each with its line in the audit.

The word in a link's address has 256 bits and is told once, to whoever made it; what is kept is its hash. So nobody
can read a link out of the database, and a lost one is replaced by "Make a new link".
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from studio import audit, changes
from studio.models import GenerationTask, Project, Share, ShareItem, Shot, User

TOKEN_BYTES = 32
LASTS = timedelta(days=14)
ITEMS_AT_MOST = 60


class Refused(Exception):
    """Nothing was made or changed; the text says why, to the person who asked."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a link allows. `password` None leaves the present one, "" takes it away."""

    title: str
    ends_at: datetime
    message: str = ""
    password: str | None = None
    may_comment: bool = True
    may_decide: bool = True
    may_download: bool = False
    shows_making: bool = False


@dataclass(frozen=True)
class Made:
    """A link and the only time its word is known."""

    share: Share
    token: str

    @property
    def address(self) -> str:
        return address_of(self.token)


def address_of(token: str) -> str:
    """From the settings, never from the Host of a request (A-08)."""
    return f"{settings.SITE_URL}{reverse('studio:guest', args=[token])}"


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def default_terms(title: str, now: datetime) -> Terms:
    return Terms(title=title[:120], ends_at=now + LASTS)


@transaction.atomic
def make(
    *,
    by: User,
    project: Project,
    terms: Terms,
    tasks: Sequence[GenerationTask] = (),
    shots: Sequence[Shot] = (),
) -> Made:
    """A link to these takes and shots, or with neither to the whole project. Raises Refused."""
    things: list[GenerationTask | Shot] = [*tasks, *shots]
    _check(things, project)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    share = Share(token_sha256=hash_of(token), project=project, created_by=by, is_whole_project=not things)
    _write(share, terms)
    share.save(force_insert=True)
    ShareItem.objects.bulk_create(
        ShareItem(
            share=share,
            position=position,
            task=thing if isinstance(thing, GenerationTask) else None,
            shot=thing if isinstance(thing, Shot) else None,
        )
        for position, thing in enumerate(things, start=1)
    )
    audit.note(
        by, "made a share link", project=project.pk, share=share.pk, items=len(things), **_facts(share)
    )
    return Made(share, token)


@transaction.atomic
def change(share: Share, terms: Terms, *, by: User) -> None:
    """Other terms for an open link; they hold from the next request on, also for who is watching."""
    _write(share, terms)
    share.save()
    audit.note(by, "changed a share link", project=share.project_id, share=share.pk, **_facts(share))
    changes.next_revision()


@transaction.atomic
def renew(share: Share, *, by: User) -> Made:
    """Another word for the same link: the one that went out opens nothing any more."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    share.token_sha256 = hash_of(token)
    share.save(update_fields=["token_sha256"])
    audit.note(by, "replaced a share link", project=share.project_id, share=share.pk)
    changes.next_revision()
    return Made(share, token)


@transaction.atomic
def revoke(share: Share, *, by: User) -> bool:
    """End it now and for good. False if it was ended before."""
    now = timezone.now()
    if not Share.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=now):
        return False
    share.revoked_at = now
    audit.note(by, "ended a share link", project=share.project_id, share=share.pk)
    changes.next_revision()
    return True


def _check(things: Sequence[GenerationTask | Shot], project: Project) -> None:
    if len(things) > ITEMS_AT_MOST:
        raise Refused(f"A link shows {ITEMS_AT_MOST} clips at most. Choose fewer, or share the project.")
    if any(thing.project_id != project.pk for thing in things):
        raise Refused("A link shows the clips of one project. Choose clips of one, and make a link for each.")
    if any(isinstance(thing, GenerationTask) and (not thing.clip_id or thing.binned_at) for thing in things):
        raise Refused("Only ready clips can be shared. Take the others out of the choice.")


def _write(share: Share, terms: Terms) -> None:
    share.title, share.message, share.ends_at = terms.title, terms.message, terms.ends_at
    share.may_comment, share.may_decide = terms.may_comment, terms.may_decide
    share.may_download, share.shows_making = terms.may_download, terms.shows_making
    if terms.password is not None:
        share.password = make_password(terms.password) if terms.password else ""


def _facts(share: Share) -> dict[str, Any]:
    return {
        "until": share.ends_at.isoformat(),
        "password": bool(share.password),
        "comment": share.may_comment,
        "decide": share.may_decide,
        "download": share.may_download,
        "making": share.shows_making,
    }
