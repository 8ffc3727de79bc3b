"""Words of Compare: which take goes on, seeds, and what pieces of a prompt show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import template
from django.urls import reverse

from studio.compare.page import Changes, Slot
from studio.models import Reference
from studio.templatetags.tasks import grouped

register = template.Library()


@register.filter
def the_pick(slots: Sequence[Slot]) -> Slot | None:
    return next((slot for slot in slots if slot.card.task.is_pick), None)


@register.filter
def another_kept(slots: Sequence[Slot], picked: Slot) -> Slot | None:
    """The last one that is neither the pick nor in the bin."""
    kept = [slot for slot in slots if slot.slot != picked.slot and not slot.card.task.binned_at]
    return kept[-1] if kept else None


@register.filter
def seed_words(slot: Slot) -> str:
    return grouped(slot.card.task.seed) or "not fixed"


@register.simple_tag
def reference_picture(changes: Changes, side: str, key: str) -> str:
    """The address of a small picture of a reference; empty where it has none."""
    references: Mapping[str, Reference] = changes.references[side]
    reference = references.get(key)
    if reference is None or not reference.media.previews.get("thumb"):
        return ""
    task = (changes.start if side == "before" else changes.to).card.task
    return reverse("studio:clip-media", args=[task.task_id, f"ref-{reference.position}"])
