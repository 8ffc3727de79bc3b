"""Projects: make one, rename it, work in it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from studio import access
from studio.access import May
from studio.forms.projects import ProjectForm
from studio.http import SignedInRequest
from studio.models import Project, User
from studio.views.clip_acts import back


@require_safe
def projects(request: SignedInRequest) -> HttpResponse:
    return _page(request, ProjectForm())


@require_POST
def project_create(request: SignedInRequest) -> HttpResponse:
    """Make a project and work in it from now on."""
    access.require_maker(request.user)
    form = ProjectForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    form.instance.created_by = request.user
    project = form.save()
    project.members.add(request.user)
    request.session["project"] = str(project.pk)
    messages.success(request, f"{project.name} is ready. You are working in it now.")
    return back(request, "studio:projects")


@require_POST
def project_rename(request: SignedInRequest, project_id: UUID) -> HttpResponse:
    """Rename a project. The Inbox may have another name too; it stays the Inbox."""
    access.require_maker(request.user)
    project = access.project_for(request.user, project_id)
    before = project.name
    form = ProjectForm(request.POST, instance=project)
    if not form.is_valid():
        return _page(request, ProjectForm(), renaming=project_id, rename_form=form, status=422)
    form.save()
    messages.success(request, f"{before} is called {project.name} now.")
    return back(request, "studio:projects")


@require_POST
def project_switch(request: SignedInRequest, project_id: UUID) -> HttpResponse:
    """Work in another project: new briefs and uploads go there."""
    project = access.project_for(request.user, project_id)
    request.session["project"] = str(project.pk)
    return back(request, "studio:create")


def _page(
    request: SignedInRequest,
    form: ProjectForm,
    *,
    renaming: UUID | None = None,
    rename_form: ProjectForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = Project.objects.visible_to(request.user).current().select_related("created_by")
    if access.may(request.user, May.INVITE):
        shown = shown.prefetch_related("members")
    context = {
        "people": User.objects.here().order_by("name") if access.may(request.user, May.INVITE) else [],
        "nav": "projects",
        "form": form,
        "listed": shown,
        "renaming": renaming,
        "rename_form": rename_form,
    }
    return render(request, "studio/projects.html", context, status=status)
