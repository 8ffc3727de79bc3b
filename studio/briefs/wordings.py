"""Words to begin with: templates of the product and of the studio, and what a person wrote before.

A press is a line, as in the tray: `say SOURCE` puts the words into the prompt, `keep NAME` keeps the prompt as a
template, `unkeep ID` takes a template away. SOURCE is `version:ID`, `kept:ID` or `ours:NAME`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from studio import mentions
from studio.access import May, may
from studio.briefs.changing import CannotChange
from studio.briefs.tray import Tray
from studio.briefs.values import values_of
from studio.http import read_uuid
from studio.models import Brief, Project, User, Version, Wording

VERBS = ("say", "keep", "unkeep")
GOES_ALONG = ("duration", "ratio", "resolution", "shot_type")
NAME_LONG, SHOWN, LOOKED_AT = 80, 30, 90
GONE = "These words aren’t here any more."


@dataclass(frozen=True, kw_only=True)
class Words:
    """`prompt` is as people read it. `line` puts it into the prompt; `by` is who kept it, where somebody did."""

    line: str
    name: str
    prompt: str
    negative_prompt: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    by: User | None = None
    drop: str = ""


OURS = {
    words.line.removeprefix("say ours:"): words
    for words in (
        Words(
            line="say ours:enter",
            name="Enter and stop",
            prompt="Image 1 walks into Image 2 from the left, stops in the middle and looks into the camera. "
            "Slow push in, soft daylight.",
        ),
        Words(
            line="say ours:turn",
            name="Turn around a thing",
            prompt="The camera turns slowly once around Image 1 on a plain ground, soft light from the left, "
            "every detail sharp.",
        ),
        Words(
            line="say ours:dance",
            name="Move like the clip",
            prompt="Image 1 moves exactly as the person in Video 1 does, in the same place and light, "
            "camera still.",
        ),
        Words(
            line="say ours:talk",
            name="Two talk, in three shots",
            prompt="Shot 1 [0-3s] Image 1 and Image 2 face each other at a table. "
            "Shot 2 [3-6s] Close on Image 1, who asks something. Shot 3 [6-9s] Close on Image 2, who smiles.",
            settings={"duration": "9", "shot_type": "multi"},
        ),
        Words(
            line="say ours:phone",
            name="Greeting for the phone",
            prompt="Image 1 holds the camera at arm's length, waves and laughs, the street behind out of focus.",
            settings={"ratio": "9:16"},
        ),
    )
}


def kept(user: User) -> list[Words]:
    """The studio's own templates, newest first."""
    rows = Wording.objects.select_related("created_by").order_by("-created_at")[:SHOWN]
    return [_words_of(row, user) for row in rows]


def written_before(user: User) -> list[Words]:
    """What the person sent last, in projects that they may still see, each sentence once."""
    seen: dict[str, Words] = {}
    for version in _own_versions(user).order_by("-created_at")[:LOOKED_AT]:
        prompt = _readable(version)
        if prompt not in seen and len(seen) < SHOWN:
            seen[prompt] = Words(line=f"say version:{version.pk}", name=version.shot.title, prompt=prompt)
    return list(seen.values())


def act(brief: Brief, tray: Tray, line: str) -> str:
    """Carry out a line, and say what it did. Raises CannotChange."""
    verb, _, rest = line.partition(" ")
    if verb == "say":
        return _say(brief, tray, rest)
    return _keep(brief, tray, rest) if verb == "keep" else _unkeep(brief.user, rest)


def _say(brief: Brief, tray: Tray, source: str) -> str:
    words = _found(source, brief.user)
    if words is None:
        raise CannotChange(GONE)
    before, brief.prompt = brief.prompt, mentions.to_stored(words.prompt, tray.numbered, gone=tray.gone)
    if before.strip() and before != brief.prompt:
        brief.settings |= {"other": before, "other_is": "replaced"}
    if words.negative_prompt and not brief.negative_prompt:
        brief.negative_prompt = words.negative_prompt
    brief.settings |= words.settings
    return f"The prompt is now “{words.name}”."


def _keep(brief: Brief, tray: Tray, name: str) -> str:
    text = mentions.to_display(brief.prompt, tray.numbered, gone=tray.gone).strip()
    if not text:
        raise CannotChange("Write a prompt first, then keep it as a template.")
    values = values_of(brief)
    row = Wording.objects.create(
        name=" ".join((name.strip() or text)[:NAME_LONG].split()),
        prompt=text,
        negative_prompt=brief.negative_prompt,
        settings={each: values[each] for each in GOES_ALONG},
        created_by=brief.user,
    )
    return f"Kept as the template “{row.name}”."


def _unkeep(user: User, key: str) -> str:
    row = _kept_as(key)
    if row is None:
        raise CannotChange("This template is gone already.")
    if not _may_drop(row, user):
        raise CannotChange("Who kept this template, or a producer, can take it away.")
    row.delete()
    return f"The template “{row.name}” is gone."


def _found(source: str, user: User) -> Words | None:
    where, _, key = source.partition(":")
    if where == "ours":
        return OURS.get(key)
    if where == "kept":
        row = _kept_as(key)
        return _words_of(row, user) if row else None
    if where == "version" and (version := _version(key, user)):
        return Words(line="", name=version.shot.title, prompt=_readable(version))
    return None


def _kept_as(key: str) -> Wording | None:
    number = read_uuid(key)
    return Wording.objects.select_related("created_by").filter(pk=number).first() if number else None


def _version(key: str, user: User) -> Version | None:
    number = read_uuid(key)
    return _own_versions(user).filter(pk=number).first() if number else None


def _own_versions(user: User) -> QuerySet[Version]:
    rows = Version.objects.filter(created_by=user, shot__project__in=Project.objects.visible_to(user))
    return rows.select_related("shot").prefetch_related("references")


def _words_of(row: Wording, user: User) -> Words:
    return Words(
        line=f"say kept:{row.pk}",
        name=row.name,
        prompt=row.prompt,
        negative_prompt=row.negative_prompt,
        settings={name: row.settings[name] for name in GOES_ALONG if name in row.settings},
        by=row.created_by,
        drop=f"unkeep {row.pk}" if _may_drop(row, user) else "",
    )


def _may_drop(row: Wording, user: User) -> bool:
    return row.created_by_id == user.pk or may(user, May.INVITE)


def _readable(version: Version) -> str:
    return mentions.to_display(version.prompt, list(_named(version)))


def _named(version: Version) -> Iterator[mentions.Named]:
    for reference in sorted(version.references.all(), key=lambda each: each.position):
        yield mentions.Named(key=reference.key, kind=reference.kind)
