"""How a studio gets its owner: by a one-time link on the console, or from two settings. Never by a default password."""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from studio.models import OwnerLink, Studio, User
from studio.models.person import Role

logger = logging.getLogger(__name__)
LINK_LASTS = timedelta(minutes=60)
TOKEN_BYTES = 32


class LinkNotOpen(Exception):
    """The link was used, has ended, was replaced, or never existed. There is one answer for all of these."""


def has_owner() -> bool:
    return User.objects.filter(role=Role.OWNER).exists()


def owner_link() -> str | None:
    """The address that makes its opener the owner, or None when there is an owner.

    Makes the owner from STUDIO_OWNER_EMAIL and STUDIO_OWNER_PASSWORD when both are set and good. An owner who is
    already here is never changed. A new link ends the earlier ones.
    """
    if has_owner():
        return None
    if settings.OWNER_EMAIL and settings.OWNER_PASSWORD and _owner_from_settings():
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        OwnerLink.objects.filter(used_at=None).delete()
        OwnerLink.objects.create(token_sha256=_hash(token), expires_at=timezone.now() + LINK_LASTS)
    return f"{settings.SITE_URL}{reverse('studio:owner-welcome', args=[token])}"


def open_link(token: str) -> OwnerLink:
    """The link that this token opens now. Raises LinkNotOpen."""
    link = OwnerLink.objects.filter(
        token_sha256=_hash(token), used_at=None, expires_at__gt=timezone.now()
    ).first()
    if link is None or has_owner():
        raise LinkNotOpen
    return link


@transaction.atomic
def take_over(token: str, *, studio_name: str, name: str, email: str, password: str) -> User:
    """Use the link up and make its opener the owner. Of two at once, one gets LinkNotOpen."""
    link = open_link(token)
    if not OwnerLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()):
        raise LinkNotOpen
    Studio.objects.filter(pk=1).update(name=studio_name)
    return User.objects.create_user(email, password, name=name, role=Role.OWNER)


def weakness(password: str, email: str) -> str:
    """Why the owner's password from the settings will not do, in one sentence; empty when it will."""
    try:
        validate_password(password, User(email=email))
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _owner_from_settings() -> bool:
    """False when the password is too weak; the start-up check has said so already."""
    email = settings.OWNER_EMAIL
    if weakness(settings.OWNER_PASSWORD, email):
        logger.warning("STUDIO_OWNER_PASSWORD is too weak, so no owner was made from it.")
        return False
    if User.objects.filter(email__iexact=email).exists():
        logger.warning(
            "STUDIO_OWNER_EMAIL belongs to someone who is not an owner, so no owner was made from it."
        )
        return False
    User.objects.create_user(email, settings.OWNER_PASSWORD, name=email.partition("@")[0], role=Role.OWNER)
    return True


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8")).hexdigest()
