"""The owner's word that a frozen studio may send again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from studio import access, freezing
from studio.access import May
from studio.http import SignedInRequest


@require_POST
def thaw(request: SignedInRequest) -> HttpResponse:
    """Send again. What may have been sent before a backup was restored waits for somebody to look, and is not sent."""
    access.require(request.user, May.KEYS)
    if freezing.thaw(request.user):
        messages.success(request, "The studio sends again. What was waiting goes first.")
    return redirect("studio:works")
