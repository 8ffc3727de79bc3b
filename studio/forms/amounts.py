"""Amounts of money as people type them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms

NOT_AN_AMOUNT = "This is not an amount. Write it like 0.10."
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")


class DollarField(forms.DecimalField):
    """Dollars, never negative: "$1,250", "0.10", "0,10" and " 12 " are all understood. Empty is None."""

    widget = forms.TextInput

    def __init__(self, *, label: str, places: int, at_most: int, least: Decimal | None = None) -> None:
        super().__init__(
            label=label,
            required=False,
            decimal_places=places,
            max_digits=10,
            min_value=least if least is not None else Decimal(0),
            max_value=at_most,
            error_messages={
                "invalid": NOT_AN_AMOUNT,
                "max_digits": f"At most ${at_most:,} can be entered here.",
                "max_whole_digits": f"At most ${at_most:,} can be entered here.",
                "max_decimal_places": f"At most {places} digits after the point.",
                "max_value": f"At most ${at_most:,} can be entered here.",
                "min_value": "This must be more than zero." if least else "This can’t be less than zero.",
            },
        )
        self.widget.attrs |= {"class": "input", "inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = str(value or "").strip().removeprefix("$").strip()
        if _THOUSANDS.fullmatch(text):
            text = text.replace(",", "")
        elif _DECIMAL_COMMA.fullmatch(text):
            text = text.replace(",", ".")
        if text and not re.fullmatch(r"-?[0-9]+(\.[0-9]*)?|\.[0-9]+", text):
            raise forms.ValidationError(NOT_AN_AMOUNT, code="invalid")
        return super().to_python(text)
