"""What every view of a brief shares: opening the row with what was typed, and answering with page or parts."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from studio import access
from studio.briefs import saving, starting
from studio.briefs.page import Page, page_of
from studio.forms.brief import Finding
from studio.http import SignedInRequest, wants_partial
from studio.models import Brief
from studio.takes.stage import stage_context


def opened(request: SignedInRequest, brief_id: UUID) -> tuple[Brief, bool]:
    """The person's brief, locked, with the posted form taken over; and whether that changed anything.

    The first save of an address that we gave out makes the row. Call it inside a transaction.
    """
    project = starting.opened_with(request.POST.get("ticket", ""), brief_id, request.user)
    if project:
        Brief.objects.get_or_create(pk=brief_id, defaults={"user": request.user, "project": project})
    brief = access.brief_to_write(request.user, brief_id)
    return brief, saving.save(brief, request.POST)


def show(
    request: SignedInRequest,
    brief: Brief,
    *,
    is_new: bool = False,
    findings: Iterable[Finding] = (),
    status: int = 200,
) -> HttpResponse:
    """The whole page."""
    context = _context(page_of(brief, request.user, is_new=is_new), findings)
    context |= stage_context(request.user, brief.project) | {"nav": "create"}
    return render(request, "studio/create.html", context, status=status)


def answer(
    request: SignedInRequest,
    brief: Brief,
    parts: Iterable[str],
    *,
    findings: Iterable[Finding] = (),
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    """The parts that changed, each swapped in by its id; without scripts the page again."""
    if not wants_partial(request):
        if status == 422:
            return show(request, brief, findings=findings, status=status)
        return redirect("studio:brief", brief.pk)
    context = _context(page_of(brief, request.user), findings) | extra
    context |= {"parts": [f"studio/create/{part}.html" for part in parts], "oob": True}
    return render(request, "studio/create/answer.html", context, status=status)


def _context(page: Page, findings: Iterable[Finding]) -> dict[str, Any]:
    listed = list(findings)
    by_field: dict[str, Finding] = {}
    for finding in listed:
        by_field.setdefault(finding.field, finding)
    return {
        "page": page,
        "brief": page.brief,
        "tray": page.tray,
        "findings": listed,
        "faults": by_field,
        "page_id": secrets.token_hex(6),
    }
