"""Short ages for a list of notes."""

from __future__ import annotations

from datetime import datetime

from django import template

from studio.templatetags.ui import Missing, ago

register = template.Library()


@register.filter
def age(moment: datetime | Missing) -> str:
    """ "18 min", "2 h", "just now", "yesterday", "3 November"."""
    return ago(moment).removesuffix(" ago")
