"""What a person chose in the fix drawer."""

from __future__ import annotations

from typing import Any

from django import forms

from studio import media

USES = [(use.value, use.value) for use in media.Use]
BACKGROUNDS = {
    "#e9e7e2": ("soft", "Soft white"),
    "#808080": ("grey", "Grey"),
    "#000000": ("black", "Black"),
    "#4fbf60": ("green", "Green"),
}
PADS = [("soft", "Soft"), ("white", "White"), ("black", "Black")]


class FixForm(forms.Form):
    """Choices of a repair. `do` are the repairs that stay checked; all others of the plan are left out."""

    use = forms.ChoiceField(choices=USES)
    start = forms.FloatField(required=False, min_value=0, max_value=10**7)
    end = forms.FloatField(required=False, min_value=0, max_value=10**7)
    rotate = forms.TypedChoiceField(
        choices=[(turn, turn) for turn in (0, 90, 180, 270)], coerce=int, empty_value="0", required=False
    )
    background = forms.ChoiceField(choices=[(colour, colour) for colour in BACKGROUNDS], required=False)
    pad = forms.ChoiceField(choices=PADS, required=False)
    do = forms.MultipleChoiceField(
        choices=[(kind.value, kind.value) for kind in media.FixKind], required=False
    )
    brief = forms.UUIDField(required=False)
    place = forms.CharField(max_length=24, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if end is not None and end <= (start or 0):
            raise forms.ValidationError("The kept stretch ends after it begins.", code="stretch")
        return cleaned

    def choices_for(self, facts: media.Facts) -> media.FixChoices:
        """The checked choices; unchecked repairs of this file's plan are skipped."""
        data = self.cleaned_data
        offered = media.plan_fix(facts, media.Use(data["use"])).kinds()
        return media.FixChoices(
            start=data["start"],
            end=data["end"],
            rotate=int(data["rotate"]),
            background=data["background"] or "#e9e7e2",
            pad=data["pad"] or "soft",
            skip=frozenset(kind.value for kind in offered if kind.value not in data["do"]),
        )
