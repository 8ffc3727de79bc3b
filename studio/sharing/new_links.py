"""The word of a new link, for whoever made it, so that it can still be copied after its terms were changed.

Only a hash of it is in the database. The word itself waits an hour in the maker's own session, encrypted.
"""

from __future__ import annotations

import time

from studio.connections import vault
from studio.http import SignedInRequest
from studio.models import Share
from studio.sharing.links import Made, hash_of
from studio.sharing.links import address_of as address

KEY = "new_links"
KEPT_SECONDS = 3600
KEPT_AT_MOST = 10


def remember(request: SignedInRequest, made: Made) -> None:
    known = [each for each in request.session.get(KEY, []) if each[0] != str(made.share.pk)]
    known.append([str(made.share.pk), vault.lock(made.token), int(time.time())])
    request.session[KEY] = known[-KEPT_AT_MOST:]


def address_of(request: SignedInRequest, share: Share) -> str:
    """The link's address if this person made it a moment ago and it was not replaced since; else nothing."""
    for share_id, locked, at in request.session.get(KEY, []):
        if share_id == str(share.pk) and time.time() - at < KEPT_SECONDS:
            token = _unlocked(locked)
            return address(token) if token and hash_of(token) == share.token_sha256 else ""
    return ""


def _unlocked(locked: str) -> str:
    try:
        return vault.unlock(locked)
    except vault.CannotOpen:
        return ""
