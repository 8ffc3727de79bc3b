"""What the shell around every page shows: the studio, the project, who is signed in, what is in the works."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from studio import access, changes, freezing
from studio.http import page_path
from studio.models import Studio, User
from studio.money import spending
from studio.news import inbox
from studio.takes import live

THEMES = {"dark", "light"}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Pages before signing in get the studio's name and the theme, and nothing else.

    What costs a query is asked for only where a template shows it: a poll's answer has no bar.
    """
    theme = request.COOKIES.get("theme", "")
    public = {"studio": cache(studio_name), "theme": theme if theme in THEMES else ""}
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return public
    request.user = user
    return public | {
        "may": access.Rights(user),
        "current_project": cache(lambda: access.current_project(request)),  # type: ignore[arg-type]
        "projects": cache(lambda: access.current_projects(request)),  # type: ignore[arg-type]
        "month_spend": cache(lambda: spending.shown_to(user, timezone.now())),
        "frozen": cache(freezing.state),
        "bell": cache(lambda: inbox.bell(user)),
        "works_count": cache(lambda: live.works_count(user)),
        "here": cache(lambda: page_path(request)),
        "bar_poll": cache(lambda: live.poll_of_bar("bar", user, timezone.now())),
        "poll_capability": cache(lambda: changes.poll_capability(request.session.session_key)),
    }


def studio_name() -> str:
    return Studio.objects.values_list("name", flat=True).filter(pk=1).first() or "R2V Studio"
