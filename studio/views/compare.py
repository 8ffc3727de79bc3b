"""Compare: two to four clips on one clock, what changed between their recipes, and choosing among takes."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from studio import access
from studio.compare import choosing, comparison
from studio.compare import picker as take_picker
from studio.compare.comparison import SLOTS, Comparison
from studio.compare.page import compare_context
from studio.http import SignedInRequest, read_uuid, same_site_path, wants_partial
from studio.models import GenerationTask
from studio.takes.cards import cards
from studio.views.clip_acts import back


@require_safe
def compare(request: SignedInRequest) -> HttpResponse:
    """The clips of the address. With one alone its counterpart is added; with none there is nothing to look at."""
    asked = comparison.read(request.GET)
    if not asked.clips:
        return render(request, "studio/compare/nothing.html", {"nav": "library"})
    tasks = _in_order(request, list(asked.clips.values()))
    fuller = _with_counterparts(asked, tasks[0])
    if fuller.clips != asked.clips:
        return redirect(f"{reverse('studio:compare')}?{fuller.as_query()}")
    projects = {project.pk for project in access.projects_of(request)}
    context = compare_context(asked, cards(tasks, timezone.now()), projects)
    return render(
        request,
        "studio/compare.html",
        context | {"nav": "library", "past": "", "here": request.get_full_path()},
    )


@require_POST
def compare_choose(request: SignedInRequest) -> HttpResponse:
    """One press on takes that stand in slots: pick, bin, bring back, bin all but the pick, take back."""
    access.require_maker(request.user)
    ids = [read_uuid(text) for text in request.POST.getlist("clip")[: len(SLOTS)]]
    if not ids or None in ids:
        raise Http404
    tasks = _in_order(request, [each for each in ids if each])
    past = choosing.read_past(request.POST.get("past", ""))
    said, past = choosing.choose(tasks, request.POST.get("act", ""), past, request.user)
    if not wants_partial(request):
        return back(request, "studio:library")
    asked = Comparison(
        clips={slot: task.task_id for slot, task in zip(SLOTS, tasks, strict=False)}, view="grid"
    )
    projects = {project.pk for project in access.projects_of(request)}
    context = compare_context(asked, cards(tasks, timezone.now()), projects)
    shown = {"past": ",".join(past), "said": said, "here": same_site_path(request.POST.get("next"))}
    return render(request, "studio/compare/chosen.html", context | shown)


def _in_order(request: SignedInRequest, ids: list[UUID]) -> list[GenerationTask]:
    """The takes in the order of their ids; 404 if one is not there for this person."""
    found = {task.task_id: task for task in access.tasks_for(request.user, ids)}
    return [found[each] for each in ids]


def _with_counterparts(asked: Comparison, first: GenerationTask) -> Comparison:
    """With one clip alone: the takes of its version for the grid, else the take to hold it against, older first."""
    if len(asked.clips) > 1:
        return asked
    if asked.view == "grid":
        takes = take_picker.takes_of_version(first)
        return Comparison(clips=dict(zip(SLOTS, takes, strict=False)), view="grid") if takes[1:] else asked
    other = take_picker.counterpart(first)
    if other is None:
        return asked
    other_is_older = GenerationTask.objects.filter(task_id=other, pk__lt=first.pk).exists()
    pair = [other, first.task_id] if other_is_older else [first.task_id, other]
    return Comparison(clips=dict(zip(SLOTS, pair, strict=False)), view=asked.view)
