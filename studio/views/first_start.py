"""The one-time link that makes its opener the owner."""

from __future__ import annotations

from math import ceil

from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from studio.forms.accounts import WelcomeForm
from studio.people import first_start
from studio.people.accounts import stay_signed_in


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def owner_welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Name, e-mail and password of the owner. A link that does not open answers like one that never was."""
    try:
        link = first_start.open_link(token)
        form = WelcomeForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            owner = first_start.take_over(token, **form.cleaned_data)
            login(request, owner)
            stay_signed_in(request)
            UserSession.objects.create_from_request(request)
            return redirect("studio:first-run")
    except first_start.LinkNotOpen:
        return render(request, "studio/welcome_over.html", status=404)
    minutes = ceil((link.expires_at - timezone.now()).total_seconds() / 60)
    return render(
        request, "studio/welcome.html", {"form": form, "minutes": minutes}, status=422 if form.errors else 200
    )
