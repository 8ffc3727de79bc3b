"""Words and signs about takes, for templates."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from uuid import UUID

from django import template
from django.contrib.messages.storage.base import Message
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from studio import undo
from studio.models import GenerationTask, Reference
from studio.takes.cards import Card
from studio.templatetags.ui import at_time, day, icon
from studio.words import LEFT, Story
from studio.words.times import seconds_words

register = template.Library()
RING = mark_safe('<span class="ring"></span>')
NOBODY = UUID(int=0)


@register.filter
def sign(story: Story) -> SafeString:
    """The status's icon; a turning ring where something is under way."""
    return icon(story.icon) if story.icon else RING


@register.filter
def sentence(story: Story) -> SafeString:
    """What happened, its first words in bold; seconds to the next try are counted in the page."""
    rest = str(conditional_escape(story.rest))
    if story.strong:
        strong = conditional_escape(story.strong)
        rest = rest.replace(strong, f"<b>{strong}</b>", 1)
    if story.countdown:
        left = story.countdown.left
        clock = format_html(
            '<elapsed-clock data-left="{}" data-spoken>{}</elapsed-clock>', left, seconds_words(left)
        )
        rest = rest.replace(LEFT, clock, 1)
    lead = format_html("<b>{}</b> ", story.lead) if story.lead else ""
    return mark_safe(f"{lead}{rest}")  # noqa: S308  every part was escaped above


@register.simple_tag
def take_url(name: str, task: GenerationTask, variant: str = "") -> str:
    """An address of a take, as `url` gives it: that looks through all patterns each time, and a page of clips has
    hundreds."""
    before, after = _around_the_id(name, variant)
    return f"{before}{task.task_id}{after}"


@cache
def _around_the_id(name: str, variant: str) -> tuple[str, str]:
    before, _, after = reverse(f"studio:{name}", args=[NOBODY, variant] if variant else [NOBODY]).partition(
        str(NOBODY)
    )
    return before, after


@register.filter
def undo_of(message: Message) -> undo.Undo | None:
    return undo.offered_by(message.extra_tags)


@register.filter
def when(moment: datetime | None) -> str:
    """ "14:18" today, else the day with it: "yesterday 14:18"."""
    if moment is None:
        return ""
    name = day(moment)
    hour = at_time(moment)
    return hour if name == "Today" else f"{name.lower() if name == 'Yesterday' else name}, {hour}"


@register.filter
def ratio(card: Card) -> str:
    """The shape a tile keeps free for the picture."""
    clip = card.task.clip
    if clip is None:
        return card.task.version.ratio
    shape = clip.width / clip.height
    known = {"16:9": 16 / 9, "9:16": 9 / 16, "1:1": 1.0, "4:3": 4 / 3, "3:4": 3 / 4}
    return min(known, key=lambda name: abs(known[name] - shape))


@register.filter
def grouped(number: int | None) -> str:
    """A long number in groups of three: 1 840 226 917."""
    return "" if number is None else f"{number:,}".replace(",", "\u2009")


@register.filter
def variant(reference: Reference) -> str:
    """Which of the take's media shows this reference."""
    return f"ref-{reference.position}"
