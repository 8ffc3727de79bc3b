"""One's own account: name, picture, password, lights, keys, devices, leaving; and a forgotten password."""

from __future__ import annotations

from allauth.account.views import password_reset
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio import access, people
from studio.access import May
from studio.context import THEMES
from studio.forms.accounts import NameForm, PasswordForm, StudioNameForm
from studio.http import SignedInRequest, same_site_path
from studio.models import Studio, User
from studio.people import accounts, devices, portraits, second_step
from studio.storage.answers import respond

YEAR = 365 * 24 * 3600


@require_safe
def account(request: SignedInRequest) -> HttpResponse:
    return _page(request)


@require_POST
def account_name(request: SignedInRequest) -> HttpResponse:
    """The person's name, and for an owner the studio's."""
    person = User.objects.get(pk=request.user.pk)  # a copy: a name that will not do must not show in the bar
    form = NameForm(request.POST, instance=person)
    studio_form = _studio_form(request, request.POST)
    if not form.is_valid() or (studio_form and not studio_form.is_valid()):
        return _page(request, name_form=form, studio_form=studio_form)
    form.save()
    if studio_form:
        Studio.objects.filter(pk=1).update(name=studio_form.cleaned_data["name"])
    messages.success(request, "Saved.")
    return redirect("studio:account")


@sensitive_post_parameters("old", "new")
@require_POST
def account_password(request: SignedInRequest) -> HttpResponse:
    form = PasswordForm(request.user, request.POST)
    if not form.is_valid():
        return _page(request, password_form=form)
    accounts.change_password(request, request.user, form.cleaned_data["new"])
    devices.keep_only_this(request, request.user)
    messages.success(request, "Your password is changed. Other devices are signed out.")
    return redirect("studio:account")


@require_POST
def account_mails(request: SignedInRequest) -> HttpResponse:
    """Whether news reaches the person by e-mail too."""
    request.user.mails = request.POST.get("mails") == "on"
    request.user.save(update_fields=["mails"])
    messages.success(
        request, "News comes by e-mail too." if request.user.mails else "No more mails with news."
    )
    return redirect("studio:account")


@require_POST
def account_keys(request: SignedInRequest) -> HttpResponse:
    """Whether single keys such as C and / do something outside text fields."""
    request.user.single_keys = request.POST.get("single_keys") == "on"
    request.user.save(update_fields=["single_keys"])
    messages.success(request, "Single keys are on." if request.user.single_keys else "Single keys are off.")
    return redirect("studio:account")


@require_POST
def account_devices(request: SignedInRequest) -> HttpResponse:
    devices.end_others(request, request.user)
    messages.success(request, "You are signed out everywhere but here.")
    return redirect("studio:account")


@require_POST
def account_device(request: SignedInRequest, device_id: int) -> HttpResponse:
    """Sign one browser out."""
    if not devices.end(request.user, device_id):
        raise Http404
    messages.success(request, "That browser is signed out.")
    return redirect(f"{reverse('studio:account')}#account-devices")


@require_POST
def account_picture(request: SignedInRequest) -> HttpResponse:
    """A new picture, or back to initials."""
    sent = request.FILES.get("picture")
    try:
        if request.POST.get("act") == "drop":
            portraits.drop(request.user)
            messages.success(request, "Your initials stand for you again.")
        elif sent is None:
            messages.warning(request, "Choose a picture first.")
        else:
            portraits.keep(request.user, sent)
            messages.success(request, "This is how others see you now.")
    except portraits.Refused as refused:
        messages.warning(request, refused.sentence)
    return redirect("studio:account")


@require_safe
def person_picture(request: SignedInRequest, person_id: int) -> HttpResponseBase:
    """Somebody's picture, for everybody in the studio."""
    person = access.person_for(request.user, person_id)
    if not person.picture:
        raise Http404
    return respond(request, portraits.path_of(person.picture), content_type="image/webp", etag=person.picture)


@require_POST
def account_leave(request: SignedInRequest) -> HttpResponse:
    """Leave the studio. What one made stays."""
    if not accounts.has_fresh_password(request):
        return accounts.ask_for_password(request, f"{reverse('studio:account')}?leave=1#leave", "Then leave.")
    try:
        people.remove(request.user, request.user)
    except people.Refused as refused:
        messages.warning(request, refused.sentence)
        return redirect("studio:account")
    logout(request)
    return render(request, "studio/left.html")


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice of lights in a cookie of this browser; anything else follows the computer again."""
    chosen = request.POST.get("theme", "")
    response = redirect(same_site_path(request.POST.get("next")) or "studio:create")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=settings.IS_HTTPS)
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("account_login")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def forgot(request: HttpRequest) -> HttpResponseBase:
    """Mail a link for a new password, or say how else to get one when the studio sends no mail."""
    if not settings.CAN_MAIL:
        return render(request, "account/forgot_without_mail.html")
    response: HttpResponseBase = password_reset(request)
    return response


def _page(
    request: SignedInRequest,
    *,
    name_form: NameForm | None = None,
    studio_form: StudioNameForm | None = None,
    password_form: PasswordForm | None = None,
) -> HttpResponse:
    has_problems = bool(name_form or studio_form or password_form)
    context = {
        "name_form": name_form or NameForm(instance=request.user),
        "studio_form": studio_form or _studio_form(request),
        "password_form": password_form or PasswordForm(request.user),
        "devices": devices.devices(request, request.user),
        "has_second_step": second_step.is_on(request.user),
        "is_leaving": "leave" in request.GET,
    }
    return render(request, "studio/account.html", context, status=422 if has_problems else 200)


def _studio_form(request: SignedInRequest, data: object = None) -> StudioNameForm | None:
    if not access.may(request.user, May.KEYS):
        return None
    return StudioNameForm(data, instance=Studio.objects.get(pk=1))
