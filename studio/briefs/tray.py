"""The tray of a brief as it stands: which files lie in it, which of them can be used, and how they are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from studio import media, mentions
from studio.briefs.repaired import Repaired, repaired
from studio.briefs.values import capability_of
from studio.files import uploads
from studio.http import read_uuid
from studio.mentions import Named
from studio.models import Brief, LibraryFile, User
from studio.providers.base import Capability

PLACES_AT_MOST = 5
KINDS = {"image": media.Use.PICTURE, "video": media.Use.CLIP}

type State = Literal["ready", "set-aside", "broken"]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a file cannot be used as it is, to be read after its name: "can’t be used", and what was measured."""

    lead: str
    detail: str
    is_fixable: bool = False


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place of the tray. `label` is "Image 1", or nothing while the file is set aside."""

    key: str
    kind: str
    name: str
    file: LibraryFile | None
    voice: LibraryFile | None
    state: State
    label: str = ""
    problem: Problem | None = None
    voice_problem: Problem | None = None
    repaired: Repaired | None = None
    voice_repaired: Repaired | None = None

    @property
    def named(self) -> Named:
        return Named(key=self.key, kind=self.kind)

    @property
    def is_usable(self) -> bool:
        return self.state == "ready"

    @property
    def title(self) -> str:
        return self.label or self.name

    @property
    def voice_title(self) -> str:
        return f"The voice of {self.title}"

    @property
    def use(self) -> media.Use:
        return KINDS[self.kind]


@dataclass(frozen=True, kw_only=True)
class Tray:
    """Every place in order, and the references that have left but that the prompt still mentions (`gone`)."""

    places: tuple[Place, ...] = ()
    gone: tuple[Named, ...] = ()
    first_frame: LibraryFile | None = None
    first_frame_problem: Problem | None = None
    first_frame_repaired: Repaired | None = None
    files: dict[str, LibraryFile] = field(default_factory=dict)

    @property
    def numbered(self) -> list[Named]:
        """What the prompt can mention, in order."""
        return [place.named for place in self.places if place.label]

    @property
    def usable(self) -> list[Place]:
        return [place for place in self.places if place.is_usable]

    @property
    def broken(self) -> list[Place]:
        return [place for place in self.places if place.state == "broken"]

    @property
    def first_clip(self) -> Place | None:
        return next((place for place in self.places if place.label and place.kind == "video"), None)

    @property
    def keys(self) -> str:
        """The order that a text is written against, for the form: "a1b2c3:image,d4e5f6:video:gone"."""
        return write_keys(self.numbered, self.gone)


def tray_of(brief: Brief, user: User, capability: Capability | None = None) -> Tray:
    """Read the tray with one query for all its files."""
    capability = capability or capability_of(brief)
    files = files_by_id(user, _ids_in(brief))
    mentioned = set(mentions.mentioned_keys(brief.prompt))
    places = _labelled([_place(entry, files, entry["key"] in mentioned, capability) for entry in brief.tray])
    first_frame = files.get(brief.first_frame)
    missing = bool(brief.first_frame) and (first_frame is None or first_frame.deleted_at is not None)
    return Tray(
        places=tuple(places),
        gone=tuple(_gone(brief, places)),
        first_frame=first_frame,
        first_frame_problem=_left() if missing else _problem(first_frame, media.Use.PICTURE, capability),
        first_frame_repaired=repaired(first_frame, media.Use.PICTURE, capability),
        files=files,
    )


def files_by_id(user: User, ids: Iterable[str]) -> dict[str, LibraryFile]:
    """The files a person may see among these, by id as text; deleted ones too, to say that they left.

    A fixed copy brings its original along.
    """
    wanted: list[UUID] = [found for text in ids if (found := read_uuid(text))]
    if not wanted:
        return {}
    rows = LibraryFile.objects.visible_to(user).filter(pk__in=wanted)
    rows = rows.select_related("media", "fixed_from__media")
    return {str(row.pk): row for row in rows}


def write_keys(refs: Sequence[Named], gone: Sequence[Named]) -> str:
    here = [f"{ref.key}:{ref.kind}" for ref in refs]
    return ",".join(here + [f"{ref.key}:{ref.kind}:gone" for ref in gone])


def read_keys(text: str) -> tuple[list[Named], list[Named]]:
    """The references a text was written against, and those it mentions that had left. Nonsense is left out."""
    refs: list[Named] = []
    gone: list[Named] = []
    for part in text.split(",")[:40]:
        key, _, rest = part.partition(":")
        kind, _, left = rest.partition(":")
        if kind in KINDS and key.isalnum() and key.isascii() and len(key) <= 12:
            (gone if left else refs).append(Named(key=key, kind=kind))
    return refs, gone


def _ids_in(brief: Brief) -> list[str]:
    ids = [str(entry.get(part) or "") for entry in brief.tray for part in ("file", "voice")]
    return [*ids, brief.first_frame]


def _place(
    entry: dict[str, str], files: dict[str, LibraryFile], is_mentioned: bool, capability: Capability
) -> Place:
    file = files.get(entry["file"])
    kind = file.kind if file and file.kind in KINDS else entry.get("kind", "image")
    name = entry.get("name") or (file.name if file else "A reference")
    voice = files.get(entry.get("voice") or "")
    problem = _left() if file is None or file.deleted_at else _problem(file, KINDS[kind], capability)
    state: State = "ready" if problem is None else "broken" if is_mentioned else "set-aside"
    return Place(
        key=entry["key"],
        kind=kind,
        name=name,
        file=file,
        voice=voice,
        state=state,
        problem=problem,
        voice_problem=_problem(voice, media.Use.VOICE, capability),
        repaired=repaired(file, KINDS[kind], capability),
        voice_repaired=repaired(voice, media.Use.VOICE, capability),
    )


def _labelled(places: list[Place]) -> list[Place]:
    names = mentions.labels([place.named for place in places if place.state != "set-aside"])
    return [replace(place, label=names.get(place.key, "")) for place in places]


def _problem(file: LibraryFile | None, use: media.Use, capability: Capability) -> Problem | None:
    if file is None:
        return None
    verdict = uploads.verdict_for(file, use, capability)
    if verdict.outcome == media.Outcome.ACCEPT:
        return None
    lead, _, detail = verdict.summary_for("").strip().partition(". ")
    return Problem(lead=lead.rstrip("."), detail=detail, is_fixable=_is_fixable(file, use, verdict))


def _is_fixable(file: LibraryFile, use: media.Use, verdict: media.Verdict) -> bool:
    """A repair makes a file fit the model; nothing is offered for what only a provider's own tighter rule minds."""
    return verdict.outcome == uploads.verdict_for(file, use).outcome == media.Outcome.FIXABLE


def _left() -> Problem:
    return Problem(lead="isn’t in the library any more", detail="Replace it, or go without it.")


def _gone(brief: Brief, places: list[Place]) -> list[Named]:
    here = [place.named for place in places]
    return mentions.lost(brief.prompt, here, brief.settings.get("gone", {}))
