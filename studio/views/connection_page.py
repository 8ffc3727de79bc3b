"""The Connections page, put together: the cards with their forms, the budgets, the ways of references."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from studio import access
from studio.access import May
from studio.connections import cards as connection_cards
from studio.connections.cards import Card
from studio.delivery import ways as delivery_ways
from studio.delivery.ways import Reach
from studio.forms.budgets import BudgetsForm
from studio.forms.connections import KeyForm, TermsForm
from studio.http import SignedInRequest
from studio.money import budgets, spend_chart
from studio.people import accounts

TYPED_LIMITS = "typed_limits"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A card with its forms. `open`: "key" or "remove" where that part was asked for."""

    card: Card
    key_form: KeyForm | None = None
    terms_form: TermsForm | None = None
    open: str = ""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Forms that came back with problems, to be shown as they were sent; and what a check found."""

    provider: str = ""
    key_form: KeyForm | None = None
    terms_form: TermsForm | None = None
    budgets_form: BudgetsForm | None = None
    reach: Reach | None = None


def page(request: SignedInRequest, kept: Kept | None = None, *, status: int = 200) -> HttpResponse:
    kept, now = kept or Kept(), timezone.now()
    shown = [shown_card(request, card, kept) for card in connection_cards.cards(now)]
    spent = sum((each.card.spent for each in shown), start=Decimal(0))
    clips = sum(each.card.clips for each in shown)
    context = {
        "nav": "team",
        "team_nav": "connections",
        "may_change": access.may(request.user, May.KEYS),
        "has_fresh_password": accounts.has_fresh_password(request),
        "shown": shown,
        "now": now,
        "spent": spent,
        "clips": clips,
        "chart": spend_chart.of_month(now),
        "each_clip": spent / clips if clips else None,
        "ways": delivery_ways.ways() if access.may(request.user, May.KEYS) else [],
        "reach": kept.reach,
        "public_host": delivery_ways.public_host(),
        "bucket": delivery_ways.bucket_name(),
    }
    return render(request, "studio/connections.html", context | _budgets(request, kept), status=status)


def shown_card(request: SignedInRequest, card: Card, kept: Kept | None = None) -> Shown:
    """With the forms that its owner may use now."""
    if not access.may(request.user, May.KEYS):
        return Shown(card=card)
    kept, name, account = kept or Kept(), card.capability.name, card.connection
    is_kept = kept.provider == name
    key_form = (kept.key_form if is_kept else None) or KeyForm(card.capability, account)
    if account is None:
        return Shown(card=card, key_form=key_form)
    terms_form = (kept.terms_form if is_kept else None) or TermsForm(card.capability, account)
    is_open = request.GET.get("replace") == name or (is_kept and kept.key_form)
    may_replace = is_open and not account.is_from_environment
    is_leaving = request.GET.get("disconnect") == name and not account.is_from_environment
    return Shown(
        card=card,
        key_form=key_form if may_replace else None,
        terms_form=terms_form,
        open="key" if may_replace else "remove" if is_leaving else "",
    )


def _budgets(request: SignedInRequest, kept: Kept) -> dict[str, Any]:
    month, projects = budgets.studio_month(timezone.now()), budgets.of_projects(request.user)
    is_changing = access.may(request.user, May.KEYS) and (
        request.GET.get("change") == "budgets" or kept.budgets_form
    )
    form = kept.budgets_form
    if is_changing and form is None:
        form = BudgetsForm(request.user, month, projects, typed_limits(request))
    return {"month": month, "projects_spent": projects, "budgets_form": form if is_changing else None}


def typed_limits(request: SignedInRequest) -> dict[str, str] | None:
    """Limits that were typed before the password was asked for, back in their fields."""
    typed: dict[str, str] | None = request.session.get(TYPED_LIMITS)
    return typed if "typed" in request.GET else None
