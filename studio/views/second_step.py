"""The second step: the page at sign-in, and the switch under You."""

from __future__ import annotations

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.internal.flows.trust import trust_browser
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from studio.forms.second_step import CodeAtSignInForm, CodeForm
from studio.http import SignedInRequest
from studio.people import accounts, second_step


@method_decorator(login_not_required, name="dispatch")
class SecondStepView(AuthenticateView):  # type: ignore[misc]
    """Between the password and the studio. Where the person wanted to go is kept by the sign-in under way."""

    def form_valid(self, form: CodeAtSignInForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if form.cleaned_data["trust"]:
            trust_browser(self.request, self.stage.login.user, response)
        return response

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        person = self.stage.login.user
        context: dict[str, object] = super().get_context_data(**kwargs)
        return context | {
            "person": person,
            "codes_left": second_step.codes_left(person),
            "is_recovery": self.request.GET.get("with") == "recovery",
        }

    def form_invalid(self, form: CodeAtSignInForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response


@require_safe
def second_step_page(request: SignedInRequest) -> HttpResponse:
    return _page(request)


@require_POST
def second_step_begin(request: SignedInRequest) -> HttpResponse:
    """Show a QR code to set the app up with."""
    if not accounts.has_fresh_password(request):
        return _ask_for_password(request, "Then switch the second step on.")
    if not second_step.is_on(request.user):
        second_step.begin(request)
    return redirect("studio:second-step")


@require_POST
def second_step_on(request: SignedInRequest) -> HttpResponse:
    """The first code. The recovery codes are on this answer and never again."""
    secret = second_step.secret_of(request)
    if not secret or second_step.is_on(request.user):
        return redirect("studio:second-step")
    if not accounts.has_fresh_password(request):
        return _ask_for_password(request, "Then type the code again.")
    form = CodeForm(request.user, secret, request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    return _page(request, codes=second_step.switch_on(request, request.user))


@require_POST
def second_step_codes(request: SignedInRequest) -> HttpResponse:
    """New recovery codes; the old ones end."""
    if not second_step.is_on(request.user):
        return redirect("studio:second-step")
    if not accounts.has_fresh_password(request):
        return _ask_for_password(request, "Then make new recovery codes.")
    return _page(request, codes=second_step.new_codes(request.user))


@require_POST
def second_step_off(request: SignedInRequest) -> HttpResponse:
    """Off again, or the setting up stopped half-way."""
    if second_step.is_on(request.user):
        if not accounts.has_fresh_password(request):
            return _ask_for_password(request, "Then switch the second step off.")
        second_step.switch_off(request.user, actor=request.user)
        messages.success(request, "The second step is off. Your password alone signs you in.")
    second_step.stop(request)
    return redirect("studio:second-step")


def _page(
    request: SignedInRequest,
    *,
    form: CodeForm | None = None,
    codes: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    user, is_on = request.user, second_step.is_on(request.user)
    context: dict[str, object] = {"is_on": is_on, "codes": codes}
    secret = "" if is_on else second_step.secret_of(request)
    if secret:
        side, path = second_step.qr_path(second_step.address_of(user, secret))
        spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
        context |= {"form": form or CodeForm(user, secret), "secret": spaced, "side": side, "path": path}
    if is_on and not codes:
        context["codes_left"] = second_step.codes_left(user)
    return render(request, "studio/second_step.html", context, status=status)


def _ask_for_password(request: SignedInRequest, advice: str) -> HttpResponse:
    return accounts.ask_for_password(request, reverse("studio:second-step"), advice)
