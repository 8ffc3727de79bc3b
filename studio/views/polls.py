"""The one poll of a page: the changed takes, each as its page shows it, and nothing else.

QuietPollMiddleware answers 204 while nothing has changed; here every right is checked.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from studio import access, freezing
from studio.forms.filters import read_key
from studio.http import SignedInRequest, read_uuid
from studio.models import GenerationTask, Project, Status, TaskEvent, User
from studio.money import spending
from studio.news import inbox, notices
from studio.takes import live
from studio.takes.cards import Card, cards, places_in_line, takes_title
from studio.takes.page import clip_context
from studio.takes.stage import foremost_of, latest_clip

CHANGES_AT_MOST = 60
LINE_REFRESHED = 20
NEWS_TOLD = 3
RESHOWN = {"create", "works"}


@require_safe
def poll_works(request: SignedInRequest) -> HttpResponse:
    """204 while there is nothing new for this person and this page."""
    page, seen = request.GET.get("page", ""), _number(request.GET.get("seen"))
    if page not in live.POLLED_PAGES or seen is None:
        return HttpResponseBadRequest()
    now, latest_seen = timezone.now(), live.seen_now()
    # In this order: what ended meanwhile is then among the changes, and the page does not look away before it shows.
    works = live.works_of(request.user, now)
    changed, cut_at = _changed(request, page, seen)
    knew_worker = request.GET.get("worker") == "1"
    bell, spend = inbox.bell(request.user), spending.shown_to(request.user, now)
    knew_all = (
        knew_worker == works.has_worker
        and _knew_bell(request, bell)
        and _knew_spend(request, spend)
        and _knew_frozen(request)
        and _knew_works(request, works)
    )
    if not changed and knew_all:
        return HttpResponse(status=204)
    places = places_in_line() if changed and works.count else {}
    shows_takes = page in live.PAGES_OF_TAKES
    shown = cards(
        changed if shows_takes else (), now, newest=_number(request.GET.get("newest")) or 0, places=places
    )
    shown += _line(request.user, page, changed, places, now)
    context = {
        "page": page,
        "nav": page,
        "works": works,
        "works_count": works.count,
        "bell": bell,
        "month_spend": spend,
        "cards": shown,
        "poll": _next_poll(request, page, changed, cut_at, now, seen=latest_seen, works=works),
        "latest": _new_latest(request, page, changed, now),
    }
    if page == "create":
        context["foremost"] = foremost_of(request.user, works, shown, now)
    if page == "clip" and changed:
        context |= clip_context(shown[0])
    response = render(request, "studio/poll.html", context)
    said = _announcements(request.user, changed) | news_since(request, bell)
    if page == "inbox" and request.GET.get("inbox") != bell.words:
        said["inbox-changed"] = {"target": "#inbox"}
    response.headers["HX-Trigger"] = json.dumps(said)
    return response


def _knew_bell(request: SignedInRequest, bell: inbox.Bell) -> bool:
    """Whether the page shows the count and the dot as they are; one that does not say shows neither."""
    asked = request.GET
    return (asked.get("inbox", bell.words), asked.get("news", str(bell.newest))) == (
        bell.words,
        str(bell.newest),
    )


def _knew_spend(request: SignedInRequest, spend: spending.MonthSpend | None) -> bool:
    """Whether the bar shows what the month has cost as it is; a page that does not say shows no such line."""
    words = spend.words if spend else ""
    return request.GET.get("spend", words) == words


def _knew_frozen(request: SignedInRequest) -> bool:
    """Whether the page says that nothing is sent, or does not say it, as it is."""
    is_frozen = "1" if freezing.state() else ""
    return request.GET.get("frozen", is_frozen) == is_frozen


def _knew_works(request: SignedInRequest, works: live.Works) -> bool:
    """Whether the bar shows how many are under way as it is; a page that does not say shows no such number."""
    count = str(works.count)
    return request.GET.get("works", count) == count


def news_since(request: SignedInRequest, bell: inbox.Bell) -> dict[str, Any]:
    """For the browser's own notification: what the page could not know of yet."""
    known = _number(request.GET.get("news"))
    if known is None or bell.newest <= known:
        return {}
    items = notices.newest(request.user, at_most=NEWS_TOLD, after=known, with_mentions=True)
    return {
        "news": {"items": [{"title": each.sentence, "url": each.path} for each in items if not each.seen_at]}
    }


def _number(text: str | None) -> int | None:
    return 0 if text == "0" else read_key(text)


