"""Team, Connections: provider accounts with their keys, prices and limits; budgets; how references get there."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from studio import access
from studio.connections import cards as connection_cards
from studio.connections import connecting
from studio.connections.cards import Card
from studio.delivery import ways as delivery_ways
from studio.forms.budgets import BudgetsForm
from studio.forms.connections import KeyForm, TermsForm
from studio.http import SignedInRequest, wants_partial
from studio.models import Connection
from studio.money import budgets
from studio.people import accounts
from studio.views.connection_page import TYPED_LIMITS, Kept, page, shown_card

STILL_OUT = (
    "Clips are being made at the present address. Wait for them, or disconnect this account and connect the "
    "other one."
)


@require_safe
def connections(request: SignedInRequest) -> HttpResponse:
    access.require_team(request.user)
    return page(request)


@sensitive_post_parameters("key")
@sensitive_variables("secret")
@require_POST
def connection_key(request: SignedInRequest, provider: str) -> HttpResponse:
    """Connect with a pasted key, or replace the one in use. A key that comes too late is forgotten, never kept."""
    card = _card(request, provider)
    account = card.connection
    if not accounts.has_fresh_password(request):
        return accounts.ask_for_password(
            request, _address(provider, replace=provider), "Then paste the key again. It was not kept."
        )
    if account and account.is_from_environment:
        messages.warning(request, f"This key comes from the environment: change {card.variable} there.")
        return redirect(_address(provider))
    form = KeyForm(card.capability, account, request.POST)
    if form.is_valid() and account and _moves(account, form.cleaned_data["base_url"]):
        form.add_error("host" if "host" in form.fields else None, STILL_OUT)
    if not form.is_valid():
        return page(request, Kept(provider=provider, key_form=form), status=422)
    secret, base_url = form.cleaned_data["key"], form.cleaned_data["base_url"]
    if account:
        connecting.replace_key(account, secret, base_url=base_url, actor=request.user)
        messages.success(request, "The new key is in use. Test it: testing is free.")
    else:
        connecting.connect(provider, secret, base_url=base_url, actor=request.user)
        messages.success(request, f"{card.capability.label} is connected. Test the key: testing is free.")
    return redirect(_address(provider))


@require_POST
def connection_save(request: SignedInRequest, provider: str) -> HttpResponse:
    """Prices and limits. What would let more be spent needs a fresh password."""
    card, account = _connected(request, provider)
    form = TermsForm(card.capability, account, request.POST)
    if not form.is_valid():
        return page(request, Kept(provider=provider, terms_form=form), status=422)
    terms = form.terms()
    if terms.is_looser_than(connecting.terms_of(account)) and not accounts.has_fresh_password(request):
        return accounts.ask_for_password(request, _address(provider), "Then enter the price or limit again.")
    connecting.set_terms(account, terms, request.user)
    messages.success(request, "Saved. It holds for every clip from now on.")
    return redirect(_address(provider))


@require_POST
def connection_test(request: SignedInRequest, provider: str) -> HttpResponse:
    """Try the key, at no cost. Answers with the card alone where only that was asked for."""
    card, account = _connected(request, provider)
    remark = connecting.try_key(account)
    if wants_partial(request):
        shown = shown_card(request, connection_cards.card(provider, timezone.now()))
        context = {"each": shown, "may_change": True, "has_fresh_password": False, "remark": remark}
        return render(request, "studio/partials/connection_card.html", context)
    if remark:
        messages.warning(request, f"{card.capability.label} answered. {remark}")
    return redirect(_address(provider))


@require_POST
def connection_pause(request: SignedInRequest, provider: str) -> HttpResponse:
    """Send nothing new there, or send again. Costs nothing and loses nothing, so no password is asked for."""
    card, account = _connected(request, provider)
    if request.POST.get("pause") == "on":
        connecting.pause(account, request.user)
        messages.success(request, f"{card.capability.label} is paused. Clips under way go on.")
    else:
        connecting.go_on(account, request.user)
        messages.success(request, f"{card.capability.label} is in use again.")
    return redirect(_address(provider))


@require_POST
def connection_remove(request: SignedInRequest, provider: str) -> HttpResponse:
    card, account = _connected(request, provider)
    if not accounts.has_fresh_password(request):
        return accounts.ask_for_password(
            request, _address(provider, disconnect=provider), "Then disconnect it."
        )
    if account.is_from_environment:
        messages.warning(
            request, f"It would be back at the next start: take {card.variable} out of the environment."
        )
        return redirect(_address(provider))
    cancelled = connecting.disconnect(account, request.user)
    also = f" {cancelled} unsent clip{'' if cancelled == 1 else 's'} cancelled." if cancelled else ""
    messages.success(request, f"{card.capability.label} is disconnected.{also}")
    return redirect(_address(provider))


@require_POST
def budgets_save(request: SignedInRequest) -> HttpResponse:
    """Limits of the month and of projects. Raising one needs a fresh password; what was typed is kept meanwhile."""
    access.require_owner(request.user)
    month, projects = budgets.studio_month(timezone.now()), budgets.of_projects(request.user)
    form = BudgetsForm(request.user, month, projects, request.POST)
    if not form.is_valid():
        return page(request, Kept(budgets_form=form), status=422)
    if budgets.raises_any(form.limits()) and not accounts.has_fresh_password(request):
        request.session[TYPED_LIMITS] = {name: request.POST.get(name, "") for name in form.fields}
        back = f"{reverse('studio:connections')}?change=budgets&typed=1#budgets"
        return accounts.ask_for_password(
            request, back, "Then save the limits. They are kept as you typed them."
        )
    request.session.pop(TYPED_LIMITS, None)
    if budgets.set_limits(form.limits(), request.user):
        messages.success(request, "The limits are saved.")
    return redirect(f"{reverse('studio:connections')}#budgets")


@require_POST
def reach_check(request: SignedInRequest) -> HttpResponse:
    """Look at our own public address from here, once."""
    access.require_owner(request.user)
    reach = delivery_ways.check()
    if wants_partial(request):
        return render(request, "studio/partials/reach.html", {"reach": reach})
    return page(request, Kept(reach=reach))


@login_not_required
@require_safe
def reach(request: HttpRequest, question: str) -> HttpResponse:
    """Answers a question of our own self-check, and nothing else."""
    answer = delivery_ways.answer_to(question)
    if not answer:
        raise Http404
    return HttpResponse(answer, content_type="text/plain")


def _card(request: SignedInRequest, provider: str) -> Card:
    access.require_owner(request.user)
    try:
        return connection_cards.card(provider, timezone.now())
    except KeyError as unknown:
        raise Http404 from unknown


def _connected(request: SignedInRequest, provider: str) -> tuple[Card, Connection]:
    """The card and its account, or 404 where there is none."""
    card = _card(request, provider)
    if card.connection is None:
        raise Http404
    return card, card.connection


def _moves(account: Connection, base_url: str) -> bool:
    return base_url != connecting.present_address(account) and not connecting.may_move(account)


def _address(provider: str, **query: str) -> str:
    asked = f"?{urlencode(query)}" if query else ""
    return f"{reverse('studio:connections')}{asked}#connection-{provider}"
