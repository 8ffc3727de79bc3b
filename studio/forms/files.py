"""What people send about files: cheap checks only, with a sentence for each."""

from __future__ import annotations

from typing import Any

from django import forms

from studio.models.library import FileRole
from studio.storage.file_names import typed_name

USES = [("any", "any"), ("picture", "picture"), ("clip", "clip"), ("voice", "voice")]


class UploadRequest(forms.Form):
    """What a browser says about a file before its first byte."""

    filename = forms.CharField(max_length=2000, required=False)
    project = forms.UUIDField(error_messages={"required": "Say which project the file is for."})
    use = forms.ChoiceField(choices=USES, required=False)
    size = forms.RegexField(
        r"^[0-9]{1,18}$",
        error_messages={
            "invalid": "Upload-Length is a whole number.",
            "required": "Upload-Length is needed.",
        },
    )

    def clean_use(self) -> str:
        return self.cleaned_data["use"] or "any"

    def clean_size(self) -> int:
        return int(self.cleaned_data["size"])

    @property
    def sentence(self) -> str:
        """The first thing that is missing."""
        return next(str(errors[0]) for errors in self.errors.values())


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One field, any number of files; each is judged by itself (U-11)."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        sent = data if isinstance(data, (list, tuple)) else [data]
        return [super(ManyFilesField, self).clean(each, initial) for each in sent]


class PlainUploadForm(forms.Form):
    """The form that works without JavaScript."""

    files = ManyFilesField(  # type: ignore[assignment]
        allow_empty_file=True, max_length=2000, error_messages={"required": "Choose a file first."}
    )
    project = forms.UUIDField()
    use = forms.ChoiceField(choices=USES, required=False)

    def clean_use(self) -> str:
        return self.cleaned_data["use"] or "any"


class FileForm(forms.Form):
    """A file's name, role and the voice that rides along. What is left out stays as it is."""

    name = forms.CharField(max_length=500, required=False)
    role = forms.ChoiceField(choices=FileRole, required=False)
    voice = forms.UUIDField(required=False)

    def clean_name(self) -> str:
        name = typed_name(self.cleaned_data["name"])
        if "name" in self.data and not name:
            raise forms.ValidationError(
                "Give the file a name, so that it can be called in a prompt.", code="required"
            )
        return name
