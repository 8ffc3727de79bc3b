"""Who agreed to be in a file, to what and until when, and what about it is worth a hint. A hint blocks nothing."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils import timezone

from studio.models import LibraryFile, User
from studio.models.library import FileRole

ENDS_SOON = timedelta(days=30)
OF_PEOPLE = {FileRole.PERSON, FileRole.VOICE}
FIELDS = ("consent_who", "consent_for", "consent_until", "consent_noted_by", "consent_noted_at")


class Standing(StrEnum):
    """NOT_NEEDED: no note, and nobody to ask. ENDED: its last day is over."""

    NOT_NEEDED = "not_needed"
    MISSING = "missing"
    NOTED = "noted"
    ENDING = "ending"
    ENDED = "ended"


def standing(file: LibraryFile, today: date) -> Standing:
    """How the consent stands on a day. A note without a last day does not end."""
    if not file.consent_who:
        return Standing.MISSING if file.role in OF_PEOPLE else Standing.NOT_NEEDED
    if file.consent_until is None or file.consent_until > today + ENDS_SOON:
        return Standing.NOTED
    return Standing.ENDING if file.consent_until >= today else Standing.ENDED


def hint(file: LibraryFile, today: date) -> str:
    """What a card says about it: "consent not noted", "consent ends 30 Nov"; nothing where all is well."""
    match standing(file, today):
        case Standing.MISSING:
            return "consent not noted"
        case Standing.ENDING:
            return f"consent ends {_day(file, today)}"
        case Standing.ENDED:
            return f"consent ended {_day(file, today)}"
        case _:
            return ""


def is_open(today: date) -> Q:
    """The files that `hint` has words for."""
    return Q(consent_until__lte=today + ENDS_SOON) | Q(consent_who="", role__in=OF_PEOPLE)


def note(file: LibraryFile, *, who: str, purpose: str, until: date | None, user: User) -> None:
    """Note a consent on a file, its fixed copies and the original they were made from. They show the same people."""
    _write(
        file,
        consent_who=who,
        consent_for=purpose,
        consent_until=until,
        consent_noted_by=user,
        consent_noted_at=timezone.now(),
    )


def forget(file: LibraryFile) -> None:
    """Take the note out again, there and on what shows the same people."""
    _write(
        file,
        consent_who="",
        consent_for="",
        consent_until=None,
        consent_noted_by=None,
        consent_noted_at=None,
    )


def fields_of(file: LibraryFile) -> dict[str, Any]:
    """The note as fields, for a copy that shows the same people."""
    return {name: getattr(file, name) for name in FIELDS}


def _write(file: LibraryFile, **fields: Any) -> None:
    first = file.fixed_from_id or file.pk
    LibraryFile.objects.filter(Q(pk=first) | Q(fixed_from=first)).update(**fields)
    file.refresh_from_db(fields=list(FIELDS))


def _day(file: LibraryFile, today: date) -> str:
    until = file.consent_until or today
    year = "" if until.year == today.year else f" {until.year}"
    return f"{until.day} {until:%b}{year}"
