"""Short ages for a list of notes, and the names in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from studio.templatetags.ui import Missing, ago

register = template.Library()


@register.filter
def age(moment: datetime | Missing) -> str:
    """ "18 min", "2 h", "just now", "yesterday", "3 November"."""
    return ago(moment).removesuffix(" ago")


@register.filter
def with_names(pieces: Sequence[tuple[str, bool]]) -> SafeString:
    """A note's words, the names of people in <b>. A space between two names stays, also inside {% spaceless %}."""
    return format_html_join(
        "", "{}", ((_name(text) if is_name else _words(text),) for text, is_name in pieces)
    )


def _name(text: str) -> str:
    return format_html('<b class="remark__name">{}</b>', text)


def _words(text: str) -> str:
    return text if text.strip() else format_html_join("", "&#{};", ((ord(sign),) for sign in text))
