"""Provider keys at rest: encrypted by a key that is never in the database (K-02).

The first key of STUDIO_ENCRYPTION_KEYS encrypts; the others still open what was written with them, so that the
key itself can be changed. Without the setting it is a file in the data folder, made on first use.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

SHOWN_AT_END = 4
PREFIX = re.compile(r"[A-Za-z]{2,5}[-_]")
FEWEST_SIGNS_TO_SHOW_ANY = 12


class CannotOpen(Exception):
    """The encryption key is not the one this was written with."""


def lock(secret: str) -> str:
    return _vault().encrypt(secret.encode()).decode()


def unlock(locked: str) -> str:
    """The secret itself. Raises CannotOpen if the encryption key was lost or changed."""
    try:
        return _vault().decrypt(locked.encode()).decode()
    except InvalidToken as error:
        raise CannotOpen(
            "A stored key cannot be opened: STUDIO_ENCRYPTION_KEYS, or encryption.key in the data folder, is not "
            "the one it was written with. Bring that back, or paste the provider's key again."
        ) from error


def hint(secret: str) -> str:
    """What people may see of a key: its prefix and its last four signs, "sk-…7f3a"."""
    prefix = PREFIX.match(secret)
    end = secret[-SHOWN_AT_END:] if len(secret) >= FEWEST_SIGNS_TO_SHOW_ANY else ""
    return f"{prefix.group() if prefix else ''}…{end}"


def fingerprint(secret: str) -> str:
    """Tells two keys apart. Keyed, so that a stolen database does not let anyone try keys against it."""
    first = settings.ENCRYPTION_KEYS[0].encode()
    return hmac.new(first, secret.encode(), hashlib.sha256).hexdigest()


def _vault() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])
