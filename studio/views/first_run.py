"""The first minutes: a sample draft from pictures the product draws, or one's own."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from studio import access, recipes
from studio.briefs import sample
from studio.briefs.sending import bind, recipe_of
from studio.briefs.tray import tray_of
from studio.briefs.ways import Way
from studio.connections.provider_accounts import capability_for, free_draft
from studio.files import uploads
from studio.forms.brief import BriefForm
from studio.http import SignedInRequest
from studio.models import Brief, GenerationTask


@require_safe
def first_run(request: SignedInRequest) -> HttpResponse:
    has_clips = GenerationTask.objects.visible_to(request.user).exists()
    return render(request, "studio/first_run.html", {"nav": "create", "has_clips": has_clips})


@require_POST
def first_run_sample(request: SignedInRequest) -> HttpResponse:
    """Load the sample and send it as a free draft. Pressed twice, it is one draft; once that is deleted, a new one."""
    access.require_maker(request.user)
    project = access.current_project(request)
    token, draft = sample.latest(request.user, project)
    if draft:
        return _shown(draft, token)
    try:
        brief = sample.brief_of(token, request.user, project)
    except uploads.Refused as refused:
        messages.warning(request, refused.sentence)
        return redirect("studio:first-run")
    connection = free_draft()
    way = Way(capability=capability_for(connection), account=connection)
    tray = tray_of(brief, request.user, way.capability)
    form = BriefForm(brief, tray, way)
    if form.is_valid():
        tasks = recipes.send(
            recipe_of(brief, tray, form.cleaned_data),
            user=request.user,
            project=brief.project,
            shot=brief.shot,
            connection=connection,
            takes=1,
            token=token,
        )
        bind(brief, tasks, token)
    return redirect("studio:brief", brief.pk)


def _shown(draft: GenerationTask, token: UUID) -> HttpResponse:
    """Where an earlier press's draft is seen: beside its brief, or on its own page if that says something else now."""
    brief = Brief.objects.filter(pk=token).first()
    if brief:
        bind(brief, [draft], token)  # the earlier press may not have come so far yet
    if brief is None or brief.prompt != draft.version.prompt:
        return redirect("studio:clip", draft.task_id)
    return redirect("studio:brief", brief.pk)