def _changed(request: SignedInRequest, page: str, seen: int) -> tuple[list[GenerationTask], str]:
    """What changed, and where the next poll goes on if this answer does not hold all of it.

    The oldest changes come first: numbers are taken in the order in which changes are committed, so that nothing
    can turn up before the place where an answer ends.
    """
    rows = GenerationTask.objects.visible_to(request.user).filter(revision__gt=seen).for_cards()
    if page == "works" and request.GET.get("mine"):
        rows = rows.filter(created_by=request.user)
    if page == "clip":
        rows = rows.filter(task_id__in=[read_uuid(request.GET.get("task"))])
    shown_of, _, past = request.GET.get("past", "").partition("-")
    if _number(shown_of) == seen + 1:
        rows = rows.exclude(revision=seen + 1, pk__lte=_number(past) or 0)
    found = list(rows.order_by("revision", "pk")[: CHANGES_AT_MOST + 1])
    shown = found[:CHANGES_AT_MOST]
    cut_at = f"{shown[-1].revision}-{shown[-1].pk}" if len(found) > len(shown) else ""
    return sorted(shown, key=lambda task: task.pk), cut_at


def _line(
    user: User, page: str, changed: list[GenerationTask], places: dict[int, int], now: datetime
) -> list[Card]:
    """When the line moves, everyone in it moved: their places are words on the page."""
    shown = {task.pk for task in changed}
    waiting = [pk for pk in list(places)[:LINE_REFRESHED] if pk not in shown]
    if page not in RESHOWN or not waiting:
        return []
    rows = GenerationTask.objects.visible_to(user).for_cards().filter(pk__in=waiting, status=Status.QUEUED)
    return cards(rows, now, places=places)


def _next_poll(
    request: SignedInRequest,
    page: str,
    changed: list[GenerationTask],
    cut_at: str,
    now: datetime,
    *,
    seen: live.Seen,
    works: live.Works,
) -> live.Poll:
    about = {name: request.GET[name] for name in ("project", "mine", "task") if name in request.GET}
    is_over = page == "clip" and bool(changed) and live.is_over(changed[0])
    if cut_at:
        seen = live.Seen(int(cut_at.partition("-")[0]) - 1, _number(request.GET.get("newest")) or 0)
        about["past"] = cut_at
    poll = live.poll_for(page, [], now, seen=seen, has_worker=works.has_worker, is_over=is_over, **about)
    if cut_at:
        return replace(poll, youngest=0)  # the rest is looked for soon, also with nothing under way
    if not works.youngest:
        return poll
    # Also if it has ended since, or was deleted: what is not shown yet is soon looked for again.
    asked_for = GenerationTask.objects.filter(pk=works.youngest).values_list("created_at", flat=True).first()
    return replace(poll, youngest=live.age(asked_for or now, now))


def _new_latest(
    request: SignedInRequest, page: str, changed: list[GenerationTask], now: datetime
) -> Card | None:
    """The project's latest clip, if one of the changes may have made it another one."""
    project_id = read_uuid(request.GET.get("project"))
    if page != "create" or project_id is None:
        return None
    if not any(task.project_id == project_id and task.status == Status.SUCCEEDED for task in changed):
        return None
    project: Project = access.project_for(request.user, project_id)
    return latest_clip(request.user, project, now)


def _announcements(user: User, changed: list[GenerationTask]) -> dict[str, Any]:
    """What the page says aloud: one's own takes that have just become ready, or just failed."""
    ended = [task for task in changed if task.created_by_id == user.pk and task.status in _ENDINGS]
    last_events = (
        TaskEvent.objects.filter(task__in=ended).values("task").annotate(last=Max("pk")).values("last")
    )
    just_now = set(
        TaskEvent.objects.filter(pk__in=last_events, word="").values_list("task_id", flat=True)
        if ended
        else []
    )
    news = [task for task in ended if task.pk in just_now]
    ready = [task for task in news if task.status == Status.SUCCEEDED]
    failed = [task for task in news if task.status == Status.FAILED]
    return _said_of(ready, failed)


def _said_of(ready: list[GenerationTask], failed: list[GenerationTask]) -> dict[str, Any]:
    """One sentence for what is ready, one for what failed: an event may come only once in an answer."""
    said: dict[str, Any] = {}
    toasts = []
    if ready:
        title, is_one = takes_title(ready), len(ready) == 1
        url = reverse("studio:clip", args=[ready[0].task_id]) if is_one else reverse("studio:works")
        said["clip-ready"] = {"title": title, "url": url, "count": len(ready)}
        toasts.append({"text": f"{title} {'is' if is_one else 'are'} ready.", "kind": "good"})
    if failed:
        text = f"{takes_title(failed)} didn’t work. Nothing else is touched."
        toasts.append({"text": text, "kind": "info"})
    if toasts:
        said["toast"] = toasts[0] if len(toasts) == 1 else {"items": toasts}
    return said


_ENDINGS = {Status.SUCCEEDED, Status.FAILED}
