"""Small words and signs for every page: icons, people's initials, times, lengths and sizes."""

from __future__ import annotations

import re
import zlib
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

from django import template
from django.template.base import FilterExpression, Parser, TextNode, Token
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# A variable that is not there reaches a filter as "": every filter then says nothing.
type Missing = Literal[""] | None

LITERAL = re.compile(r'"[^"|]*"')
ICONS = Path(__file__).with_name("icons.svg")

AVATAR_TINTS = 8
AVATAR_SIZES = {"s": "small", "l": "large"}
MINUTE, HOUR, DAY = 60, 3600, 86_400
SIZE_UNITS = ("KB", "MB", "GB", "TB")


@lru_cache(maxsize=1024)
def icon(name: str, label: str = "", *, css: str = "") -> SafeString:
    """An icon, drawn in place. Without a label it is decoration beside a word, and hidden from screen readers.

    In place, because a drawing of another file costs a page a request, and a document of its own to read it in,
    before the first frame. Remembered, because a page draws the same few dozens of times.
    """
    classes = f"icon {css}".strip()
    view_box, shapes = drawings().get(name, ("0 0 24 24", ""))
    if label:
        return format_html(
            '<svg class="{}" viewBox="{}" role="img" aria-label="{}">{}</svg>',
            classes,
            view_box,
            label,
            shapes,
        )
    return format_html('<svg class="{}" viewBox="{}" aria-hidden="true">{}</svg>', classes, view_box, shapes)


class IconNode(template.Node):
    """An icon whose name, label or class only the page knows."""

    def __init__(self, named: dict[str, FilterExpression]) -> None:
        self._named = named

    def render(self, context: template.Context) -> SafeString:
        return icon(**{word: value.resolve(context) for word, value in self._named.items()})


@register.tag("icon")
def icon_tag(parser: Parser, token: Token) -> template.Node:
    """{% icon "check" %}, {% icon "check" "Done" %}, {% icon "play" css="player__play" %}, {% icon row.icon %}

    Drawn when the template is read if its words stand there: a card has ten of them, a page of clips hundreds.
    """
    places = iter(("name", "label"))
    given = {}
    for word in token.split_contents()[1:]:
        is_class = word.startswith("css=")
        given["css" if is_class else next(places)] = word.removeprefix("css=")
    named = {word: parser.compile_filter(value) for word, value in given.items()}
    if any(LITERAL.fullmatch(value) is None for value in given.values()):
        return IconNode(named)
    return TextNode(icon(**{word: value.resolve(template.Context()) for word, value in named.items()}))


@register.simple_tag
def icon_kit(*names: str) -> SafeString:
    """Icons that only a script will show, kept in templates for it (static/js/icon.js)."""
    return format_html_join(
        "", '<template data-icon="{}">{}</template>', ((name, icon(name)) for name in names)
    )


@lru_cache
def drawings() -> dict[str, tuple[str, SafeString]]:
    """View box and shapes of every icon by its name, from the file that scripts/vendor.py writes."""
    symbols = re.findall(r'<symbol id="([^"]+)" viewBox="([^"]+)">(.*?)</symbol>', ICONS.read_text("utf-8"))
    return {name: (view_box, mark_safe(shapes)) for name, view_box, shapes in symbols}  # noqa: S308 - our own file


@register.simple_tag
def avatar(person: object, size: str = "") -> SafeString:
    """A person's picture, or their initials on their own colour. Also for a guest, or a mere name.

    `size` is "small" (or "s"), "large" (or "l") or nothing.
    """
    name = str(getattr(person, "name", "") or person)
    size = AVATAR_SIZES.get(size, size)
    picture = getattr(person, "picture", "")
    return _picture(getattr(person, "pk", 0), picture, name, size) if picture else _initials(name, size)


def _picture(person: int, sha256: str, name: str, size: str) -> SafeString:
    """Its address changes with the picture, so that a browser may keep it."""
    address = f"{reverse('studio:person-picture', args=[person])}?is={sha256[:12]}"
    return format_html(
        '<img class="avatar" data-size="{}" src="{}" alt="{}" title="{}" width="28" height="28">',
        size,
        address,
        name,
        name,
    )


@lru_cache(maxsize=1024)
def _initials(name: str, size: str) -> SafeString:
    return format_html(
        '<span class="avatar" data-tint="{}" data-size="{}" role="img" aria-label="{}" title="{}">{}</span>',
        tint(name),
        size,
        name,
        name,
        initials(name),
    )


