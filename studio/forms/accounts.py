"""Forms about people: coming in, setting the studio up, and one's own account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.forms import LoginForm, ReauthenticateForm, ResetPasswordForm, ResetPasswordKeyForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.http import HttpRequest, HttpResponse

from studio.models import Studio, User
from studio.people import accounts, reset_mail

HALF_AN_ADDRESS = "This is half an address. Write it like mara@example.com."
NEW_PASSWORD = forms.PasswordInput(
    attrs={"autocomplete": "new-password", "placeholder": "12 characters or more"}
)
CURRENT_PASSWORD = forms.PasswordInput(attrs={"autocomplete": "current-password"})


if TYPE_CHECKING:
    _UserForm = forms.ModelForm[User]
    _StudioForm = forms.ModelForm[Studio]
else:
    _UserForm = forms.ModelForm
    _StudioForm = forms.ModelForm


class FieldLooks:
    """Gives inputs the design's class, and joins each to its own problem for screen readers."""

    fields: dict[str, forms.Field]
    errors: Any

    def dress(self, **labels: str) -> None:
        for name, field in self.fields.items():
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "input"
            if name in labels:
                field.label = labels[name]
            if "required" in field.error_messages:
                field.error_messages["required"] = f"{field.label} is missing."
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = HALF_AN_ADDRESS
                field.validators = [EmailValidator(HALF_AN_ADDRESS)]


class SignInForm(FieldLooks, LoginForm):  # type: ignore[misc]
    """E-mail and password; whatever is wrong, the answer is the same."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "placeholder": ""}
        self.fields["password"].widget.attrs |= {"placeholder": ""}
        self.fields["password"].help_text = ""
        self.fields["remember"].initial = True
        self.dress(login="E-mail", password="Password")  # noqa: S106 - a label

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        response: HttpResponse = super().login(request, redirect_url=redirect_url)
        if self.cleaned_data["remember"]:
            accounts.stay_signed_in(request)
        return response


class FreshPasswordForm(FieldLooks, ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before keys and limits are changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs |= {"placeholder": "", "autofocus": True}
        self.fields["password"].help_text = ""
        self.dress(password="Password")  # noqa: S106 - a label


class ForgotForm(FieldLooks, ResetPasswordForm):  # type: ignore[misc]
    """Asks for a link. Neither the answer nor its time tells whether the address is known: nobody looks it up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs |= {"autocomplete": "username", "placeholder": ""}
        self.dress(email="E-mail")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        reset_mail.mail_reset_link.enqueue(email)
        return email


class NewPasswordForm(FieldLooks, ResetPasswordKeyForm):  # type: ignore[misc]
    """One field: what was typed can be looked at instead of being typed twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"].widget = NEW_PASSWORD
        self.fields["password1"].help_text = ""
        self.dress(password1="New password")


class WelcomeForm(FieldLooks, forms.Form):
    """The first page of a new studio."""

    studio_name = forms.CharField(label="Name of the studio", max_length=80, initial="")
    name = forms.CharField(label="Your name", max_length=80)
    email = forms.EmailField(label="E-mail", max_length=254)
    password = forms.CharField(label="Password", max_length=256, strip=False, widget=NEW_PASSWORD)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["studio_name"].widget.attrs["autocomplete"] = "organization"
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        self.dress()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        email = data.get("email", "")
        if email and User.objects.filter(email__iexact=email).exists():
            self.add_error("email", "Someone here has this address already. Use another one.")
        if data.get("password"):
            _judge(self, "password", data["password"], User(email=email, name=data.get("name", "")))
        return data


class NameForm(FieldLooks, _UserForm):
    """How others see a person."""

    class Meta:
        model = User
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.dress(name="Your name")


class StudioNameForm(FieldLooks, _StudioForm):
    class Meta:
        model = Studio
        fields = ("name",)

    prefix = "studio"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress(name="Name of the studio")


class PasswordForm(FieldLooks, forms.Form):
    """The present password, then the new one."""

    old = forms.CharField(label="Present password", strip=False, widget=CURRENT_PASSWORD)
    new = forms.CharField(label="New password", max_length=256, strip=False, widget=NEW_PASSWORD)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.dress()

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise ValidationError("This is not your present password.", code="wrong")
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        _judge(self, "new", new, self.user)
        return new


def _judge(form: forms.Form, field: str, password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        form.add_error(field, error)
