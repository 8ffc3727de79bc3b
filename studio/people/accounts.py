"""How people come in: by the owner's link or an invitation, never by signing up."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from studio.http import same_site_path
from studio.models import User

SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
FRESH_SECONDS = 15 * 60


class StudioAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes the public door of allauth, and says things in the studio's words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "That e-mail and password don’t belong together.",
        "incorrect_password": "This is not your password.",
        "too_many_login_attempts": "Too many tries from here. Wait five minutes, then try once more.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are no user names here; people are known by e-mail."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person, or nobody: a disabled account answers like a wrong password (A-06)."""
        user: User | None = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether this is the person's password. Wrong ones are counted like those of the door."""
        person = self.authenticate(context.request, email=user.email, password=password)
        return person is not None and bool(person.pk == user.pk)

    def get_login_stages(self) -> list[str]:
        """The second step asks in the same breath whether to trust this browser."""
        stages: list[str] = super().get_login_stages()
        return [stage for stage in stages if not stage.endswith("TrustStage")]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Keys and limits are changed with the password alone: there is no other page that asks."""
        address = reverse("account_reauthenticate")
        return [{"id": "reauthenticate", "description": "Your password", "url": address}]

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return redirect("account_login")

    def is_safe_url(self, url: str | None) -> bool:
        return bool(same_site_path(url))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """From the settings, never from the Host of a request (A-08)."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.SITE_URL}{path}"

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened in their own place."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords count for an account *from one address*: nobody can lock the owner out from afar."""
        return f"{self.get_client_ip(request)}:{str(credentials.get('email', '')).lower()}"


@receiver(user_logged_in)
def note_the_time(sender: type[User], request: HttpRequest, **kwargs: Any) -> None:
    """From here the limits of SessionLimitsMiddleware are counted."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = int(time.time())


def has_fresh_password(request: HttpRequest) -> bool:
    """Whether the password was typed in this browser within the last 15 minutes: at sign-in, or since (A-07)."""
    typed: list[float] = [request.session.get(SIGNED_IN_AT, 0)]
    typed += [record["at"] for record in get_authentication_records(request, cast(User, request.user))]
    return time.time() - max(typed) < FRESH_SECONDS


def ask_for_password(request: HttpRequest, then: str, advice: str) -> HttpResponse:
    """To the page that asks for the password once more, and from there on to `then`."""
    messages.info(request, f"Type your password first. {advice}")
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': then})}")


def stay_signed_in(request: HttpRequest) -> None:
    """Stay signed in for 14 days from now, however often it is used; otherwise that ends with the browser."""
    request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def change_password(request: HttpRequest, user: User, password: str) -> None:
    """Set it, end every other session of this person, and give this one a new id (A-07)."""
    user.set_password(password)
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)


def end_other_sessions(request: HttpRequest, user: User) -> None:
    """Sign this person out everywhere but here."""
    user.sign_in_epoch += 1
    user.save(update_fields=["sign_in_epoch"])
    update_session_auth_hash(request, user)
