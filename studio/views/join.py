"""The page behind an invitation's link."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from studio.forms.people import JoinForm
from studio.models import Invitation
from studio.models.person import Role
from studio.people import invitations
from studio.people.accounts import stay_signed_in
from studio.words import roles

NAMED_AT_MOST = 3


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Name and password. A link that does not open answers like one that never was."""
    try:
        invitation = invitations.open_link(token)
        form = JoinForm(invitation, request.POST if request.method == "POST" else None)
        if form.is_valid():
            person = invitations.join(token, **form.cleaned_data)
            login(request, person)
            stay_signed_in(request)
            UserSession.objects.create_from_request(request)
            return redirect("studio:library" if person.role == Role.REVIEWER else "studio:create")
    except invitations.LinkOver:
        return render(request, "studio/join_over.html", status=404)
    context = {
        "form": form,
        "invitation": invitation,
        "projects": _projects(invitation),
        "can": roles.AT_JOINING[Role(invitation.role)],
    }
    return render(request, "studio/join.html", context, status=422 if form.errors else 200)


def _projects(invitation: Invitation) -> str:
    """ "Meadow Wakes and City Rides", or with how many more there are."""
    names = [project.name for project in invitations.projects_shown(invitation)]
    if not names:
        return ""
    shown, more = names[:NAMED_AT_MOST], len(names) - NAMED_AT_MOST
    parts = [*shown, f"{more} more"] if more > 0 else shown
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)
