"""The second step of signing in: six digits from a code app, or a recovery code that works once.

Checking codes is allauth's; what is here is switching it on and off, and the secrets' encryption at rest.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.signals import authentication_failed, authenticator_used
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from studio import audit
from studio.connections import vault
from studio.context import studio_name
from studio.models import User

IN_SESSION = "second_step_secret"


class StudioMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets lie encrypted in the database; things are said in the studio's words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This is not the code the app shows now. Wait for the next one and type that.",
        "rate_limited": "Too many tries. Wait five minutes, then type the newest code.",
    }

    def get_totp_issuer(self) -> str:
        return studio_name()

    def encrypt(self, text: str) -> str:
        return vault.lock(text)

    def decrypt(self, encrypted_text: str) -> str:
        return vault.unlock(encrypted_text)


def is_on(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def codes_left(user: User) -> int:
    """How many recovery codes were not used yet."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(kept.wrap().get_unused_codes()) if kept else 0


def begin(request: HttpRequest) -> None:
    """Put a new secret into the session; it counts once a code made with it was typed."""
    request.session[IN_SESSION] = vault.lock(generate_totp_secret())


def secret_of(request: HttpRequest) -> str:
    """The secret that is being set up, empty if none is."""
    locked = request.session.get(IN_SESSION, "")
    return vault.unlock(locked) if locked else ""


def stop(request: HttpRequest) -> None:
    request.session.pop(IN_SESSION, None)


@transaction.atomic
def switch_on(request: HttpRequest, user: User) -> list[str]:
    """From now on signing in asks for a code. Returns the recovery codes, which are not shown again."""
    secret = secret_of(request)
    Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, secret)
    audit.note(user, "second_step_on")
    stop(request)
    return _new_codes(user)


@transaction.atomic
def switch_off(user: User, *, actor: User | None) -> None:
    """The password alone is enough again. No trusted browser stays one. `actor` None: on the studio's computer."""
    deleted, _ = Authenticator.objects.filter(user=user).delete()
    if deleted:
        audit.note(actor, "second_step_off", person=user.pk)


@transaction.atomic
def new_codes(user: User) -> list[str]:
    """Recovery codes in place of the old ones, which end."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    audit.note(user, "recovery_codes_renewed")
    return _new_codes(user)


def _new_codes(user: User) -> list[str]:
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return [f"{code[:4]} {code[4:]}" for code in codes]


def address_of(user: User, secret: str) -> str:
    """What the QR code says."""
    address: str = StudioMFAAdapter().build_totp_url(user, secret)
    return address


def qr_path(text: str) -> tuple[int, str]:
    """The side of a QR code in modules, and its dark ones as the path of a drawing: <path d="…">."""
    import qrcode  # on first use: it brings Pillow along

    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=2)
    code.add_data(text)
    rows = code.get_matrix()
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return len(rows), "".join(dark)


@receiver(authentication_failed)
def note_a_wrong_code(sender: Any, user: User, **kwargs: Any) -> None:
    """Whoever gets here knew the password: owners should know."""
    audit.note(user, "second_step_refused")


@receiver(authenticator_used)
def note_a_recovery_code(sender: Any, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        audit.note(user, "recovery_code_used")
