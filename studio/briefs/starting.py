"""Where a brief comes from: the one being written, an empty one, an earlier version."""

from __future__ import annotations

from uuid import UUID

from django.core import signing

from studio.briefs.values import DEFAULTS
from studio.models import Brief, Project, User, Version

NEW_BRIEF_SALT = "studio.briefs.new"


def latest_for(user: User, project: Project) -> Brief:
    """The brief the person wrote on last in this project, or an empty one that is not in the database yet."""
    latest = Brief.objects.filter(user=user, project=project).order_by("-saved_at").first()
    return latest or Brief(user=user, project=project, settings=remembered_settings(user))


def remembered_settings(user: User) -> dict[str, object]:
    """What the person chose last for length, shape, quality and way of making; seeds and words start afresh."""
    kept = ("provider", "duration", "ratio", "resolution", "prompt_extend", "watermark", "shot_type")
    last = (
        Brief.objects.filter(user=user).order_by("-saved_at").values_list("settings", flat=True).first() or {}
    )
    return {name: last[name] for name in kept if name in last and name in DEFAULTS}


def ticket(brief: Brief) -> str:
    """A signed word that lets an address be saved for the first time: only ids that we gave out become rows."""
    return signing.dumps([str(brief.pk), brief.user_id, str(brief.project_id)], salt=NEW_BRIEF_SALT)


def opened_with(word: str, brief_id: UUID, user: User) -> Project | None:
    """The project of a brief that is saved for the first time, or None if the ticket is not for it."""
    try:
        written_id, user_id, project_id = signing.loads(word, salt=NEW_BRIEF_SALT)
    except (signing.BadSignature, ValueError):
        return None
    if written_id != str(brief_id) or user_id != user.pk:
        return None
    return Project.objects.visible_to(user).filter(pk=project_id).first()


def from_version(version: Version, user: User) -> Brief:
    """A remix: a new brief with everything of the version in place, ready to make the shot's next version."""
    references = list(version.references.select_related("file").order_by("position"))
    return Brief.objects.create(
        user=user,
        project=version.shot.project,
        shot=version.shot,
        title=version.shot.title,
        prompt=version.prompt,
        negative_prompt=version.negative_prompt,
        tray=[
            {
                "key": reference.key,
                "file": str(reference.file_id),
                "voice": str(reference.voice_id or ""),
                "name": reference.name,
                "kind": reference.kind,
            }
            for reference in references
        ],
        first_frame=str(version.first_frame_id or ""),
        settings=remembered_settings(user)
        | {
            "duration": str(version.duration),
            "ratio": version.ratio,
            "resolution": version.resolution,
            "prompt_extend": version.prompt_extend,
            "watermark": version.watermark,
            "shot_type": version.shot_type,
        },
    )
