"""Keys, prices and limits of provider accounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings

from studio.connections.cards import may_name_a_host
from studio.connections.connecting import Terms
from studio.connections.provider_accounts import base_url_of
from studio.forms.amounts import DollarField
from studio.models import Connection
from studio.money.prices import dollars
from studio.providers.base import Capability

SHORTEST_KEY, LONGEST_KEY = 8, 400
MOST_AT_ONCE = 50
SMALLEST = Decimal("0.0001")
OTHER = "other"


class KeyForm(forms.Form):
    """A pasted key, and where its account lives. What was typed as a key is never shown again, not even here."""

    key = forms.CharField(
        label="Key",
        required=False,
        strip=True,
        widget=forms.PasswordInput(
            attrs={"class": "input", "autocomplete": "off", "spellcheck": "false"}, render_value=False
        ),
    )

    def __init__(
        self, capability: Capability, connection: Connection | None = None, data: Any = None, **options: Any
    ) -> None:
        super().__init__(data, auto_id=f"{capability.name}-%s", **options)
        self.capability = capability
        self._present = base_url_of(connection) if connection else capability.hosts[0].url
        if connection:
            self.fields["key"].label = "New key"
        if may_name_a_host(capability):
            self._ask_for_host()

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if problem := problem_with_key(key, self.capability.label):
            raise forms.ValidationError(problem, code="key")
        return key

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        host = data.get("host", self._present)
        if host == OTHER:
            host = data.get("address", "").strip().rstrip("/")
            if problem := problem_with_address(host):
                self.add_error("address", problem)
        data["base_url"] = host
        return data

    def _ask_for_host(self) -> None:
        known = [(host.url, host.label) for host in self.capability.hosts]
        is_known = self._present in dict(known)
        self.fields["host"] = forms.ChoiceField(
            label="Where the account lives",
            choices=[*known, (OTHER, "Another address")],
            initial=self._present if is_known else OTHER,
            widget=forms.Select(attrs={"class": "input"}),
            error_messages={"invalid_choice": "Choose one of the addresses."},
        )
        self.fields["address"] = forms.CharField(
            label="Another address",
            required=False,
            max_length=200,
            initial="" if is_known else self._present,
            widget=forms.TextInput(
                attrs={"class": "input", "autocomplete": "off", "placeholder": "https://", "inputmode": "url"}
            ),
            error_messages={"max_length": "An address has at most 200 signs."},
        )


class TermsForm(forms.Form):
    """What an account costs, and how much it may do. The fields follow the provider's price rule."""

    parallel_limit = forms.IntegerField(
        label="Clips at once",
        min_value=1,
        max_value=MOST_AT_ONCE,
        widget=forms.TextInput(attrs={"class": "input", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Say how many, 1 or more.",
            "invalid": f"This must be a whole number from 1 to {MOST_AT_ONCE}.",
            "min_value": "At least one clip at once. To send nothing, pause the connection.",
            "max_value": f"At most {MOST_AT_ONCE} clips at once.",
        },
    )

    def __init__(self, capability: Capability, connection: Connection, data: Any = None) -> None:
        initial = {name: _shown(getattr(connection, name)) for name in Terms.__dataclass_fields__}
        super().__init__(data, auto_id=f"{capability.name}-%s", initial=initial)
        for name, label in prices_of(capability).items():
            self.fields[name] = DollarField(label=label, places=4, at_most=100_000, least=SMALLEST)
        self.fields["daily_cap"] = DollarField(label="Limit for a day", places=2, at_most=1_000_000)
        self.fields["daily_cap"].widget.attrs["placeholder"] = "No limit"
        self.order_fields([*prices_of(capability), "parallel_limit", "daily_cap"])

    @property
    def price_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if "price" in name]

    def terms(self) -> Terms:
        return Terms(**self.cleaned_data)


def prices_of(capability: Capability) -> dict[str, str]:
    """The prices that an owner enters for a provider, with their labels."""
    if capability.price.unit == "credits":
        return {"credits_price": "Price of 1,000 credits"}
    return {
        f"price_{resolution}": f"Price per second, {resolution.upper()}"
        for resolution in capability.resolutions
    }


def problem_with_key(key: str, label: str) -> str:
    """Why this can't be a key, in a sentence that does not repeat it; empty if it may be one."""
    if not key:
        return "Paste the key first."
    if len(key) > LONGEST_KEY:
        return "This is much longer than a key. Copy the key alone."
    if any(sign.isspace() for sign in key):
        return "A key has no spaces or line breaks in it. Copy the key alone."
    if not key.isascii() or not key.isprintable():
        return f"This has signs that no key has. Copy the key again from your {label} account."
    if len(key) < SHORTEST_KEY:
        return "This is too short for a key. Copy all of it."
    return ""


def problem_with_address(address: str) -> str:
    """Why a key can't be sent to this address; empty if it can."""
    example = "Write it like https://workspace.example.com, without anything after the name."
    if not address.isascii() or not address.isprintable() or "\\" in address:
        return example
    try:
        parts = urlsplit(address)
        is_bare = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return example
    if not is_bare or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        return example
    if parts.scheme == "http" and settings.ALLOW_PRIVATE_ADDRESSES:
        return ""
    return "" if parts.scheme == "https" else "A key is only sent over https."


def _shown(value: object) -> object:
    """A price as it stands in its field: "$0.10"."""
    return dollars(value) if isinstance(value, Decimal) else value
