"""The Library's clips: the history of all takes, filtered, searched, and acted on together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from studio import access, history, shots
from studio.filter_menus import menus
from studio.forms.filters import read_filters, read_key, read_view
from studio.http import SignedInRequest, read_uuid, wants_partial
from studio.storage import archive, store
from studio.takes import live
from studio.takes.cards import Card, tiles
from studio.templatetags.ui import day
from studio.views.clip_acts import back, chosen, count_words
from studio.views.media import clip_file_name


@dataclass(frozen=True)
class Day:
    """Takes of one day on this page. `is_whole` when the day neither began on an earlier page nor goes on."""

    date: date
    name: str
    cards: list[Card]
    is_whole: bool
    goes_on: bool = False


@require_safe
def library(request: SignedInRequest) -> HttpResponse:
    """A page of the history; asked for by HTMX, only the clips that come next."""
    now, seen = timezone.now(), live.seen_now()
    filters, view = read_filters(request.GET), read_view(request.GET)
    before = read_key(request.GET.get("before"))
    seen_projects = {project.pk for project in access.projects_of(request)}
    page = history.page(seen_projects, filters, before=before)
    address = filters.as_query(view=view if view != "rows" else "")
    context = {
        "filters": filters,
        "view": view,
        "views": [
            (name, filters.as_query(view=name if name != "rows" else "")) for name in ("rows", "grid", "list")
        ],
        "address": address,
        "days": days(tiles(page.tasks, now), request.GET.get("day", ""), has_more=page.before is not None),
        "older": filters.as_query(
            view=view if view != "rows" else "",
            before=page.before,
            day=timezone.localdate(page.tasks[-1].created_at).isoformat() if page.tasks else "",
        )
        if page.before
        else "",
    }
    if wants_partial(request):
        return render(request, "studio/library.html#clips", context)
    projects = access.current_projects(request)
    works = live.works_of(request.user, now)
    context |= {
        "nav": "library",
        "works_count": works.count,
        "projects": projects,
        "menus": menus(request.user, filters, projects, view),
        "all_projects": projects,
        "asked_project": next((project for project in projects if project.pk == filters.project), None),
        "with_pick": filters.as_query(pick=True, view=view if view != "rows" else ""),
        "without_pick": filters.as_query(pick=False, view=view if view != "rows" else ""),
        "everywhere": filters.as_query(project=None, shot=None, view=view if view != "rows" else ""),
        "clip_count": sum(project.clip_count for project in projects),
        "clip_bytes": sum(project.clip_bytes for project in projects),
        "poll": live.poll_for("library", page.tasks, now, seen=seen, has_worker=works.has_worker),
    }
    return render(request, "studio/library.html", context)


def days(shown: Sequence[Card], continued: str, *, has_more: bool) -> list[Day]:
    """Cards under their days. `continued` is the day (ISO) that the page before ended in."""
    by_date: dict[date, list[Card]] = {}
    for card in shown:
        by_date.setdefault(timezone.localdate(card.task.created_at), []).append(card)
    dates = list(by_date)
    return [
        Day(
            date=each,
            name=day(_noon(each)),
            cards=by_date[each],
            is_whole=not (each.isoformat() == continued or (has_more and each == dates[-1])),
            goes_on=each.isoformat() == continued,
        )
        for each in dates
    ]


@require_POST
def clips_download(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """The chosen clips as a zip, sent while it is written."""
    ready = [task for task in chosen(request) if task.clip]
    if not ready:
        messages.info(request, "None of these has a clip to download yet.")
        return back(request, "studio:library")
    entries = [
        archive.Entry(
            name=clip_file_name(task),
            path=store.media_path(task.clip.path),
            at=timezone.localtime(task.created_at),
        )
        for task in ready
        if task.clip
    ]
    response = StreamingHttpResponse(archive.stream(entries), content_type="application/zip")
    name = f"R2V Studio, {count_words(entries)}, {timezone.localdate():%Y-%m-%d}.zip"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@require_POST
def clips_move(request: SignedInRequest) -> HttpResponse:
    """Move the chosen clips' shots to another project, and say what came along."""
    access.require_maker(request.user)
    tasks = chosen(request)
    project_id = read_uuid(request.POST.get("project"))
    if project_id is None:
        messages.info(request, "Choose the project to move them to.")
        return back(request, "studio:library")
    project = access.project_for(request.user, project_id)
    asked = sum(1 for task in tasks if task.project_id != project.pk)
    moved = shots.move(tasks, project, request.user)
    more = moved - asked
    along = (
        f" A take stays with its shot, so {count_words(range(more), 'other take')} came along."
        if more
        else ""
    )
    messages.success(request, f"Moved {count_words(range(asked))} to {project.name}.{along}")
    return back(request, "studio:library")


def _noon(each: date) -> datetime:
    return timezone.make_aware(datetime(each.year, each.month, each.day, 12))
