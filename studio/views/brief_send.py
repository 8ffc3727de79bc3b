"""The press that makes clips. One press makes one set of tasks, however often it comes (M-01)."""

from __future__ import annotations

import json
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from studio import access, money, recipes
from studio.briefs.sending import bind, recipe_of
from studio.briefs.tray import tray_of
from studio.briefs.values import FREE
from studio.briefs.ways import Way, chosen_ways, every_way
from studio.forms.brief import BriefForm, Finding
from studio.http import SignedInRequest, read_uuid, wants_partial
from studio.models import Brief, GenerationTask
from studio.takes.stage import stage_context
from studio.views.brief_answers import answer, opened

AFTER_SENDING = (
    "state",
    "saved",
    "head",
    "problems",
    "prompt_notes",
    "cost",
    "mini_bar",
    "stage_part",
    "spend_part",
)
AFTER_REFUSAL = ("state", "saved", "problems", "tray", "prompt_notes", "providers", "settings", "cost")
STALE = Finding(
    field="provider",
    code="stale",
    sentence="This page is from an earlier send. It is up to date now: press again to send it.",
)


@require_POST
def brief_send(request: SignedInRequest, brief_id: UUID) -> HttpResponse:
    """Send the brief to the chosen providers, or as a free draft when `with` says so.

    422 with every finding when it cannot be sent, also when a limit would be passed: all of it is sent, or nothing.
    Nothing that was typed is lost either way.
    """
    access.require_maker(request.user)
    token = read_uuid(request.POST.get("send_token"))
    earlier = _sent_with(request, token)
    if earlier and token:
        brief = access.brief_for(request.user, brief_id)
        bind(brief, earlier, token)  # the first press may have been cut off before it came so far
        return _after(request, brief, earlier)
    with transaction.atomic():
        brief, _ = opened(request, brief_id)
    ways = _ways(request, brief)
    tray = tray_of(brief, request.user, ways[0].capability)
    forms = [_form(brief, request, way, len(ways)) for way in ways]
    findings = _findings(forms)
    if not findings and token != brief.send_token:
        earlier = _sent_with(request, token)
        if earlier:
            return _after(request, brief, earlier)
        findings = [STALE]
    accounts = [way.account for way in ways if way.account]
    if findings or not accounts or token is None:
        return answer(request, brief, AFTER_REFUSAL, findings=findings, status=422)
    try:
        tasks = recipes.send(
            recipe_of(brief, tray, forms[0].cleaned_data),
            user=request.user,
            project=brief.project,
            shot=brief.shot,
            connection=accounts[0],
            also=accounts[1:],
            takes=forms[0].cleaned_data["takes"],
            token=token,
        )
    except money.NotSetAside as why:
        code = "over_cap" if isinstance(why, money.OverCap) else "disconnected"
        finding = Finding(field="provider", code=code, sentence=str(why))
        return answer(request, brief, AFTER_REFUSAL, findings=[finding], status=422)
    bind(brief, tasks, token)
    return _after(request, brief, tasks)


def _ways(request: SignedInRequest, brief: Brief) -> list[Way]:
    """Whom to send it to: the chosen provider first, or the draft maker alone."""
    ways = every_way()
    return [ways[FREE]] if request.POST.get("with") == "draft" else chosen_ways(brief, ways)


def _form(brief: Brief, request: SignedInRequest, way: Way, ways: int) -> BriefForm:
    return BriefForm(brief, tray_of(brief, request.user, way.capability), way, ways=ways)


def _findings(forms: list[BriefForm]) -> list[Finding]:
    """What stands in the way at any of them, each thing once."""
    found = [finding for form in forms if not form.is_valid() for finding in form.findings()]
    return list(dict.fromkeys(found))


def _sent_with(request: SignedInRequest, token: UUID | None) -> list[GenerationTask]:
    """The tasks of an earlier press of the same form; empty for a fresh token."""
    if token is None:
        return []
    tasks = GenerationTask.objects.visible_to(request.user).filter(submission=token, created_by=request.user)
    return list(tasks.select_related("version__shot").order_by("number"))


def _after(request: SignedInRequest, brief: Brief, tasks: list[GenerationTask]) -> HttpResponse:
    words = f"{tasks[0].version.shot.title} is in the works."
    if not wants_partial(request):
        messages.success(request, words)
        return redirect("studio:brief", brief.pk)
    response = answer(request, brief, AFTER_SENDING, sent=tasks, **stage_context(request.user, brief.project))
    # On a phone the stage lies below the form: without a word in sight, the next press would pay again.
    response.headers["HX-Trigger"] = json.dumps({"toast": {"text": words, "kind": "good"}})
    return response
