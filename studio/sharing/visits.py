"""Who opened a link, watched and downloaded. Programs that look ahead and members of the studio are not counted."""

from __future__ import annotations

import re
import time

from django.http import HttpRequest
from django.utils import timezone

from studio import audit
from studio.guests.visit import Visit
from studio.models import GenerationTask, Guest, Share, ShareView

SAME_VISIT_SECONDS = 30 * 60
# What mail programs, messengers and search engines call themselves when they look at a link before a person does.
PROGRAMS = re.compile(
    r"bot|crawl|spider|slurp|preview|externalhit|whatsapp|telegram|slack|discord|skype|embed|fetch|scan|monitor"
    r"|curl|wget|python|java/|go-http|okhttp|axios|libwww|httpclient|^mozilla/[45]\.0$",
    re.IGNORECASE,
)
LOOKS_AHEAD = re.compile(r"prefetch|preview|prerender", re.IGNORECASE)


def is_a_person(request: HttpRequest) -> bool:
    """Whether somebody outside the studio looks, as far as a request tells."""
    agent = request.headers.get("User-Agent", "")
    ahead = " ".join(
        request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
    )
    if request.method == "HEAD" or not agent or PROGRAMS.search(agent) or LOOKS_AHEAD.search(ahead):
        return False
    return not request.user.is_authenticated


def count(
    request: HttpRequest, visit: Visit, what: ShareView.What, task: GenerationTask | None = None
) -> ShareView | None:
    """Write down that a person did this, once for a visit; None if it is known or nobody did."""
    name = f"{what[0]}{str(task.task_id)[:8] if task else ''}"
    if time.time() - visit.counted_at(name) < SAME_VISIT_SECONDS or not is_a_person(request):
        return None
    now = timezone.now()
    view = ShareView.objects.create(share=visit.share, guest=visit.guest, task=task, what=what, at=now)
    visit.remember(name, view.pk)
    if visit.guest:
        Guest.objects.filter(pk=visit.guest.pk).update(seen_at=now)
    if task and what == ShareView.What.DOWNLOADED:
        audit.note(
            None,
            "downloaded over a share link",
            project=visit.share.project_id,
            guest=visit.guest,
            share=visit.share.pk,
            take=task.task_id,
        )
    return view


def is_first(share: Share) -> bool:
    """Whether a link was opened this once."""
    return share.views.filter(what=ShareView.What.OPENED)[:2].count() == 1


def watched(visit: Visit, tasks: list[GenerationTask]) -> set[int]:
    """The keys of those that this browser, or this guest in another visit, watched."""
    here = {task.pk for task in tasks if visit.counted_at(f"w{str(task.task_id)[:8]}")}
    if visit.guest is None:
        return here
    rows = ShareView.objects.filter(guest=visit.guest, what=ShareView.What.WATCHED, task__isnull=False)
    return here | {task.pk for task in tasks if task.pk in set(rows.values_list("task", flat=True))}
