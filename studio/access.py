"""Who may see or change what, in one place. Every function gives the object, or raises 404.

A thing that someone may not see answers exactly like a thing that does not exist (A-02).
"""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from studio.http import SignedInRequest
from studio.models import Brief, GenerationTask, LibraryFile, Note, Project, Role, Share, Shot, Upload, User


class May(StrEnum):
    """What somebody may do with what they can see."""

    WATCH = "watch"
    NOTE = "note"
    DECIDE = "decide"
    SETTLE = "settle"
    MAKE = "make"
    SHARE = "share"
    SEE_TEAM = "see_team"
    INVITE = "invite"
    KEYS = "keys"
    NAME_OWNERS = "name_owners"
    UNLOCK = "unlock"


REVIEWING = frozenset({May.WATCH, May.NOTE, May.DECIDE})
MAKING = REVIEWING | {May.MAKE, May.SHARE}
PRODUCING = MAKING | {May.SETTLE, May.SEE_TEAM, May.INVITE}
RIGHTS: dict[Role, frozenset[May]] = {
    Role.REVIEWER: REVIEWING,
    Role.MAKER: MAKING,
    Role.PRODUCER: PRODUCING,
    Role.OWNER: PRODUCING | {May.KEYS, May.NAME_OWNERS, May.UNLOCK},
}
# What each is, for somebody who may not.
SENTENCES = {
    May.WATCH: "Sign in to watch.",
    May.NOTE: "Sign in to leave a note.",
    May.DECIDE: "Sign in to decide.",
    May.SETTLE: "An owner or a producer settles this.",
    May.MAKE: "Your role can watch and comment. A maker or producer can do this.",
    May.SHARE: "Your role can watch and comment. A maker or producer can share it.",
    May.SEE_TEAM: "Connections and budgets are for owners and producers. Ask one of them.",
    May.INVITE: "People are invited by owners and producers. Ask one of them.",
    May.KEYS: "Only an owner can change keys and limits.",
    May.NAME_OWNERS: "Only an owner can make somebody an owner, or change or remove one.",
    May.UNLOCK: "It is approved. Only an owner can open it again.",
}


def project_for(user: User, project_id: UUID) -> Project:
    return get_object_or_404(Project.objects.visible_to(user), pk=project_id)


def shot_for(user: User, shot_id: UUID) -> Shot:
    return get_object_or_404(Shot.objects.visible_to(user).select_related("project"), pk=shot_id)


def brief_for(user: User, brief_id: UUID) -> Brief:
    return get_object_or_404(Brief.objects.visible_to(user).select_related("project", "shot"), pk=brief_id)


def brief_to_write(user: User, brief_id: UUID) -> Brief:
    """The same, held until the transaction ends: whoever else writes it waits, and nobody's words are lost."""
    briefs = Brief.objects.visible_to(user).select_for_update(of=("self",))
    return get_object_or_404(briefs.select_related("project", "shot"), pk=brief_id)


def task_for(user: User, task_id: UUID) -> GenerationTask:
    """Also when it lies in the bin: its page then says so."""
    return get_object_or_404(GenerationTask.objects.visible_to(user).for_cards(), task_id=task_id)


def tasks_for(user: User, task_ids: list[UUID]) -> list[GenerationTask]:
    """All of them, or 404 if one is missing."""
    tasks = list(GenerationTask.objects.visible_to(user).for_cards().filter(task_id__in=task_ids))
    if len(tasks) != len(set(task_ids)):
        raise Http404
    return tasks


def note_for(user: User, note_id: UUID) -> Note:
    """Also one that was deleted: who may, can bring it back."""
    notes = Note.objects.filter(task__in=GenerationTask.objects.visible_to(user))
    return get_object_or_404(
        notes.select_related("task__version__shot", "task__project", "task__clip", "author", "guest"),
        note_id=note_id,
    )


def file_for(user: User, file_id: UUID) -> LibraryFile:
    return get_object_or_404(
        LibraryFile.objects.visible_to(user).in_library().select_related("media", "project"), pk=file_id
    )


def upload_for(user: User, upload_id: UUID) -> Upload:
    return get_object_or_404(Upload.objects.visible_to(user), pk=upload_id)


def person_for(user: User, person_id: int) -> User:
    """Somebody of the studio. Everybody in it may know who the others are, and nobody who was removed."""
    return get_object_or_404(User.objects.here(), pk=person_id)


def share_for(user: User, share_id: UUID) -> Share:
    """A share link of a project that the person may see; whether they may share is another question."""
    shares = Share.objects.filter(project__in=Project.objects.visible_to(user))
    return get_object_or_404(shares.select_related("project", "created_by"), pk=share_id)


def projects_for(user: User) -> QuerySet[Project]:
    return Project.objects.visible_to(user).current()


def rights(user: User) -> frozenset[May]:
    return RIGHTS[Role(user.role)]


def may(user: User, what: May) -> bool:
    return what in rights(user)


class Rights:
    """The same for templates: {% if may.share %}. Not a mapping, whose `keys` would be there for everybody."""

    def __init__(self, user: User) -> None:
        self._held = rights(user)

    def __getitem__(self, name: str) -> bool:
        return May(name) in self._held


def require(user: User, what: May) -> None:
    """Raises PermissionDenied, with a sentence that says who can do it."""
    if not may(user, what):
        raise PermissionDenied(SENTENCES[what])


def require_maker(user: User) -> None:
    """Making, uploading and tidying up are for makers, producers and owners; a reviewer watches."""
    require(user, May.MAKE)


def require_team(user: User) -> None:
    """Connections and budgets are seen by owners and producers."""
    require(user, May.SEE_TEAM)


def require_owner(user: User) -> None:
    """Keys and limits are an owner's."""
    require(user, May.KEYS)


def current_project(request: SignedInRequest) -> Project:
    """The project the person works in: the one they switched to, else the Inbox."""
    projects = {str(project.pk): project for project in current_projects(request)}
    chosen = projects.get(str(request.session.get("project", "")))
    return chosen or next(project for project in projects.values() if project.is_inbox)


def current_projects(request: SignedInRequest) -> list[Project]:
    """The person's projects without the archived ones."""
    return [project for project in projects_of(request) if project.archived_at is None]


def projects_of(request: SignedInRequest) -> list[Project]:
    """Every project the person may see. Read once for a request, however many parts of its page ask."""
    if not hasattr(request, "projects_seen"):
        request.projects_seen = list(Project.objects.visible_to(request.user))
    return request.projects_seen
