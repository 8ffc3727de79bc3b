"""A brief for a paid service, its page, and the press."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.test import Client
from django.urls import reverse

from studio.models import Brief, Connection, Project, Studio, User
from tests.create.making import form_of, make_brief

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def brief_for(ada: User, provider: str = "modelstream", **more: Any) -> Brief:
    chosen = {"provider": provider, "resolution": "1080p"} | more.pop("settings", {})
    return make_brief(ada, settings=chosen, **more)


def page(client: Client, brief: Brief) -> str:
    return str(client.get(reverse("studio:brief", args=[brief.pk])).content.decode())


def cost_bar(text: str) -> str:
    """The words of the cost bar alone."""
    bar = text.partition('id="cost-bar"')[2].partition("</footer>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", bar).split())


def can_press(text: str) -> bool:
    button = text.partition('id="send"')[2].partition(">")[0]
    return "aria-disabled" not in button and "formaction" in button


def press(client: Client, brief: Brief, **changes: Any) -> Any:
    posted = form_of(brief, **({"with": "provider"} | changes))
    return client.post(reverse("studio:brief-send", args=[brief.pk]), posted, headers=HTMX)


def over(**limit: Any) -> None:
    for model, name in ((Studio, "month_cap"), (Project, "cap"), (Connection, "daily_cap")):
        if name in limit:
            rows = model.objects.filter(is_inbox=True) if model is Project else model.objects.all()
            rows.update(**{name: Decimal(limit[name])})
