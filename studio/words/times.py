"""Moments inside a sentence."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone


def at(moment: datetime, now: datetime) -> str:
    """ "14:02" today, else with its day: "tomorrow, 10:05", "yesterday, 14:02", "3 November, 9:00"."""
    local = timezone.localtime(moment)
    days = (local.date() - timezone.localdate(now)).days
    hour = f"{local:%H:%M}"
    if days == 0:
        return hour
    named = NEAR.get(days)
    return f"{named}, {hour}" if named else f"{local.day} {local:%B}, {hour}"


def seconds_words(seconds: int) -> str:
    """A short wait as one says it: "24 seconds", "1 minute", "5 minutes"."""
    if seconds < 90:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    minutes = round(timedelta(seconds=seconds) / timedelta(minutes=1))
    return f"{minutes} minutes"


NEAR = {-1: "yesterday", 1: "tomorrow"}
