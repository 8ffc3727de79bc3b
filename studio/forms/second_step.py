"""Six digits, typed at sign-in or to switch the second step on."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.totp.internal.auth import validate_totp_code
from django import forms

from studio.forms.accounts import FieldLooks
from studio.models import User

SIX_DIGITS = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autofocus": True,
    "maxlength": 12,
    "placeholder": "",
}
MISSING = "Type the six digits that the app shows."


class CodeAtSignInForm(FieldLooks, AuthenticateForm):  # type: ignore[misc]
    """Takes a code of the app, or a recovery code, in the same field."""

    trust = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= SIX_DIGITS
        self.dress(code="Six digits")
        self.fields["code"].error_messages["required"] = MISSING


class CodeForm(FieldLooks, forms.Form):
    """The first code, which proves that the app has the secret. Tries are counted like those at sign-in."""

    code = forms.CharField(label="Six digits", max_length=12)

    def __init__(self, user: User, secret: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user, self._secret = user, secret
        self.fields["code"].widget.attrs |= SIX_DIGITS
        self.dress()
        self.fields["code"].error_messages["required"] = MISSING

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        forget_tries = check_rate_limit(self._user, error_key="too_many_login_attempts")
        if not validate_totp_code(self._secret, code):
            raise get_adapter().validation_error("incorrect_code")
        forget_tries()
        return code
