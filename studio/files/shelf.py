"""What the Files page shows: a project's files by kind, filtered and sorted, a page at a time.

The number of queries is the same however many files there are; paging is by key, never by counting rows off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from studio import media
from studio.files import consent, uploads
from studio.models import LibraryFile, Project, Reference, Version
from studio.models.library import FileKind, FileRole

PER_PAGE = 30
HEADINGS = {FileKind.IMAGE: "Pictures", FileKind.VIDEO: "Clips", FileKind.AUDIO: "Voices"}
SORTS = {"new": "Newest", "used": "Used last", "name": "By name"}
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
SALT = "studio.file_shelf"
OPEN = "open"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a person asked to see. `role` "" is everything; `consent` "open" wants one noted or renewed."""

    role: str = ""
    consent: str = ""
    words: str = ""
    sort: str = "new"

    @classmethod
    def read(cls, asked: dict[str, str]) -> Wanted:
        """From an address; what is not known is left out."""
        role, sort = asked.get("role", ""), asked.get("sort", "")
        return cls(
            role=role if role in FileRole.values else "",
            consent=OPEN if asked.get("consent") == OPEN else "",
            words=" ".join(asked.get("q", "").replace("\0", " ").split())[:100],
            sort=sort if sort in SORTS else "new",
        )

    @property
    def query(self) -> dict[str, str]:
        pairs = {"role": self.role, "consent": self.consent, "q": self.words}
        pairs["sort"] = self.sort if self.sort != "new" else ""
        return {name: value for name, value in pairs.items() if value}


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One file as the grid shows it."""

    file: LibraryFile
    verdict: media.Verdict
    used_in: int = 0
    rides_with: str = ""
    has_copy: bool = False

    @property
    def can_be_fixed(self) -> bool:
        """Not usable as it is, and nobody has repaired it yet."""
        return self.verdict.outcome == media.Outcome.FIXABLE and not self.has_copy

    @property
    def consent(self) -> str:
        """What about its consent is worth a hint; the copy in use says it, not the original behind it."""
        return "" if self.has_copy else consent.hint(self.file, timezone.localdate())


@dataclass(frozen=True, kw_only=True)
class Section:
    """The files of one kind. `after` continues behind the last one; empty at the end."""

    kind: str
    heading: str
    count: int
    tiles: Sequence[Tile] = field(default_factory=list)
    after: str = ""


def sections(project: Project, wanted: Wanted) -> list[Section]:
    """Every kind that has files, each with its first page."""
    rows = _filtered(project, wanted)
    counts = dict(rows.values_list("media__kind").annotate(Count("pk")).order_by("media__kind"))
    pages = {
        kind: _page(rows.filter(media__kind=kind), wanted.sort, "") for kind in HEADINGS if counts.get(kind)
    }
    tiles = {tile.file.pk: tile for tile in tiles_of([file for files, _ in pages.values() for file in files])}
    return [
        Section(
            kind=kind,
            heading=HEADINGS[FileKind(kind)],
            count=counts[kind],
            tiles=[tiles[file.pk] for file in files],
            after=after,
        )
        for kind, (files, after) in pages.items()
    ]


def more(project: Project, wanted: Wanted, kind: str, after: str) -> Section:
    """The next page of one kind."""
    files, next_after = _page(_filtered(project, wanted).filter(media__kind=kind), wanted.sort, after)
    return Section(
        kind=kind, heading=HEADINGS[FileKind(kind)], count=0, tiles=tiles_of(files), after=next_after
    )


def tiles_of(files: Sequence[LibraryFile]) -> list[Tile]:
    """Files with what is said under each: the same few queries for all of them."""
    used = used_counts([file.pk for file in files])
    riding = dict(
        LibraryFile.objects.in_library()
        .filter(voice__in=[file.pk for file in files if file.kind == FileKind.AUDIO])
        .values_list("voice", "name")
    )
    repaired = set(
        LibraryFile.objects.in_library()
        .filter(fixed_from__in=[file.pk for file in files])
        .values_list("fixed_from", flat=True)
    )
    return [
        Tile(
            file=file,
            has_copy=file.pk in repaired,
            verdict=uploads.verdict_for(file, uploads.natural_use(file.kind)),
            used_in=used.get(file.pk, 0),
            rides_with=riding.get(file.pk, ""),
        )
        for file in files
    ]


def used_counts(ids: Sequence[UUID]) -> dict[UUID, int]:
    """In how many versions each file appears, as reference, voice or first frame."""
    as_reference = Reference.objects.filter(file__in=ids).values_list("file", "version")
    as_voice = Reference.objects.filter(voice__in=ids).values_list("voice", "version")
    as_opening = Version.objects.filter(first_frame__in=ids).values_list("first_frame", "pk")
    pairs = {*as_reference, *as_voice, *as_opening}
    counts: dict[UUID, int] = {}
    for file_id in (file_id for file_id, _ in pairs if file_id):
        counts[file_id] = counts.get(file_id, 0) + 1
    return counts


def usable(project: Project, *, kinds: Sequence[str], words: str) -> list[LibraryFile]:
    """The newest files of these kinds, for choosing one."""
    rows = _filtered(project, Wanted(words=words)).filter(media__kind__in=kinds)
    return list(rows.order_by("-created_at", "pk")[:60])


def _filtered(project: Project, wanted: Wanted) -> Any:
    rows = LibraryFile.objects.in_library().filter(project=project)
    rows = rows.select_related("media", "fixed_from__media")
    if wanted.role:
        rows = rows.filter(role=wanted.role)
    if wanted.consent:
        rows = rows.filter(consent.is_open(timezone.localdate()))
    for word in wanted.words.split():
        roles = [role for role, label in FileRole.choices if role and word.lower() in label.lower()]
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(original_name__icontains=word)
            | Q(role__in=roles)
            | Q(added_by__name__icontains=word)
            | Q(consent_who__icontains=word)
            | Q(consent_for__icontains=word)
        )
    return rows


def _page(rows: Any, sort: str, after: str) -> tuple[list[LibraryFile], str]:
    """A page and the key of the next one. A key that is not ours starts from the beginning."""
    if sort == "name":
        rows, order, key = rows.annotate(place=F("name")), ["place", "pk"], "place__gt"
    else:
        place = F("created_at") if sort == "new" else Coalesce("used_at", NEVER)
        rows, order, key = rows.annotate(place=place), ["-place", "pk"], "place__lt"
    start = _read(after)
    if start:
        rows = rows.filter(Q(**{key: start[0]}) | Q(place=start[0], pk__gt=start[1]))
    files = list(rows.order_by(*order)[: PER_PAGE + 1])
    last = files[PER_PAGE - 1] if len(files) > PER_PAGE else None
    return files[:PER_PAGE], _write(last.place, last.pk) if last else ""


def _write(place: datetime | str, pk: UUID) -> str:
    text = place if isinstance(place, str) else place.isoformat()
    return signing.dumps([text, str(pk), isinstance(place, str)], salt=SALT)


def _read(after: str) -> tuple[Any, UUID] | None:
    try:
        text, pk, is_name = signing.loads(after, salt=SALT) if after else ("", "", False)
    except signing.BadSignature:
        return None
    if not pk:
        return None
    return (text if is_name else datetime.fromisoformat(text)), UUID(pk)
