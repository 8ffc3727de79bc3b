"""Fix it for me: the drawer, its progress, and several files at once. Works as plain pages too."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio import access, media
from studio.files import fixing, library, repairs, uploads
from studio.files import shelf as file_shelf
from studio.forms.fix import BACKGROUNDS, PADS, FixForm
from studio.http import SignedInRequest, read_uuid, wants_partial
from studio.models import FixJob, LibraryFile
from studio.models.fix_job import FixState

FILES_AT_ONCE = 20
STRETCHES = (5, 10, 30)


@require_http_methods(["GET", "HEAD", "POST"])
def fix(request: SignedInRequest, file_id: UUID) -> HttpResponse:
    """What can be repaired, with before and after; a POST starts it."""
    access.require_maker(request.user)
    file = access.file_for(request.user, file_id)
    if request.method != "POST":
        return _show(request, file, **_opening(request, file))
    form = FixForm(request.POST)
    if not form.is_valid():
        sentence = next(str(errors[0]) for errors in form.errors.values())
        return _show(request, file, problem=sentence, status=422, **_opening(request, file))
    choices = form.choices_for(file.media.measured)
    use = media.Use(form.cleaned_data["use"])
    if not repairs.would_do(file, use, choices):
        sentence = "Everything is unchecked, so there is nothing to do. Check at least one line."
        return _show(request, file, use=use, choices=choices, problem=sentence, status=422)
    brief_id = form.cleaned_data["brief"]
    job = fixing.start(
        file,
        use=use,
        choices=choices,
        user=request.user,
        brief=access.brief_for(request.user, brief_id) if brief_id else None,
        place=form.cleaned_data["place"],
    )
    return _show_job(request, job)


@require_safe
def fix_job(request: SignedInRequest, job_id: UUID) -> HttpResponse:
    """How far a repair is. 204 while nothing has changed since `seen`."""
    job = _job(request, job_id)
    if request.GET.get("seen") == f"{job.state}-{job.progress}":
        return HttpResponse(status=204)
    return _show_job(request, job)


@require_POST
def fix_stop(request: SignedInRequest, job_id: UUID) -> HttpResponse:
    """Stop a repair; the original is as it was."""
    access.require_maker(request.user)
    job = _job(request, job_id)
    fixing.stop(job)
    return _show_job(request, job)


@require_POST
def fix_undo(request: SignedInRequest, file_id: UUID) -> HttpResponse:
    """Back to the original of a fixed copy, if nothing was made from the copy."""
    access.require_maker(request.user)
    copy = access.file_for(request.user, file_id)
    try:
        original = repairs.undo(copy)
    except library.StillUsed as why:
        messages.warning(request, why.sentence)
        return redirect("studio:file", copy.pk)
    messages.success(request, f"{original.name} is the original again.")
    return redirect("studio:file", original.pk)


@require_safe
def fix_offer(request: SignedInRequest) -> HttpResponse:
    """ "3 of 7 files need fixing", for files that came in together. Empty once each of them is fixed."""
    chosen = _files(request, request.GET.getlist("file"))
    left = _unfixed(chosen)
    if not left:
        return HttpResponse()
    count = request.GET.get("of", "")
    context = {"files": left, "of": int(count) if count.isdecimal() and len(count) < 4 else len(chosen)}
    return render(request, "studio/fix_offer.html", context)


@require_POST
def fix_all(request: SignedInRequest) -> HttpResponse:
    """Repair several files as their plans say, and tell how far that is."""
    access.require_maker(request.user)
    chosen = _files(request, request.POST.getlist("file") or request.POST.get("files", "").split(","))
    jobs = [
        fixing.start(file, use=uploads.natural_use(file.kind), choices=media.FixChoices(), user=request.user)
        for file in _unfixed(chosen)
    ]
    if not wants_partial(request):
        messages.success(request, "The files are being fixed. Their copies appear here.")
        return redirect("studio:files")
    if not jobs:
        return HttpResponse()
    return _show_all(request, jobs)


@require_safe
def fix_all_progress(request: SignedInRequest) -> HttpResponse:
    ids = [found for text in request.GET.getlist("job")[:FILES_AT_ONCE] if (found := read_uuid(text))]
    jobs = FixJob.objects.visible_to(request.user).filter(pk__in=ids).select_related("file", "result")
    return _show_all(request, list(jobs.order_by("created_at")))


def _opening(request: SignedInRequest, file: LibraryFile) -> dict[str, Any]:
    """The use and the choices a drawer opens with."""
    asked = request.POST or request.GET
    use = asked.get("use", "")
    wanted = media.Use(use) if use in list(media.Use) else uploads.natural_use(file.kind)
    return {"use": wanted, "choices": media.FixChoices()}


def _show(
    request: SignedInRequest,
    file: LibraryFile,
    *,
    use: media.Use,
    choices: media.FixChoices,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    original = file.fixed_from or file
    if file.fixed_from and not problem:
        choices = repairs.choices_of(file)
        use = media.Use(file.fix.get("use", use))
    facts = original.media.measured
    plan = media.plan_fix(facts, use, choices=choices)
    asked = request.POST or request.GET
    context = {
        "nav": "library",
        "file": original,
        "use": use,
        "facts": facts,
        "plan": plan,
        "kinds": {kind.value for kind in plan.kinds()},
        "choices": choices,
        "verdict": media.judge(facts, use),
        "brief_id": read_uuid(asked.get("brief")),
        "place": asked.get("place", "")[:24],
        "backgrounds": BACKGROUNDS,
        "pads": PADS,
        "lengths": [seconds for seconds in STRETCHES if seconds < facts.seconds and seconds <= _longest(use)],
        "longest": _longest(use),
        "shortest": media.MODEL_LIMITS.seconds_range(use)[0],
        "problem": problem,
    }
    name = "studio/fix_drawer.html" if wants_partial(request) else "studio/fix.html"
    return render(request, name, context, status=status)


def _longest(use: media.Use) -> float:
    return media.MODEL_LIMITS.seconds_range(use)[1]


def _show_job(request: SignedInRequest, job: FixJob) -> HttpResponse:
    if not wants_partial(request) and job.state == FixState.DONE and job.result_id:
        messages.success(request, f"{job.file.name} is fixed.")
        if job.brief_id:
            return redirect("studio:brief", job.brief_id)
        return redirect("studio:file", job.result_id)
    if not wants_partial(request) and request.method == "POST":
        return redirect("studio:fix-job", job.pk)
    name = "studio/fix_progress.html" if wants_partial(request) else "studio/fix.html"
    response = render(request, name, {"nav": "library", "job": job, "file": job.file})
    if not job.is_under_way:
        response.headers["HX-Reswap"] = (
            "outerHTML"  # its buttons are others: the drawer looks where focus goes
        )
    if job.state == FixState.DONE and job.result_id:
        response.headers["HX-Trigger"] = json.dumps({"file-fixed": _event(job)})
    return response


def _show_all(request: SignedInRequest, jobs: list[FixJob]) -> HttpResponse:
    under_way = [job for job in jobs if job.is_under_way]
    done = [job for job in jobs if job.result_id]
    context = {
        "jobs": jobs,
        "done": done,
        "failed": [job for job in jobs if job.state == FixState.FAILED],
        "is_under_way": bool(under_way),
        "progress": sum(job.progress for job in jobs) // max(1, len(jobs)),
    }
    response = render(request, "studio/fix_offer.html", context)
    if done and not under_way:
        response.headers["HX-Trigger"] = json.dumps({"files-fixed": {"fixed": [_event(job) for job in done]}})
    return response


def _event(job: FixJob) -> dict[str, str]:
    return {
        "file": str(job.result_id),
        "of": str(job.file_id),
        "use": job.use,
        "brief": str(job.brief_id or ""),
        "place": job.place,
    }


def _files(request: SignedInRequest, ids: list[str]) -> list[LibraryFile]:
    """The files among these ids, all of them or 404."""
    wanted = [found for text in ids[:FILES_AT_ONCE] if (found := read_uuid(text))]
    rows = LibraryFile.objects.visible_to(request.user).in_library().filter(pk__in=wanted)
    chosen = list(rows.select_related("media", "project"))
    if not wanted or len(chosen) != len(set(wanted)):
        raise Http404
    return chosen


def _unfixed(files: list[LibraryFile]) -> list[LibraryFile]:
    """Those that a repair would help and that nobody has repaired yet."""
    return [tile.file for tile in file_shelf.tiles_of(files) if tile.can_be_fixed]


def _job(request: SignedInRequest, job_id: UUID) -> FixJob:
    jobs = FixJob.objects.visible_to(request.user).select_related("file", "result__media", "brief")
    return get_object_or_404(jobs, pk=job_id)
