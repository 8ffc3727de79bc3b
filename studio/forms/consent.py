"""A consent note as a person writes it."""

from __future__ import annotations

from typing import Any

from django import forms

WHO_FIRST = "Write who agreed. Without a name the note helps nobody."


class ConsentForm(forms.Form):
    """Who agreed, to what, and until which day; no day means without end."""

    who = forms.CharField(
        max_length=120,
        error_messages={"required": WHO_FIRST, "max_length": "A name has up to 120 letters."},
    )
    purpose = forms.CharField(
        max_length=200,
        required=False,
        error_messages={"max_length": "Say what it is for in up to 200 letters."},
    )
    until = forms.DateField(
        required=False,
        error_messages={"invalid": "Write the last day as year-month-day, such as 2027-03-31."},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("who", "purpose"):
            cleaned[name] = " ".join(str(cleaned.get(name, "")).split())
        return cleaned

    @property
    def sentence(self) -> str:
        """The first thing to put right."""
        return next(str(errors[0]) for errors in self.errors.values())
