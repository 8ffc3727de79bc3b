"""Who is named with @ in a text, and telling them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from studio.models import Note, NoteMention, Notice, Project, Role, User
from studio.news import notices

PEOPLE_AT_MOST = 200
AFTER_SIGN = re.compile(r"(?<![\w@])@(?=\w)")


def people_of(project: Project) -> list[User]:
    """Everyone who can see the project and is here, by name."""
    people = User.objects.filter(is_active=True)
    if not project.is_open:
        people = people.filter(Q(role=Role.OWNER) | Q(projects=project)).distinct()
    return list(people.order_by("name", "pk")[:PEOPLE_AT_MOST])


def named_in(text: str, people: Sequence[User]) -> list[User]:
    """The people that a text names, each once: by their whole name, or by a first name that only one of them has."""
    spans = spans_in(text, people)
    return list(dict.fromkeys(person for _, _, person in spans))


def spans_in(text: str, people: Sequence[User]) -> list[tuple[int, int, User]]:
    """Where in the text each person is named, from the sign to the end of the name."""
    names = _names(people)
    found = []
    for sign in AFTER_SIGN.finditer(text):
        rest = text[sign.end() :].casefold()
        name = next((name for name in names if _begins_with(rest, name)), None)
        if name:
            found.append((sign.start(), sign.end() + len(name), names[name]))
    return found


def pieces_of(text: str, people: Sequence[User]) -> tuple[tuple[str, bool], ...]:
    """The text in pieces, each with whether it is somebody's name; put together they are the text again."""
    pieces, at = [], 0
    for start, end, _ in spans_in(text, people):
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    return tuple(piece for piece in (*pieces, (text[at:], False)) if piece[0])


def remember(note: Note, project: Project) -> list[User]:
    """Write down who is named, and give back those who were not named in this note before. Guests name nobody."""
    if "@" not in note.text or note.guest_id:
        return []
    named = [person for person in named_in(note.text, people_of(project)) if person.pk != note.author_id]
    known = set(note.mentions.values_list("user", flat=True)) if named else set()
    new = [person for person in named if person.pk not in known]
    NoteMention.objects.bulk_create(
        [NoteMention(note=note, user=person, created_at=timezone.now()) for person in new],
        ignore_conflicts=True,
    )
    return new


def tell(note: Note, named: Sequence[User]) -> None:
    """Send word to people who were just named."""
    if not named:
        return
    path = f"{reverse('studio:review', args=[note.task.task_id])}?note={note.note_id}"
    sentence = f"{note.author or note.guest} named you in a note on {note.shot.title}."
    notices.tell(named, Notice.Kind.MENTION, sentence, path, note.task.project)


def _names(people: Sequence[User]) -> dict[str, User]:
    """Names in small letters, the longest first, so that "@Mara Lindqvist" is not taken for "@Mara"."""
    whole = {person.name.casefold(): person for person in reversed(people) if person.name}
    firsts: dict[str, list[User]] = {}
    for person in people:
        firsts.setdefault(person.get_short_name().casefold(), []).append(person)
    alone = {name: found[0] for name, found in firsts.items() if len(found) == 1}
    both = alone | whole
    return {name: both[name] for name in sorted(both, key=len, reverse=True)}


def _begins_with(text: str, name: str) -> bool:
    return text.startswith(name) and not text[len(name) : len(name) + 1].isalnum()
