"""Where somebody is signed in: one row for each browser, as allauth notes them at sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from studio.models import User
from studio.people import accounts

BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
PHONES = frozenset({"iPhone", "iPad", "Android"})


@dataclass(frozen=True, kw_only=True)
class Device:
    """`last_used` is to ten minutes or so."""

    pk: int
    name: str
    is_phone: bool
    address: str
    last_used: datetime
    is_this: bool


def devices(request: HttpRequest, user: User) -> list[Device]:
    """Every browser that is signed in, this one first. Changes nothing."""
    rows = {row.session_key: row for row in UserSession.objects.filter(user=user)}
    now, proof = timezone.now(), user.get_session_auth_hash()
    found = []
    for session in Session.objects.filter(pk__in=rows, expire_date__gt=now):
        kept, row = session.get_decoded(), rows[session.pk]
        seen = datetime.fromtimestamp(kept.get(accounts.SEEN_AT, 0), UTC)
        is_idle = (now - seen).total_seconds() > settings.SESSION_IDLE_SECONDS
        if is_idle or not constant_time_compare(str(kept.get(HASH_SESSION_KEY, "")), proof):
            continue
        name, is_phone = describe(row.user_agent)
        is_this = session.pk == request.session.session_key
        found.append(
            Device(pk=row.pk, name=name, is_phone=is_phone, address=row.ip, last_used=seen, is_this=is_this)
        )
    return sorted(found, key=lambda each: (not each.is_this, -each.last_used.timestamp()))


def describe(user_agent: str) -> tuple[str, bool]:
    """What a browser calls itself, as a person would say it: ("Firefox on Linux", not a phone)."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    name = " on ".join(part for part in (browser, system) if part)
    return name or "A program", system in PHONES


def end(user: User, device_id: int) -> bool:
    """Sign that browser out. False if it was not there."""
    row = UserSession.objects.filter(user=user, pk=device_id).first()
    if row is None:
        return False
    row.end()
    return True


@transaction.atomic
def end_others(request: HttpRequest, user: User) -> None:
    """Sign this person out everywhere but here."""
    accounts.end_other_sessions(request, user)
    keep_only_this(request, user)


def keep_only_this(request: HttpRequest, user: User) -> None:
    """After this browser's session took a new id, and all others ended with the old proof."""
    UserSession.objects.filter(user=user).delete()
    UserSession.objects.create_from_request(request)


def forget_old(now: datetime) -> None:
    """Drop what is kept about browsers whose sessions cannot be open any more."""
    oldest = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    UserSession.objects.filter(created_at__lt=oldest).delete()
