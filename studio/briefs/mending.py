"""A brief made from a take that failed at one of its inputs, with that input made smaller or left out."""

from __future__ import annotations

from studio import media, mentions
from studio.briefs import changing, saving
from studio.briefs.tray import tray_of
from studio.files import fixing
from studio.models import Brief, FixJob, GenerationTask, User
from studio.takes.faults import FIRST, FIRST_FRAME, VOICE, Fault


def leave_out(brief: Brief, fault: Fault, user: User) -> None:
    """Take the input at fault out of the brief, which says so and can take it back."""
    is_part = fault.key == FIRST_FRAME or fault.key.startswith(f"{VOICE}:")
    changing.change(brief, tray_of(brief, user), f"{'drop' if is_part else 'remove'} {fault.key}")
    saving.store(brief)


def is_still_named(brief: Brief, fault: Fault) -> bool:
    """Whether the prompt names what was left out, so that a person has to find other words."""
    return fault.key in mentions.mentioned_keys(brief.prompt)


def use_first_seconds(brief: Brief, fault: Fault, task: GenerationTask, user: User) -> FixJob:
    """Have the beginning of the clip at fault copied. The copy takes the clip's place in the brief once it is made."""
    reference = task.version.references.select_related("file").get(key=fault.key)
    return fixing.start(
        reference.file,
        use=media.Use.CLIP,
        choices=FIRST,
        user=user,
        brief=brief,
        place=f"replace:{fault.key}",
    )
