"""Forms about who is in the studio: inviting, joining, who sees a project."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from studio import access
from studio.access import May
from studio.forms.accounts import NEW_PASSWORD, FieldLooks
from studio.models import Invitation, Project, User
from studio.models.person import Role


def roles_for(actor: User) -> list[tuple[str, str]]:
    """The roles this person may give, as choices."""
    names_owners = access.may(actor, May.NAME_OWNERS)
    return [(role.value, role.label) for role in Role if names_owners or role != Role.OWNER]


class InviteForm(FieldLooks, forms.Form):
    """`projects` are closed ones: the open ones are everybody's anyway."""

    email = forms.EmailField(label="E-mail", max_length=254)
    role = forms.ChoiceField(label="Role")
    projects = forms.ModelMultipleChoiceField(
        Project.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, actor: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        closed = Project.objects.visible_to(actor).current().filter(is_open=False)
        self.fields["projects"].queryset = closed  # type: ignore[attr-defined]
        self.fields["role"].choices = roles_for(actor)  # type: ignore[attr-defined]
        self.fields["role"].initial = Role.REVIEWER
        self.fields["email"].widget.attrs |= {"autocomplete": "off", "autofocus": True}
        projects = self.fields.pop("projects")
        self.dress()
        self.fields["projects"] = projects

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class JoinForm(FieldLooks, forms.Form):
    """What the invited person decides. Address and role are in the invitation."""

    name = forms.CharField(label="Your name, as others will see it", max_length=80)
    password = forms.CharField(label="Password", max_length=256, strip=False, widget=NEW_PASSWORD)

    def __init__(self, invitation: Invitation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        self.fields["name"].widget.attrs |= {"autocomplete": "name", "autofocus": True}
        self.dress(name="Your name, as others will see it")
        self.fields["name"].error_messages["required"] = "Your name is missing."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password"):
            try:
                validate_password(
                    data["password"], User(email=self.invitation.email, name=data.get("name", ""))
                )
            except ValidationError as weak:
                self.add_error("password", weak)
        return data


class MembersForm(forms.Form):
    """Whether everybody sees a project, or who does."""

    open_to = forms.ChoiceField(choices=[("all", "Everybody"), ("some", "Some")])
    members = forms.ModelMultipleChoiceField(User.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = User.objects.here()  # type: ignore[attr-defined]
