"""The library's files: the grid, one file's panel, and what can be done with a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from studio import access, undo
from studio.files import consent, library, uploads
from studio.files import shelf as file_shelf
from studio.files.shelf import Wanted
from studio.forms.files import FileForm
from studio.http import SignedInRequest, read_uuid, wants_partial
from studio.models import GenerationTask, LibraryFile, Version
from studio.models.library import FileKind, FileRole
from studio.views.plain_uploads import take_plain

USED_SHOWN = 4
KINDS_FOR: dict[str, list[str]] = {
    "any": [FileKind.IMAGE, FileKind.VIDEO],
    "picture": [FileKind.IMAGE],
    "clip": [FileKind.VIDEO],
    "voice": [FileKind.AUDIO],
}
ROLES = [role for role in FileRole if role not in {FileRole.NONE, FileRole.VOICE}]
PLURALS = {"person": "People", "place": "Places", "prop": "Props", "style": "Styles", "motion": "Motion"}


@require_safe
def files(request: SignedInRequest) -> HttpResponse:
    """The current project's files; with `after` the next page of one kind."""
    project = access.current_project(request)
    wanted = Wanted.read(request.GET.dict())
    kind = request.GET.get("kind", "")
    if request.GET.get("after") and kind in FileKind.values and wants_partial(request):
        section = file_shelf.more(project, wanted, kind, request.GET["after"])
        return render(request, "studio/files.html#more-tiles", {"section": section, "wanted": wanted})
    return render(request, "studio/files.html", _shelf(request, wanted))


@require_safe
def file(request: SignedInRequest, file_id: UUID) -> HttpResponse:
    """One file beside the grid, or its panel alone."""
    chosen = access.file_for(request.user, file_id)
    if wants_partial(request):
        return render(request, "studio/file_panel.html", _panel(request, chosen))
    return render(request, "studio/files.html", _shelf(request, Wanted.read(request.GET.dict()), chosen))


@require_POST
def file_edit(request: SignedInRequest, file_id: UUID) -> HttpResponse:
    """Change the name, the role or the voice of a file; what is not sent stays."""
    access.require_maker(request.user)
    chosen = access.file_for(request.user, file_id)
    form = FileForm(request.POST)
    if not form.is_valid():
        return panel_answer(
            request, chosen, problem=next(str(e[0]) for e in form.errors.values()), status=422
        )
    if "name" in request.POST:
        library.rename(chosen, form.cleaned_data["name"])
    if "role" in request.POST:
        chosen.role = form.cleaned_data["role"]
    if "voice" in request.POST:
        wanted = form.cleaned_data["voice"]
        chosen.voice = access.file_for(request.user, wanted) if wanted else None
        if chosen.voice and chosen.voice.kind != FileKind.AUDIO:
            return panel_answer(request, chosen, problem=f"{chosen.voice.name} isn’t a voice.", status=422)
    chosen.save(update_fields=["role", "voice"])
    return panel_answer(request, chosen)


@require_POST
def file_delete(request: SignedInRequest, file_id: UUID) -> HttpResponse:
    """Take a file out of the library, or say what it is part of."""
    access.require_maker(request.user)
    chosen = access.file_for(request.user, file_id)
    try:
        library.delete(chosen)
    except library.StillUsed as why:
        messages.warning(request, why.sentence)
        return redirect("studio:file", chosen.pk)
    undo.offer(request, f"{chosen.name} was deleted.", "studio:file-undelete", [chosen.pk])
    return redirect("studio:files")


@require_POST
def file_undelete(request: SignedInRequest) -> HttpResponse:
    """Bring a deleted file back; for a day after it was deleted."""
    access.require_maker(request.user)
    file_id = read_uuid(request.POST.get("clip"))
    chosen = get_object_or_404(LibraryFile.objects.visible_to(request.user), pk=file_id)
    library.restore(chosen)
    return redirect("studio:file", chosen.pk)


