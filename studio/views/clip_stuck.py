"""What a person can do about a take that is stuck: try now, look again, say how it ended, fetch it, go elsewhere."""

from __future__ import annotations

import re
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_POST

from studio import access, lifecycle, money
from studio.briefs import elsewhere
from studio.briefs.ways import every_way
from studio.http import SignedInRequest, wants_partial
from studio.models import Attempt, Brief, GenerationTask, Status
from studio.takes.cards import take_title
from studio.views.clip_acts import after_act

NUMBER = re.compile(r"[\w.:/+=@-]{1,120}", re.ASCII)


@require_POST
def clip_look_now(request: SignedInRequest, task_id: UUID) -> HttpResponse:
    """The next try, or the next look, at once. It costs nothing and sends nothing twice."""
    access.require_maker(request.user)
    task = access.task_for(request.user, task_id)
    if not lifecycle.look_now(task):
        messages.info(request, "It is being looked at already.")
    return after_act(request, task)


@require_POST
def clip_fetch_again(request: SignedInRequest, task_id: UUID) -> HttpResponse:
    """Bring a clip home that the provider made and still holds. Free."""
    access.require_maker(request.user)
    task = access.task_for(request.user, task_id)
    is_over = task.status in {Status.FAILED, Status.CANCELED, Status.EXPIRED} and not task.binned_at
    if not is_over or not lifecycle.fetch_again(task, request.user):
        messages.info(request, "There is nothing to fetch for this clip.")
    return after_act(request, task)


@require_POST
def clip_not_there(request: SignedInRequest, task_id: UUID) -> HttpResponse:
    """Someone looked at the provider, and it never got this: the money comes back, and it may be sent again."""
    access.require_maker(request.user)
    task = access.task_for(request.user, task_id)
    if task.status != Status.UNCERTAIN or not lifecycle.settle_as_not_sent(task, request.user):
        messages.info(request, SETTLED)
    return after_act(request, task)


@require_POST
def clip_found(request: SignedInRequest, task_id: UUID) -> HttpResponse:
    """Someone looked at the provider, and it is there under this number: the take goes on with it."""
    access.require_maker(request.user)
    task = access.task_for(request.user, task_id)
    number = request.POST.get("number", "").strip()
    if not NUMBER.fullmatch(number):
        messages.warning(request, "That can’t be its number. Copy it as it stands there, without spaces.")
    elif task.status != Status.UNCERTAIN:
        messages.info(request, SETTLED)
    elif other := _owner_of(number, request):
        messages.warning(request, other)
    elif not _found(task, number, request):
        messages.info(request, SETTLED)
    return after_act(request, task)


@require_POST
def clip_elsewhere(request: SignedInRequest, task_id: UUID) -> HttpResponse:
    """The same version at another account: opened in Create, or sent at once where the button said the price.

    While the take may still be made, only a free draft is sent beside it: two paid ones could both arrive (M-11).
    """
    access.require_maker(request.user)
    task = access.task_for(request.user, task_id)
    way = every_way().get(request.POST.get("with", ""))
    if way is None or way.account is None:
        messages.warning(request, "That service is not connected. Choose another one in Create.")
        return after_act(request, task)
    if request.POST.get("way") != "send":
        if task.is_active:
            title = take_title(task)
            messages.info(request, f"{title} goes on waiting. Cancel it there if you send this one instead.")
        return redirect("studio:brief", elsewhere.brief_for(task, way, request.user).pk)
    may_cost = task.status == Status.FAILED
    if task.binned_at or not (may_cost or (way.capability.is_free and task.status in UNDECIDED)):
        messages.info(request, "This clip can’t be sent elsewhere as it stands.")
        return after_act(request, task)
    if made := elsewhere.earlier(task, way, request.user):
        messages.info(request, f"{take_title(made)} was made from this already.")
        return after_act(request, task)
    try:
        sent = elsewhere.send(task, way, request.user)
    except money.NotSetAside as why:
        messages.warning(request, f"Nothing was sent. {why}")
        return after_act(request, task)
    if isinstance(sent, Brief):
        messages.warning(request, f"{way.label} can’t take it quite like this. Nothing was sent yet.")
        return _go_to(request, resolve_url("studio:brief", sent.pk))
    how = "as a free draft" if way.capability.is_free else f"with {way.label}"
    messages.success(request, f"{take_title(sent)} is in the works {how}.")
    return after_act(request, task)


def _found(task: GenerationTask, number: str, request: SignedInRequest) -> bool:
    attempt = task.attempts.order_by("number").last()
    if attempt is None:
        return False
    try:
        return lifecycle.found(task, attempt, number, by="person", actor=request.user)
    except IntegrityError:  # another press was first with the same number
        return False


def _owner_of(number: str, request: SignedInRequest) -> str:
    """Why a number cannot be this take's; empty if no other take has it."""
    attempt = Attempt.objects.filter(job_id=number).select_related("task__version__shot").first()
    if attempt is None:
        return ""
    is_visible = GenerationTask.objects.visible_to(request.user).filter(pk=attempt.task_id).exists()
    whose = take_title(attempt.task) if is_visible else "another clip"
    return f"That number belongs to {whose}."


def _go_to(request: SignedInRequest, address: str) -> HttpResponse:
    if not wants_partial(request):
        return redirect(address)
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = address
    return response


SETTLED = "This was settled in the meantime."
UNDECIDED = {Status.QUEUED, Status.RUNNING, Status.UNCERTAIN}
