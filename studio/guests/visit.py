"""What one browser carries about one link, in a signed cookie of its own: who they are, that the password was right,
and which clips were counted as watched. A session would end after 14 days, and a link may last longer.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from studio.models import Guest, Share

SALT = "studio.guest_visit"
LONGEST_SECONDS = 400 * 24 * 3600
KEY_BYTES = 32
COUNTED_AT_MOST = 64


class Visit:
    """One browser at one open link. Changes reach the browser with `write`."""

    def __init__(self, share: Share, carried: dict[str, Any]) -> None:
        self.share = share
        self._key = str(carried.get("key", ""))
        self._passed = str(carried.get("passed", ""))
        self._counted: dict[str, list[int]] = dict(carried.get("counted", {}))
        self._is_changed = False

    @classmethod
    def read(cls, request: HttpRequest, share: Share) -> Visit:
        try:
            carried = signing.loads(request.COOKIES.get(_cookie_name(share), ""), salt=f"{SALT}.{share.pk}")
        except signing.BadSignature:
            carried = {}
        return cls(share, carried)

    @property
    def may_pass(self) -> bool:
        """No password, or the present one was given: another one asks everybody again."""
        return not self.share.password or constant_time_compare(self._passed, self._proof)

    def let_pass(self) -> None:
        self._passed, self._is_changed = self._proof, True

    @cached_property
    def guest(self) -> Guest | None:
        """Who they said they are; None until they did."""
        if not self._key:
            return None
        return Guest.objects.filter(share=self.share, key_sha256=_hash(self._key)).first()

    def become(self, name: str) -> Guest:
        """From here on this browser speaks with this name. What it watched so far becomes theirs."""
        self._key, self._is_changed = secrets.token_urlsafe(KEY_BYTES), True
        guest = Guest.objects.create(
            share=self.share, key_sha256=_hash(self._key), name=name, seen_at=timezone.now()
        )
        self.share.views.filter(pk__in=[pk for pk, _ in self._counted.values()], guest=None).update(
            guest=guest
        )
        self.__dict__["guest"] = guest
        return guest

    def forget(self) -> None:
        """Somebody else sits here now. The password stays given."""
        self._key, self._counted, self._is_changed = "", {}, True
        self.__dict__.pop("guest", None)

    def counted_at(self, what: str) -> int:
        """When `what` was last counted, in seconds since 1970; 0 if it was not."""
        return self._counted.get(what, [0, 0])[1]

    def remember(self, what: str, view_pk: int) -> None:
        self._counted[what] = [view_pk, int(time.time())]
        self._counted = dict(list(self._counted.items())[-COUNTED_AT_MOST:])
        self._is_changed = True

    def write(self, response: HttpResponseBase) -> None:
        """Give the browser what changed."""
        if not self._is_changed:
            return
        carried = {"key": self._key, "passed": self._passed, "counted": self._counted}
        left = int((self.share.ends_at - timezone.now()).total_seconds())
        response.set_cookie(
            _cookie_name(self.share),
            signing.dumps(carried, salt=f"{SALT}.{self.share.pk}", compress=True),
            max_age=max(60, min(left, LONGEST_SECONDS)),
            secure=settings.IS_HTTPS,
            httponly=True,
            samesite="Lax",
        )

    @property
    def _proof(self) -> str:
        return salted_hmac(SALT, self.share.password, algorithm="sha256").hexdigest()[:32]


def _cookie_name(share: Share) -> str:
    return f"{'__Host-' if settings.IS_HTTPS else ''}guest-{share.pk.hex[:12]}"


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
