"""What somebody wants to share, as an address or a form names it: takes, shots or a project."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, QueryDict

from studio import access
from studio.http import read_uuid
from studio.models import GenerationTask, Project, Shot, User
from studio.sharing.links import ITEMS_AT_MOST


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Takes and shots of `project`; with neither it is the project itself."""

    project: Project
    tasks: list[GenerationTask]
    shots: list[Shot]

    @property
    def title(self) -> str:
        """What the client's page is called until somebody names it."""
        names = [task.version.shot.title for task in self.tasks] + [shot.title for shot in self.shots]
        names = list(dict.fromkeys(names))
        if not names:
            return self.project.name
        more = len(names) - 1
        return f"{names[0][:80]} and {more} more" if more else names[0]


def read_choice(user: User, sent: QueryDict) -> Choice:
    """What the fields "clip", "shot" and "project" name. Raises Http404 if anything is missing or not theirs."""
    tasks = access.tasks_for(user, _ids(sent, "clip")) if "clip" in sent else []
    shots = [access.shot_for(user, each) for each in _ids(sent, "shot")] if "shot" in sent else []
    things: list[GenerationTask | Shot] = [*tasks, *shots]
    if things:
        return Choice(project=things[0].project, tasks=_in_order(tasks, _ids(sent, "clip")), shots=shots)
    return Choice(project=access.project_for(user, _ids(sent, "project")[0]), tasks=[], shots=[])


def _ids(sent: QueryDict, name: str) -> list[UUID]:
    found = [read_uuid(text) for text in sent.getlist(name)[: ITEMS_AT_MOST + 1]]
    ids = [each for each in dict.fromkeys(found) if each]
    if name in sent and (None in found or not ids):
        raise Http404
    if name == "project" and not ids:
        raise Http404
    return ids


def _in_order(tasks: list[GenerationTask], ids: list[UUID]) -> list[GenerationTask]:
    places = {each: place for place, each in enumerate(ids)}
    return sorted(tasks, key=lambda task: places[task.task_id])
