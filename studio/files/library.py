"""What people do with library files: keep, name, give a role, replace, delete and take back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from studio.models import Brief, LibraryFile, MediaFile, Project, Reference, User, Version
from studio.models.library import FileRole
from studio.storage import contents
from studio.storage.file_names import LONGEST_ORIGINAL, display_name, numbered, original_name

DELETED_KEEPS = timedelta(hours=24)


class StillUsed(Exception):
    """The file is part of something. `sentence` says of what."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def adopt(stored: MediaFile, *, project: Project, user: User, filename: str, **fields: Any) -> LibraryFile:
    """The project's file with this content: the one it has, a deleted one brought back, or a new one.

    `fields` are a new one's; `name_end` stays at the end of its name, however long that is.
    """
    file = LibraryFile.objects.filter(project=project, media=stored).first()
    if file is None:
        try:
            with transaction.atomic():
                return _new(stored, project, user, filename, fields)
        except IntegrityError:
            file = LibraryFile.objects.get(project=project, media=stored)
    if file.deleted_at:
        LibraryFile.objects.filter(pk=file.pk).update(deleted_at=None)
        file.deleted_at = None
    return file


def rename(file: LibraryFile, name: str, *, end: str = "") -> LibraryFile:
    """Give a file the name with the end, and with a number if another file of the project is called that."""
    others = LibraryFile.objects.in_library().filter(project=file.project_id).exclude(pk=file.pk)
    names = others.filter(name__startswith=name[:100]).values_list("name", flat=True)
    file.name = numbered(name, set(names), end=end)
    file.save(update_fields=["name"])
    return file


def replace(old: LibraryFile, new: LibraryFile, *, keep_old: bool) -> LibraryFile:
    """Let `new` take the name, role and voice of `old`; the old one stays under another name, or is deleted.

    What was made from the old one is not touched. Raises StillUsed if the old one is to go but cannot.
    """
    if new.pk == old.pk:
        raise StillUsed(f"This is the file that {old.name} is already.")
    name = old.name
    with transaction.atomic():
        if keep_old:
            rename(old, name, end=", before")
        else:
            delete(old)
        LibraryFile.objects.filter(pk=new.pk).update(name=name, role=old.role, voice=old.voice_id)
    new.refresh_from_db()
    return new


def delete(file: LibraryFile) -> None:
    """Take a file out of the library; `restore` brings it back for a day. Raises StillUsed.

    A file that a clip was made from stays, because the clip's recipe shows it (D-05).
    """
    clips = clips_made_from(file)
    if clips:
        raise StillUsed(
            f"{file.name} is part of {clips} {'clip' if clips == 1 else 'clips'}, so it stays here."
        )
    copy = file.fixed_copies.filter(deleted_at=None).first()
    if copy:
        raise StillUsed(f"{copy.name} was made from {file.name}. Delete the fixed copy first.")
    if _is_in_a_brief(file):
        raise StillUsed(f"{file.name} is in a clip that is being written. Take it out there first.")
    LibraryFile.objects.filter(voice=file).update(voice=None)
    LibraryFile.objects.filter(pk=file.pk).update(deleted_at=timezone.now())


def restore(file: LibraryFile) -> None:
    LibraryFile.objects.filter(pk=file.pk).update(deleted_at=None)


def clips_made_from(file: LibraryFile) -> int:
    """How many versions used this file: as reference, voice or first frame."""
    return int(versions_with(file).count())


def versions_with(file: LibraryFile) -> Any:
    used = Q(references__file=file) | Q(references__voice=file) | Q(first_frame=file)
    return Version.objects.filter(used).values("pk").distinct()


def purge_deleted(now: datetime) -> int:
    """Forget files that were deleted a day ago, with their bytes where nothing else needs them."""
    is_reference = Reference.objects.filter(Q(file=OuterRef("pk")) | Q(voice=OuterRef("pk")))
    opens = Version.objects.filter(first_frame=OuterRef("pk"))
    copies = LibraryFile.objects.filter(fixed_from=OuterRef("pk"))
    old = LibraryFile.objects.filter(deleted_at__lt=now - DELETED_KEEPS).exclude(
        Exists(is_reference) | Exists(opens) | Exists(copies)
    )
    count = 0
    for file in old.select_related("media")[:200]:
        deleted, _ = LibraryFile.objects.filter(pk=file.pk, deleted_at=file.deleted_at).delete()
        if deleted:  # nobody took it back meanwhile
            contents.drop_if_unused(file.media)
            count += 1
    return count


def role_counts(project: Project) -> dict[str, int]:
    """How many files of a project have each role, and "all" of them, in one query."""
    rows = LibraryFile.objects.in_library().filter(project=project).values_list("role").annotate(Count("pk"))
    counts = dict(rows.order_by("role"))
    return {role: counts.get(role, 0) for role in FileRole.values} | {"all": sum(counts.values())}


def _new(
    stored: MediaFile, project: Project, user: User, filename: str, fields: dict[str, Any]
) -> LibraryFile:
    original = original_name(filename)[:LONGEST_ORIGINAL]
    wanted = fields.pop("name", None) or display_name(original)
    names = LibraryFile.objects.in_library().filter(project=project, name__startswith=wanted[:100])
    end = fields.pop("name_end", "")
    role = FileRole.VOICE if stored.kind == "audio" else FileRole.NONE
    return LibraryFile.objects.create(
        project=project,
        media=stored,
        name=numbered(wanted, set(names.values_list("name", flat=True)), end=end),
        original_name=original,
        added_by=user,
        **({"role": role} | fields),
    )


def _is_in_a_brief(file: LibraryFile) -> bool:
    """Whether somebody's form holds it that was not sent since it changed. Trays are short lists of ids in JSON."""
    needle = str(file.pk)
    trays = Brief.objects.unsent().annotate(places=Cast("tray", TextField()))
    return trays.filter(Q(first_frame=needle) | Q(places__contains=needle)).exists()
