"""Create: the page, its autosave and its price."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from studio import access
from studio.briefs import changing, latest_for, saving, wordings
from studio.briefs.page import page_of
from studio.briefs.tray import tray_of
from studio.http import SignedInRequest, read_uuid
from studio.models import Brief, LibraryFile
from studio.views.brief_answers import answer, opened, show

NAMES_OFFERED = 6


@require_safe
def create(request: SignedInRequest) -> HttpResponse:
    """The brief written on last in the current project, or an empty form. Who makes no clips begins with the inbox."""
    if not access.may(request.user, access.May.MAKE):
        return redirect("studio:inbox")
    brief = latest_for(request.user, access.current_project(request))
    return show(request, brief, is_new=brief._state.adding)


@require_safe
def brief(request: SignedInRequest, brief_id: UUID) -> HttpResponse:
    return show(request, access.brief_for(request.user, brief_id))


@require_POST
def new_brief(request: SignedInRequest) -> HttpResponse:
    """An empty form beside the ones being written, or one that begins with a file of the library or with words."""
    access.require_maker(request.user)
    started = Brief.objects.create(user=request.user, project=access.current_project(request))
    if file_id := read_uuid(request.POST.get("file")):
        file = access.file_for(request.user, file_id)
        with suppress(changing.CannotChange):  # a voice alone begins no clip
            changing.change(started, tray_of(started, request.user), f"put tray {file.pk}", file)
            saving.store(started)
    elif (line := request.POST.get("act", "")).startswith("say "):
        with suppress(changing.CannotChange):  # words that are gone begin an empty one
            wordings.act(started, tray_of(started, request.user), line)
            saving.store(started)
    return redirect("studio:brief", started.pk)


@require_POST
@transaction.atomic
def brief_save(request: SignedInRequest, brief_id: UUID) -> HttpResponse:
    """Keep what was typed. A change of a choice is answered with the settings as they now stand."""
    access.require_maker(request.user)
    brief, _ = opened(request, brief_id)
    parts = ["state", "saved"]
    if request.POST.get("act") == "choice":
        parts += ["settings", "wells", "providers", "cost"]
    return answer(request, brief, parts)


@require_safe
def brief_names(request: SignedInRequest) -> HttpResponse:
    """Files of the current project whose names hold what was typed after "@", for the list in the prompt."""
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    project = access.current_project(request)
    files = LibraryFile.objects.visible_to(request.user).in_library().filter(project=project)
    files = (
        files.exclude(media__kind="audio").filter(name__icontains=typed).order_by("-used_at", "-created_at")
    )
    found = [
        {"file": str(pk), "title": name, "picture": reverse("studio:file-picture", args=[pk, "thumb"])}
        for pk, name in files.values_list("pk", "name")[:NAMES_OFFERED]
    ]
    return JsonResponse({"files": found})


@require_safe
def brief_price(request: SignedInRequest) -> HttpResponse:
    """The cost bar for settings that are not saved yet: price, and whether it can be pressed. Keeps nothing."""
    brief_id = read_uuid(request.GET.get("brief"))
    known = Brief.objects.visible_to(request.user).select_related("project")
    brief = known.filter(pk=brief_id).first() if brief_id else None
    brief = brief or Brief(user=request.user, project=access.current_project(request))
    saving.preview(brief, request.GET)
    page = page_of(brief, request.user)
    return render(request, "studio/create/cost.html", {"page": page, "brief": brief, "oob": True})
