"""Small words for the pages about people."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def of(words: Mapping[str, str], key: str) -> str:
    """The entry of a mapping that a variable names; nothing where there is none."""
    return words.get(key, "") if isinstance(words, Mapping) else ""
