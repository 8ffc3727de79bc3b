"""The one door of a share link: page, film, poster, sprite, notes, decisions, poll and download all come through here.

A link that is missing, ended, replaced or mistyped gets one answer, and so does one whose password was not given.
Refusals are counted by address, so that neither words nor passwords can be tried at any of the doors (L-01, L-02).
"""

from __future__ import annotations

from django.contrib.auth.hashers import check_password
from django.http import HttpRequest
from django.utils import timezone

from studio import throttle
from studio.guests.visit import Visit
from studio.models import Share
from studio.sharing.links import hash_of

REFUSALS = "60/m/ip,600/h/ip"
WRONG_PASSWORDS = "5/5m/key,30/d/key,20/m/ip"
LONGEST_TOKEN = 100


class Closed(Exception):
    """This link opens nothing."""


class WantsPassword(Exception):
    """The link is open and the password was not given yet."""

    def __init__(self, share: Share) -> None:
        super().__init__("a password is wanted")
        self.share = share


def enter(request: HttpRequest, token: str) -> Visit:
    """Who comes with an open link, and its password if it has one.

    Raises Closed, WantsPassword, and throttle.TooOften instead of either once it was asked too often.
    """
    try:
        share = _open_share(token)
    except Closed:
        throttle.count(request, "share-refused", REFUSALS)
        raise
    visit = Visit.read(request, share)
    if not visit.may_pass:
        throttle.count(request, "share-refused", REFUSALS)
        raise WantsPassword(share)
    return visit


def knock(request: HttpRequest, token: str, password: str) -> Visit | None:
    """Try a password: the visit that may pass from now on, or None if it is another one.

    Wrong ones count for the link from one address, so that nobody locks others out from afar (A-06).
    Raises Closed, throttle.TooOften.
    """
    try:
        visit = enter(request, token)
    except WantsPassword as wants:
        visit = Visit.read(request, wants.share)
        key = f"{wants.share.pk}:{throttle.address(request)}"
        throttle.count(request, "share-password", WRONG_PASSWORDS, key=key)
        if not check_password(password, wants.share.password):
            return None
        visit.let_pass()
    return visit


def wants_password(request: HttpRequest, token: str) -> bool:
    """Whether this browser has to give a password before it may pass. Raises Closed, throttle.TooOften."""
    try:
        enter(request, token)
    except WantsPassword:
        return True
    return False


def is_still_open(visit: Visit) -> bool:
    """Whether the link still opens to this visit: asked again while a long answer is on its way (L-05)."""
    share = Share.objects.open(timezone.now()).filter(pk=visit.share.pk).first()
    return bool(
        share and share.token_sha256 == visit.share.token_sha256 and share.password == visit.share.password
    )


def _open_share(token: str) -> Share:
    if len(token) > LONGEST_TOKEN:
        raise Closed
    shares = Share.objects.open(timezone.now()).select_related("created_by", "project")
    share = shares.filter(token_sha256=hash_of(token)).first()
    if share is None:
        raise Closed
    return share
