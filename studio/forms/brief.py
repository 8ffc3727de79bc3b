"""The brief as it must be to be sent. Every finding has a code, a sentence for people and a field to go to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from studio import mentions
from studio.briefs.costs import out_of_reach, takes_at_most
from studio.briefs.sending import SHAPES
from studio.briefs.tray import PLACES_AT_MOST, Tray
from studio.briefs.values import values_of
from studio.briefs.ways import Way
from studio.models import Brief
from studio.recipes import TAKES_AT_MOST

REFERENCES = "references"
FIRST_FRAME = "first_frame"
KINDS = {"Image ?": "a picture", "Video ?": "a video"}
NOT_NUMBER = "This needs a whole number."


ORDER = (
    REFERENCES,
    FIRST_FRAME,
    "prompt",
    "negative_prompt",
    "provider",
    "duration",
    "ratio",
    "resolution",
    "takes",
    "seed_kind",
    "seed",
    "shot_type",
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What stands in the way: where (`key` is the reference at fault), a code for programs, a sentence for people."""

    field: str
    code: str
    sentence: str
    key: str = ""


class BriefForm(forms.Form):
    """Checks a saved brief against what one provider takes. It saves nothing and calls nobody."""

    negative_prompt = forms.CharField(required=False, strip=True)
    duration = forms.IntegerField(error_messages={"required": "Choose a length.", "invalid": NOT_NUMBER})
    ratio = forms.ChoiceField(choices=[(name, name) for name in SHAPES])
    resolution = forms.ChoiceField(choices=[("720p", "720P"), ("1080p", "1080P")])
    takes = forms.IntegerField(error_messages={"required": "Choose how many takes.", "invalid": NOT_NUMBER})
    seed_kind = forms.ChoiceField(choices=[("new", "New each time"), ("fixed", "Fixed")])
    seed = forms.CharField(required=False)
    shot_type = forms.ChoiceField(choices=[("single", "Single"), ("multi", "Multi")])
    prompt_extend = forms.BooleanField(required=False)
    watermark = forms.BooleanField(required=False)

    def __init__(self, brief: Brief, tray: Tray, way: Way, *, ways: int = 1) -> None:
        """`ways` is how many providers are to make the same version."""
        super().__init__(values_of(brief) | {"negative_prompt": brief.negative_prompt})
        self._prompt = brief.prompt.strip()
        self._tray = tray
        self._way = way
        self._capability = way.capability
        self._most = takes_at_most(ways)
        self._elsewhere: list[Finding] = []

    def clean_negative_prompt(self) -> str:
        text: str = self.cleaned_data["negative_prompt"]
        limit = self._capability.negative_prompt_limit
        if len(text) > limit:
            raise forms.ValidationError(
                f"“Keep out” is too long: {len(text):,} of {limit:,} characters.", code="too_long"
            )
        return text

    def clean_duration(self) -> int:
        seconds: int = self.cleaned_data["duration"]
        capability = self._capability
        if seconds < capability.min_duration or seconds > capability.max_duration:
            raise forms.ValidationError(
                f"{capability.label} makes {capability.min_duration} to {capability.max_duration} seconds, "
                f"and the length is {seconds}.",
                code="out_of_range",
            )
        if self._tray.first_clip and seconds > capability.max_duration_with_video:
            raise forms.ValidationError(
                f"{seconds} seconds is too long with a reference video.", code="too_long_with_clip"
            )
        return seconds

    def clean_takes(self) -> int:
        takes: int = self.cleaned_data["takes"]
        if not 1 <= takes <= self._most:
            words = f"Make 1 to {TAKES_AT_MOST} takes at once."
            if self._most < TAKES_AT_MOST:
                each = "1 take" if self._most == 1 else f"1 to {self._most} takes"
                words = f"Make {each} with each service: a version holds {TAKES_AT_MOST} in all."
            raise forms.ValidationError(words, code="out_of_range")
        return takes

    def clean_seed(self) -> int | None:
        if self.data.get("seed_kind") != "fixed":
            return None
        typed = self.cleaned_data["seed"].replace(" ", "")
        most = self._capability.max_seed
        if not (typed.isascii() and typed.isdecimal() and len(typed) <= 12 and int(typed) <= most):
            words = f"{most:,}".replace(",", " ")
            raise forms.ValidationError(f"A fixed seed is a whole number up to {words}.", code="not_a_seed")
        return int(typed)

    def clean(self) -> dict[str, Any]:
        self._check_provider()
        self._check_references()
        self._check_first_frame()
        self._check_reach()
        self._check_prompt()
        capability = self._capability
        follows = bool(self._tray.first_frame) and capability.accepts_first_frame
        return self.cleaned_data | {"prompt": self._prompt, "follows_first_frame": follows}

    def _check_provider(self) -> None:
        if self._way.sentence:
            code = "paused" if self._way.account else "not_connected"
            self._say("provider", code, self._way.sentence)

    def _check_references(self) -> None:
        tray, capability = self._tray, self._capability
        for place in tray.broken:
            if place.problem:
                self._say(REFERENCES, "broken", f"{place.title} {place.problem.lead}.", place.key)
        for place in tray.usable:
            if place.voice_problem:
                self._say(
                    REFERENCES, "voice", f"The voice of {place.title} {place.voice_problem.lead}.", place.key
                )
        if len(tray.usable) > min(capability.max_references, PLACES_AT_MOST):
            self._say(REFERENCES, "too_many", f"Use up to {capability.max_references} references.")
        kinds = {place.kind for place in tray.usable}
        if not tray.broken and not kinds & capability.needs:
            wanted = "picture or clip" if len(capability.needs) > 1 else "picture"
            self._say(REFERENCES, "none", f"Add at least one {wanted} to the references.")

    def _check_first_frame(self) -> None:
        problem = self._tray.first_frame_problem
        if problem and self._capability.accepts_first_frame:
            self._say(FIRST_FRAME, "broken", f"The first frame {problem.lead}.")

    def _check_reach(self) -> None:
        """Before anything is spent: whether every file can get there."""
        for file in out_of_reach(self._capability, self._tray):
            self._say(file.place, "out_of_reach", file.sentence, file.key)

    def _check_prompt(self) -> None:
        text = mentions.to_display(self._prompt, self._tray.numbered, gone=self._tray.gone)
        limit = self._capability.prompt_limit
        if not text:
            self._say("prompt", "required", "Say what happens: the prompt is empty.")
        if len(text) > limit:
            self._say("prompt", "too_long", f"The prompt is too long: {len(text):,} of {limit:,} characters.")
        for name in mentions.unknown_names(mentions.to_stored(text, self._tray.numbered)):
            if name.endswith("?"):
                self._say("prompt", "lost_mention", f"The prompt mentions {KINDS[name]} that was removed.")
            else:
                self._say("prompt", "unknown_name", f"The prompt mentions {name}, which isn’t in the tray.")

    def findings(self) -> list[Finding]:
        """Every finding once, in the order of the page."""
        fields = [
            Finding(field=name, code=str(error.code), sentence=error.messages[0])
            for name, errors in self.errors.as_data().items()
            if name != NON_FIELD_ERRORS
            for error in errors
        ]
        return sorted([*fields, *self._elsewhere], key=lambda finding: ORDER.index(finding.field))

    def _say(self, field: str, code: str, sentence: str, key: str = "") -> None:
        """A finding about something that is no field of this form: the tray, the prompt with its names."""
        self._elsewhere.append(Finding(field=field, code=code, sentence=sentence, key=key))
        self.add_error(None, forms.ValidationError(sentence, code=code))
