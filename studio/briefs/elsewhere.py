"""The same version at another account: sent at once where it can be, else opened as a brief to be put right."""

from __future__ import annotations

from uuid import UUID, uuid5

from django.utils import timezone

from studio import money, recipes
from studio.briefs.sending import recipe_of
from studio.briefs.starting import from_version
from studio.briefs.tray import tray_of
from studio.briefs.ways import Way
from studio.forms.brief import BriefForm
from studio.models import Brief, GenerationTask, User


def brief_for(task: GenerationTask, way: Way, user: User) -> Brief:
    """A brief with everything of the take's version in place, for this way of making it, one take."""
    brief = from_version(task.version, user)
    brief.settings |= {"provider": way.name, "takes": "1", "also": ""}
    brief.save(update_fields=["settings"])
    return brief


def earlier(task: GenerationTask, way: Way, user: User) -> GenerationTask | None:
    """What an earlier press of the same button made: it makes nothing twice (M-01)."""
    return GenerationTask.objects.filter(submission=_token(task, way, user), created_by=user).first()


def send(task: GenerationTask, way: Way, user: User) -> GenerationTask | Brief:
    """Send the take's version this way: the new take, or the brief that something stands in the way of.

    Raises money.NotSetAside if a limit would be passed or the account was disconnected.
    """
    brief = brief_for(task, way, user)
    tray = tray_of(brief, user, way.capability)
    form = BriefForm(brief, tray, way)
    if not form.is_valid() or way.account is None:
        return brief
    try:
        made = recipes.send(
            recipe_of(brief, tray, form.cleaned_data),
            user=user,
            project=task.project,
            shot=task.version.shot,
            connection=way.account,
            takes=1,
            token=_token(task, way, user),
        )
    except money.NotSetAside:
        brief.delete()
        raise
    Brief.objects.filter(pk=brief.pk).update(sent_at=timezone.now())
    return made[0]


def _token(task: GenerationTask, way: Way, user: User) -> UUID:
    """One for each press that a card offers: another attempt of the take offers anew."""
    return uuid5(task.task_id, f"{way.name} {user.pk} {task.started_at}")
