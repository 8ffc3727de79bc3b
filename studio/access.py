"""Who may see or change what, in one place. Every function gives the object, or raises 404.

A thing that someone may not see answers exactly like a thing that does not exist (A-02).
"""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from studio.http import SignedInRequest
from studio.models import Brief, GenerationTask, LibraryFile, Project, Shot, Upload, User


def project_for(user: User, project_id: UUID) -> Project:
    return get_object_or_404(Project.objects.visible_to(user), pk=project_id)


def shot_for(user: User, shot_id: UUID) -> Shot:
    return get_object_or_404(Shot.objects.visible_to(user).select_related("project"), pk=shot_id)


def brief_for(user: User, brief_id: UUID) -> Brief:
    return get_object_or_404(Brief.objects.visible_to(user).select_related("project", "shot"), pk=brief_id)


def task_for(user: User, task_id: UUID) -> GenerationTask:
    """Also when it lies in the bin: its page then says so."""
    return get_object_or_404(GenerationTask.objects.visible_to(user).for_cards(), task_id=task_id)


def tasks_for(user: User, task_ids: list[UUID]) -> list[GenerationTask]:
    """All of them, or 404 if one is missing."""
    tasks = list(GenerationTask.objects.visible_to(user).for_cards().filter(task_id__in=task_ids))
    if len(tasks) != len(set(task_ids)):
        raise Http404
    return tasks


def file_for(user: User, file_id: UUID) -> LibraryFile:
    return get_object_or_404(
        LibraryFile.objects.visible_to(user).in_library().select_related("media", "project"), pk=file_id
    )


def upload_for(user: User, upload_id: UUID) -> Upload:
    return get_object_or_404(Upload.objects.visible_to(user), pk=upload_id)


def projects_for(user: User) -> QuerySet[Project]:
    return Project.objects.visible_to(user).current()


def require_maker(user: User) -> None:
    """Making, uploading and tidying up are for makers, producers and owners; a reviewer watches."""
    if not user.may_make:
        raise PermissionDenied("Your role can watch and comment. A maker or producer can do this.")


def require_team(user: User) -> None:
    """Connections and budgets are seen by owners and producers."""
    if not user.may_see_team:
        raise PermissionDenied("Connections and budgets are for owners and producers. Ask one of them.")


def require_owner(user: User) -> None:
    """Keys and limits are an owner's."""
    if not user.is_owner:
        raise PermissionDenied("Only an owner can change keys and limits.")


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
