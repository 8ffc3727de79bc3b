"""The first minutes: a sample draft from pictures the product draws, or one's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from studio import access, recipes
from studio.briefs import sample_brief
from studio.briefs.sending import bind, recipe_of
from studio.briefs.tray import tray_of
from studio.briefs.ways import Way
from studio.connections.provider_accounts import capability_for, free_draft
from studio.files import uploads
from studio.forms.brief import BriefForm
from studio.http import SignedInRequest
from studio.models import GenerationTask


@require_safe
def first_run(request: SignedInRequest) -> HttpResponse:
    has_clips = GenerationTask.objects.visible_to(request.user).exists()
    return render(request, "studio/first_run.html", {"nav": "create", "has_clips": has_clips})


@require_POST
def first_run_sample(request: SignedInRequest) -> HttpResponse:
    """Load the sample and send it as a free draft. Pressed twice, it is one draft."""
    access.require_maker(request.user)
    try:
        brief = sample_brief(request.user, access.current_project(request))
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
            token=brief.send_token,
        )
        bind(brief, tasks, brief.send_token)
    return redirect("studio:brief", brief.pk)