@register.filter
def initials(name: object) -> str:
    """The first letters of the first and last word: "Sanne de Vries" is "SV"."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    if not words:
        return "?"
    return "".join(word[0].upper() for word in ([words[0], words[-1]] if len(words) > 1 else words))


def tint(name: str) -> int:
    """A colour number from 0 to 7, always the same for a name."""
    return zlib.crc32(name.casefold().encode("utf-8")) % AVATAR_TINTS


@register.filter
def clock(seconds: float | Missing) -> str:
    """A length as on a player: 65 is "1:05"; over an hour "1:02:03". Nothing for an unknown length."""
    if seconds is None or seconds == "":
        return ""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, HOUR)
    minutes, left = divmod(rest, MINUTE)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


@register.filter
def long_duration(seconds: float | Missing) -> str:
    """A length as one says it: "5 s", "1 min 39 s", "2 h 5 min"."""
    if seconds is None or seconds == "":
        return ""
    whole = max(0, round(seconds))
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        minutes, left = divmod(whole, MINUTE)
        return f"{minutes} min {left} s" if left else f"{minutes} min"
    hours, rest = divmod(whole, HOUR)
    minutes = rest // MINUTE
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


@register.filter
def file_size(size_bytes: float | Missing) -> str:
    """Bytes in thousands, as providers count them: "3.1 MB", "640 KB"."""
    if size_bytes is None or size_bytes == "":
        return ""
    amount = float(size_bytes) / 1000
    for unit in SIZE_UNITS:
        if amount < 1000 or unit == SIZE_UNITS[-1]:
            break
        amount /= 1000
    digits = 1 if unit != "KB" and amount < 100 else 0
    return f"{amount:.{digits}f}".removesuffix(".0") + f" {unit}"


@register.filter
def ago(moment: datetime | Missing, now: datetime | None = None) -> str:
    """How long ago, in few words: "just now", "18 min ago", "2 h ago", "yesterday", then the date."""
    if not moment:
        return ""
    now = now or timezone.now()
    seconds = (now - moment).total_seconds()
    if seconds < MINUTE:
        return "just now"
    if seconds < HOUR:
        return f"{int(seconds // MINUTE)} min ago"
    days = (timezone.localdate(now) - timezone.localdate(moment)).days
    if days == 0:
        return f"{int(seconds // HOUR)} h ago"
    return "yesterday" if days == 1 else day(moment, now)


@register.filter
def day(moment: datetime | Missing, now: datetime | None = None) -> str:
    """A day as a heading: "Today", "Yesterday", "Monday", "3 November", with the year when it is another one."""
    if not moment:
        return ""
    today = timezone.localdate(now or timezone.now())
    date = timezone.localdate(moment)
    if date == today:
        return "Today"
    if date == today - timedelta(days=1):
        return "Yesterday"
    if timedelta(0) < today - date < timedelta(days=6):
        return f"{date:%A}"
    words = f"{date.day} {date:%B}"
    return words if date.year == today.year else f"{words} {date.year}"


@register.filter
def until_day(moment: datetime | Missing) -> str:
    """A day to come, as one writes it: "30 November", with the year when it is another one."""
    if not moment:
        return ""
    date = timezone.localdate(moment)
    words = f"{date.day} {date:%B}"
    return words if date.year == timezone.localdate().year else f"{words} {date.year}"


@register.filter
def at_time(moment: datetime | Missing) -> str:
    """The hour and minute here: "14:18"."""
    return "" if not moment else f"{timezone.localtime(moment):%H:%M}"


@register.filter
def exact_time(moment: datetime | Missing) -> str:
    """For <time datetime>, to the second: HTML knows no fraction of six digits. "2026-11-21T14:18:09+00:00"."""
    return "" if not moment else timezone.localtime(moment).isoformat(timespec="seconds")


@register.filter
def waveform_path(peaks: list[float] | tuple[float, ...] | None) -> str:
    """Peaks from 0 to 1 as the path of a drawing 2 units wide for each, 32 high: <path d="…">."""
    bars = []
    for position, peak in enumerate(peaks or ()):
        half = max(1.0, min(1.0, float(peak)) * 15)
        bars.append(f"M{2 * position + 1} {16 - half:.1f}v{2 * half:.1f}")
    return "".join(bars)
