"""Names of projects."""

from __future__ import annotations

from django import forms

from studio.models import Project


class ProjectForm(forms.ModelForm):  # type: ignore[type-arg]
    name = forms.CharField(max_length=80, error_messages={"required": "Give the project a name."})

    class Meta:
        model = Project
        fields = ["name"]

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())


class ShotTitleForm(forms.Form):
    title = forms.CharField(max_length=120, error_messages={"required": "Give the shot a title."})

    def clean_title(self) -> str:
        return " ".join(str(self.cleaned_data["title"]).split())
