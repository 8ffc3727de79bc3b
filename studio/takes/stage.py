"""The live panel beside the brief, and the page "In the works": what is being made, and what just happened to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from studio import history
from studio.models import Brief, GenerationTask, LibraryFile, Project, Status, User
from studio.models.generation_task import GenerationTaskQuerySet
from studio.models.status import ACTIVE
from studio.takes import live
from studio.takes.cards import Card, cards, tiles

ROWS_UNDER_WAY = 20
ROWS_ENDED = 6
ENDED_STAY = timedelta(minutes=30)
CARDS_UNDER_WAY = 60
CARDS_ENDED = 24
CARDS_STAY = timedelta(days=7)
DRAFTS_SHOWN = 12


def stage_context(user: User, project: Project) -> dict[str, Any]:
    """The panel on Create: the project's latest clip, work under way for everyone, and what ended lately.

    A studio that has made nothing yet is not asked for any of it: its first page is the one people judge it by.
    """
    now, seen = timezone.now(), live.seen_now()
    latest = latest_clip(user, project, now) if seen.newest else None
    works = live.works_of(user, now)
    shown = _rows(user, works, now, besides=latest) if seen.newest else []
    rows = cards(shown, now)
    under_way = [card for card in rows if card.task.is_active]
    return {
        "latest": latest,
        "under_way": under_way,
        "foremost": foremost(under_way),
        "ended": [card for card in rows if not card.task.is_active],
        "works": works,
        "works_count": works.count,
        "poll": live.poll_for(
            "create", shown, now, seen=seen, has_worker=works.has_worker, project=str(project.pk)
        ),
    }


def works_context(user: User, *, mine: bool) -> dict[str, Any]:
    """The page of cards: briefs not sent yet, takes under way, and those that ended in the last days.

    A take whose end nobody knows stays until somebody does; a cancelled one that may still be made, while it may.
    """
    now, seen = timezone.now(), live.seen_now()
    visible = _visible(user, mine=mine)
    works = live.works_of(user, now)
    moving = visible.filter(pk__in=works.moving)[:CARDS_UNDER_WAY]
    unknown = visible.filter(status=Status.UNCERTAIN)[:CARDS_UNDER_WAY]
    ended = history.since(visible, now - CARDS_STAY).exclude(status__in=[*ACTIVE, Status.UNCERTAIN])
    shown = {task.pk: task for task in (*moving, *unknown, *ended[:CARDS_ENDED])}
    rows = [shown[pk] for pk in sorted(shown, reverse=True)]
    return {
        "drafts": drafts_of(user),
        "cards": cards(rows, now),
        "mine": mine,
        "works": works,
        "works_count": works.count,
        "poll": live.poll_for(
            "works", rows, now, seen=seen, has_worker=works.has_worker, mine="1" if mine else ""
        ),
    }


def foremost(under_way: list[Card]) -> Card | None:
    """The one take to speak of where there is room for one: being made before waiting."""
    begun = (card for card in under_way if card.task.status != Status.QUEUED)
    return next(begun, under_way[0] if under_way else None)


def foremost_of(user: User, works: live.Works, shown: list[Card], now: datetime) -> Card | None:
    """The same one for a poll, which has only the cards that changed: any other one is asked for alone."""
    known = next((card for card in shown if card.task.pk == works.foremost), None)
    if known or not works.foremost:
        return known
    rows = GenerationTask.objects.visible_to(user).for_cards().filter(pk=works.foremost, status__in=ACTIVE)
    return next(iter(tiles(rows, now)), None)


def latest_clip(user: User, project: Project, now: datetime) -> Card | None:
    """The newest ready take of a project, if there is one."""
    ready = history.visible({project.pk}).filter(status=Status.SUCCEEDED)
    newest = ready.for_cards().newest_first().first()
    return cards([newest], now)[0] if newest else None


def drafts_of(user: User) -> list[dict[str, Any]]:
    """The person's briefs that were never sent, or changed since, with the pictures of their first three references."""
    briefs = [
        brief
        for brief in Brief.objects.visible_to(user).unsent().order_by("-saved_at")[: 3 * DRAFTS_SHOWN]
        if brief.prompt.strip() or brief.tray
    ][:DRAFTS_SHOWN]
    wanted = {entry.get("file", "") for brief in briefs for entry in brief.tray[:3]} - {""}
    files = {
        str(file.pk): file
        for file in LibraryFile.objects.visible_to(user)
        .in_library()
        .filter(pk__in=wanted)
        .select_related("media")
    }
    return [
        {
            "brief": brief,
            "files": [file for entry in brief.tray[:3] if (file := files.get(entry.get("file", "")))],
        }
        for brief in briefs
    ]


def _rows(user: User, works: live.Works, now: datetime, *, besides: Card | None) -> list[GenerationTask]:
    """Nothing is asked that has no answer: most who open Create have nothing under way, and nothing that just ended."""
    keys, first = works.under_way[-ROWS_UNDER_WAY:], history.first_since(now - ENDED_STAY)
    if not keys and first is None:
        return []
    visible = _visible(user, mine=False)
    under_way = visible.filter(pk__in=keys).order_by("pk")
    if first is None:
        return list(under_way)
    ended = visible.filter(created_by=user, pk__gte=first).exclude(status__in=ACTIVE)
    if besides:
        ended = ended.exclude(pk=besides.task.pk)
    return [*under_way, *ended[:ROWS_ENDED]]


def _visible(user: User, *, mine: bool) -> GenerationTaskQuerySet:
    rows = history.visible(history.visible_projects(user)).for_cards().newest_first()
    return rows.filter(created_by=user) if mine else rows
