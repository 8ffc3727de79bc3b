"""What is typed about share links: the terms of one, and what guests say of themselves and of a clip."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils import timezone

from studio.forms.accounts import HALF_AN_ADDRESS, FieldLooks
from studio.models import Share, Verdict
from studio.sharing.links import LASTS, Terms
from studio.storage.file_names import typed_name
from studio.timecodes import parse

SHORTEST_PASSWORD = 8
LONGEST = timedelta(days=366)
NOTE_AT_MOST = 2000
TOO_LONG = f"A comment has {NOTE_AT_MOST} letters at most. Split it in two."


class ShareForm(FieldLooks, forms.Form):
    """The terms of a link. A weak password or a day that is over is refused: the link stays as it was, or unmade."""

    title = forms.CharField(label="Title on their page", max_length=120)
    message = forms.CharField(
        label="A few words to them", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    last_day = forms.DateField(
        label="Works until the end of",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Choose a day, written like 2026-11-30."},
    )
    password = forms.CharField(
        label="Password",
        max_length=128,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    no_password = forms.BooleanField(label="Take the password away", required=False)
    may_comment = forms.BooleanField(label="Comment", required=False)
    may_decide = forms.BooleanField(label="Decide", required=False)
    may_download = forms.BooleanField(label="Download", required=False)
    shows_making = forms.BooleanField(label="See how it was made", required=False)

    def __init__(self, *args: Any, share: Share | None = None, title: str = "", **kwargs: Any) -> None:
        kwargs["initial"] = _initial(share, title) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs["placeholder"] = (
            "Set. Type another one to change it" if share and share.password else "None"
        )
        self.dress()

    def clean_title(self) -> str:
        return " ".join(str(self.cleaned_data["title"]).split())

    def clean_last_day(self) -> datetime:
        """The last moment of that day, here."""
        day, today = self.cleaned_data["last_day"], timezone.localdate()
        if day < today:
            raise ValidationError(f"That day is over. Choose today, {today:%-d %B}, or later.", code="past")
        if day > today + LONGEST:
            raise ValidationError("A link works for a year at most. Choose an earlier day.", code="far")
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if password and len(password) < SHORTEST_PASSWORD:
            raise ValidationError(f"A password has {SHORTEST_PASSWORD} characters or more.", code="short")
        if password:
            for validator in (MinimumLengthValidator(SHORTEST_PASSWORD), CommonPasswordValidator()):
                validator.validate(password)
        return password

    def terms(self) -> Terms:
        data = self.cleaned_data
        return Terms(
            title=data["title"],
            message=data["message"].strip(),
            ends_at=data["last_day"],
            password=data["password"] or ("" if data["no_password"] else None),
            may_comment=data["may_comment"],
            may_decide=data["may_decide"],
            may_download=data["may_download"],
            shows_making=data["shows_making"],
        )


def _initial(share: Share | None, title: str) -> dict[str, Any]:
    if share is None:
        last_day = timezone.localdate(timezone.now() + LASTS)
        return {"title": title, "last_day": last_day, "may_comment": True, "may_decide": True}
    names = ("title", "message", "may_comment", "may_decide", "may_download", "shows_making")
    return {name: getattr(share, name) for name in names} | {"last_day": timezone.localdate(share.ends_at)}


class GuestNameForm(forms.Form):
    name = forms.CharField(max_length=60, error_messages={"required": "Type your name first."})

    def clean_name(self) -> str:
        name = typed_name(str(self.cleaned_data["name"]))[:60].strip()
        if not any(letter.isalnum() for letter in name):
            raise ValidationError("Type your name with letters, please.", code="unreadable")
        return name


class GuestNoteForm(forms.Form):
    """`at` is a moment as people write it, "0:03"; `frame` the exact one where the page knows it.

    `note_id` comes with the page, so that a second press of the same form finds the first one's comment.
    """

    text = forms.CharField(max_length=NOTE_AT_MOST, required=False)
    at = forms.CharField(max_length=12, required=False)
    frame = forms.IntegerField(min_value=0, max_value=10_000_000, required=False)
    drawing = forms.CharField(max_length=400_000, required=False)
    note_id = forms.UUIDField(required=False)

    def __init__(self, *args: Any, fps: float, frames: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fps, self._frames = fps, frames
        self.fields["text"].error_messages["max_length"] = TOO_LONG

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["frame"] = self._frame(data)
        if not data.get("text", "").strip() and not data.get("drawing") and "text" not in self.errors:
            self.add_error("text", "Write what you would like to say first.")
        return data

    def _frame(self, data: dict[str, Any]) -> int | None:
        """None is the whole clip. What is written counts where the page knew no frame."""
        frame, at = data.get("frame"), data.get("at", "")
        if not at:
            return None
        if frame is None:
            frame = parse(at, self._fps)
        if frame is None or frame >= self._frames:
            self.add_error("at", "There is no such moment in this clip. Write it like 0:03.")
            return None
        return int(frame)


class GuestWordsForm(forms.Form):
    """Other words for a comment; none where a drawing says it."""

    text = forms.CharField(max_length=NOTE_AT_MOST, required=False, error_messages={"max_length": TOO_LONG})


class GuestDecisionForm(forms.Form):
    verdict = forms.ChoiceField(choices=Verdict)
    sentence = forms.CharField(max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") == Verdict.NEEDS_CHANGES and not data.get("sentence", "").strip():
            self.add_error("sentence", "Say in a sentence what should be different.")
        return data


class NewLinkForm(FieldLooks, forms.Form):
    email = forms.EmailField(
        label="Your e-mail, if you would like a new one",
        max_length=254,
        error_messages={"invalid": HALF_AN_ADDRESS},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs |= {"autocomplete": "email", "placeholder": "you@example.com"}
        self.dress()
