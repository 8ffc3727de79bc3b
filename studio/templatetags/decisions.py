"""Words of the board and the inbox."""

from __future__ import annotations

from datetime import datetime

from django import template

from studio.templatetags.ui import day

register = template.Library()


@register.filter
def since(moment: datetime | None) -> str:
    """The day something has waited since, inside a sentence: "since today", "since Monday"."""
    name = day(moment)
    return name.lower() if name in {"Today", "Yesterday"} else name