@require_POST
def file_replace(request: SignedInRequest, file_id: UUID) -> HttpResponse:
    """Let another file take the name, role and voice of this one. Finished clips keep what they were made from."""
    access.require_maker(request.user)
    old = access.file_for(request.user, file_id)
    sent = request.FILES.get("files")
    if sent is None:
        messages.warning(request, "Choose a file first.")
        return redirect("studio:file", old.pk)
    try:
        new = take_plain(request.user, sent, project=old.project, use=uploads.natural_use(old.kind))
        library.replace(old, new, keep_old=bool(request.POST.get("keep_old")))
    except (uploads.Refused, library.StillUsed) as why:
        messages.warning(request, why.sentence)
        return redirect("studio:file", old.pk)
    messages.success(request, f"{new.name} is now the new file.")
    return redirect("studio:file", new.pk)


@require_safe
def file_picker(request: SignedInRequest) -> HttpResponse:
    """Files to choose from inside Create. `place` is where the chosen one goes; `form` the form that sends it."""
    place = request.GET.get("place", "tray")
    use = request.GET.get("use", "")
    kinds = _kinds_for(place, use)
    project = access.current_project(request)
    brief_id = read_uuid(request.GET.get("brief"))
    words = Wanted.read(request.GET.dict()).words
    context = {
        "files": file_shelf.usable(project, kinds=kinds, words=words),
        "place": place if len(place) <= 24 else "tray",
        "use": use if use in KINDS_FOR else "any",
        "words": words,
        "brief_id": brief_id,
        "form_id": request.GET.get("form", "brief"),
    }
    name = (
        "studio/file_picker.html#choices"
        if request.GET.get("only") == "choices"
        else "studio/file_picker.html"
    )
    return render(request, name, context)


def _kinds_for(place: str, use: str) -> list[str]:
    if place.startswith("voice"):
        return KINDS_FOR["voice"]
    return KINDS_FOR["picture"] if place == "first_frame" else KINDS_FOR.get(use, KINDS_FOR["any"])


def _shelf(request: SignedInRequest, wanted: Wanted, chosen: LibraryFile | None = None) -> dict[str, Any]:
    project = access.current_project(request)
    counts = library.role_counts(project)
    context: dict[str, Any] = {
        "nav": "library",
        "project": project,
        "wanted": wanted,
        "sections": file_shelf.sections(project, wanted),
        "sorts": file_shelf.SORTS,
        "total": counts["all"],
        "roles": [
            (role.value, label, counts[role]) for role in ROLES for label in [PLURALS[role]] if counts[role]
        ]
        + ([(FileRole.VOICE.value, "Voices", counts[FileRole.VOICE])] if counts[FileRole.VOICE] else []),
    }
    return context | (_panel(request, chosen) if chosen else {})


def _panel(request: SignedInRequest, chosen: LibraryFile) -> dict[str, Any]:
    versions = Version.objects.filter(pk__in=library.versions_with(chosen)).select_related("shot")
    latest = list(versions.order_by("-created_at")[:USED_SHOWN])
    tasks = GenerationTask.objects.visible_to(request.user).outside_bin().filter(version__in=latest)
    by_version = {task.version_id: task for task in tasks.for_cards().order_by("is_pick", "number")}
    voices = LibraryFile.objects.in_library().filter(project=chosen.project_id, media__kind=FileKind.AUDIO)
    return {
        "file": chosen,
        "tile": file_shelf.tiles_of([chosen])[0],
        "used": [by_version[version.pk] for version in latest if version.pk in by_version],
        "panel_roles": ROLES,
        "consent": consent.standing(chosen, timezone.localdate()),
        "voices": voices.exclude(pk=chosen.pk).order_by("name")[:100],
        "fixed_copies": chosen.fixed_copies.filter(deleted_at=None),
    }


def panel_answer(
    request: SignedInRequest,
    chosen: LibraryFile,
    *,
    problem: str = "",
    status: int = 200,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    """The panel after a change, or with the reason why nothing was changed; without scripts the file's page.

    `typed` is what a form that was not taken held, to be shown again.
    """
    if wants_partial(request):
        chosen.refresh_from_db()
        context = _panel(request, chosen) | {"problem": problem, "typed": typed}
        return render(request, "studio/file_panel.html", context, status=status)
    if problem:
        messages.warning(request, problem)
    return redirect("studio:file", chosen.pk)
