"""Making a fixed copy of a library file. The original is never touched."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from django.db import transaction

from studio import media
from studio.files import consent, library, uploads
from studio.models import LibraryFile, User
from studio.storage import contents, store

logger = logging.getLogger(__name__)


def would_do(file: LibraryFile, use: media.Use, choices: media.FixChoices) -> bool:
    """Whether anything is left to repair with these choices."""
    plan = media.plan_fix(file.media.measured, use, choices=choices)
    return any(step.kind not in choices.skip for step in plan.steps)


def choices_of(copy: LibraryFile) -> media.FixChoices:
    """What was chosen for a fixed copy."""
    return media.FixChoices.from_dict(copy.fix.get("choices", {}))


def make_copy(
    file: LibraryFile,
    *,
    use: media.Use,
    choices: media.FixChoices,
    user: User,
    report: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
    is_unasked: bool = False,
) -> LibraryFile:
    """The fixed copy of a file, kept beside it. The same repair again finds the same copy, by its content.

    Raises Refused, UnreadableMedia, ChildFailed, ChildCancelled or OSError.
    """
    scratch = store.scratch_dir()
    try:
        source = contents.path_of(file.media)
        facts = file.media.measured
        fixed = media.fix(source, facts, use, choices, scratch, on_progress=report, cancel=cancel)
        return uploads.store_bytes(
            fixed.path,
            filename=f"{Path(file.original_name).stem}{fixed.path.suffix}",
            project=file.project,
            user=user,
            use=use,
            name=file.name,
            name_end=", fixed",
            role=file.role,
            fixed_from=file,
            **consent.fields_of(file),
            fix={
                "use": str(use),
                "done": list(fixed.done),
                "choices": choices.to_dict(),
                "unasked": is_unasked,
            },
        )
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def unasked(file: LibraryFile, *, use: media.Use, user: User) -> LibraryFile:
    """The copy to use where every repair loses nothing (HEIC to JPEG, upright): made at once, nobody is asked.

    The file itself where that is not so, or where the repair does not work: the drawer then offers it.
    A copy that was deleted and is made again comes back under the name it has.
    """
    if not media.plan_fix(file.media.measured, use).automatic:
        return file
    copy = file.fixed_copies.filter(deleted_at=None, fix__unasked=True).first()
    if copy:
        return copy
    earlier = dict(file.fixed_copies.values_list("pk", "name"))
    try:
        copy = make_copy(file, use=use, choices=media.FixChoices(), user=user, is_unasked=True)
    except (uploads.Refused, media.UnreadableMedia, media.ChildFailed, OSError):
        logger.exception("The repair of %s that nobody has to ask for stumbled", file.pk)
        return file
    name = earlier.get(copy.pk, file.name)
    if file.name == name:
        library.rename(file, name, end=", original")
    return library.rename(copy, name)


def undo(copy: LibraryFile) -> LibraryFile:
    """Take a fixed copy out of the library and answer with its original, which gets back the name that an unasked
    repair took. Raises StillUsed, also for a file that is no copy.
    """
    original = copy.fixed_from
    if original is None:
        raise library.StillUsed(f"{copy.name} is as it came. There is nothing to undo.")
    with transaction.atomic():
        library.delete(copy)
        return library.rename(original, copy.name) if copy.fix.get("unasked") else original
