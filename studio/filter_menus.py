"""The Library's filters as menus of links: what is chosen, what else there is, how to drop it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from studio.history import DATES, KINDS, STATUSES, Filters, makers
from studio.models import Project, Shot, User
from studio.providers import registry

SHOTS_LISTED = 40


@dataclass(frozen=True, kw_only=True)
class Choice:
    label: str
    query: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Menu:
    """One filter. `chosen` is the label of what it is set to, and `without` the address that drops it."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    chosen: str = ""
    without: str = ""


def menus(user: User, filters: Filters, projects: Iterable[Project], view: str) -> list[Menu]:
    """All filters, each able to be set on its own while the others stay."""
    kept = {"view": view if view != "rows" else ""}
    shown = [
        _menu("project", "All projects", ((str(p.pk), p.name) for p in projects), filters, kept),
        _menu("person", "Anyone", ((str(p.pk), p.name) for p in makers(user)), filters, kept),
        _menu("status", "Any state", ((key, label) for key, (label, _) in STATUSES.items()), filters, kept),
        _menu(
            "provider",
            "Made with",
            ((capability.name, capability.label) for capability in registry.capabilities().values()),
            filters,
            kept,
        ),
        _menu("kind", "Drafts and clips", KINDS.items(), filters, kept),
        _menu("date", "Any date", DATES.items(), filters, kept),
    ]
    if filters.project or filters.shot:
        shown.insert(1, _menu("shot", "All shots", _shots(user, filters), filters, kept))
    return shown


def _menu(
    name: str, title: str, options: Iterable[tuple[str, str]], filters: Filters, kept: dict[str, str]
) -> Menu:
    current = str(getattr(filters, name) or "")
    without = filters.as_query(**kept | {name: ""})  # written once: a menu may have forty choices
    others = f"&{without}" if without else ""
    choices = tuple(
        Choice(label=label, query=urlencode({name: value}) + others, is_chosen=value == current)
        for value, label in options
    )
    chosen = next((choice.label for choice in choices if choice.is_chosen), "Another one" if current else "")
    return Menu(name=name, title=title, choices=choices, chosen=chosen, without=without)


def _shots(user: User, filters: Filters) -> list[tuple[str, str]]:
    shots = Shot.objects.visible_to(user)
    if filters.project:
        shots = shots.filter(project=filters.project)
    found = list(shots.order_by("-created_at").values_list("pk", "title")[:SHOTS_LISTED])
    if filters.shot and filters.shot not in {pk for pk, _ in found}:
        found += Shot.objects.visible_to(user).filter(pk=filters.shot).values_list("pk", "title")
    return [(str(pk), title) for pk, title in found]
