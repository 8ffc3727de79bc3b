"""In the works: everything being made now, and what happened to it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio.http import SignedInRequest
from studio.takes.stage import works_context


@require_safe
def works(request: SignedInRequest) -> HttpResponse:
    """Everyone's takes, or only one's own; one's own unsent briefs stand first."""
    context = works_context(request.user, mine=request.GET.get("whose") == "mine")
    return render(request, "studio/works.html", context | {"nav": "works"})
