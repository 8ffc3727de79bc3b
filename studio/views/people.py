"""Team, People: the list, invitations, roles, and who sees which project."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from studio import access, people
from studio.access import May
from studio.forms.people import InviteForm, MembersForm, roles_for
from studio.http import SignedInRequest
from studio.models import Invitation
from studio.models.person import Role
from studio.people import accounts, invitations, second_step
from studio.views.clip_acts import back
from studio.words import roles


@require_safe
def people_page(request: SignedInRequest) -> HttpResponse:
    access.require(request.user, May.INVITE)
    form = InviteForm(request.user) if "invite" in request.GET else None
    return _page(request, form=form)


@require_POST
def people_invite(request: SignedInRequest) -> HttpResponse:
    """Make an invitation. Its link is on this answer and never again."""
    access.require(request.user, May.INVITE)
    form = InviteForm(request.user, request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    chosen = form.cleaned_data
    if chosen["role"] == Role.OWNER and not accounts.has_fresh_password(request):
        return accounts.ask_for_password(request, _address(invite="1"), "Then invite the owner.")
    try:
        invitation, link = invitations.invite(request.user, **chosen)
    except people.Refused as refused:
        form.add_error("email", refused.sentence)
        return _page(request, form=form, status=422)
    return _page(request, invitation=invitation, link=link)


@require_POST
def invitation_again(request: SignedInRequest, invitation_id: UUID) -> HttpResponse:
    """A new link in place of the old one, shown once like the first."""
    invitation = _invitation(request, invitation_id)
    try:
        link = invitations.send_again(request.user, invitation)
    except invitations.LinkOver:
        messages.info(request, "This invitation is over already.")
        return redirect(_address())
    invitation.refresh_from_db()
    return _page(request, invitation=invitation, link=link)


@require_POST
def invitation_revoke(request: SignedInRequest, invitation_id: UUID) -> HttpResponse:
    invitation = _invitation(request, invitation_id)
    invitations.revoke(request.user, invitation)
    messages.success(request, f"The invitation for {invitation.email} is taken back. Its link is dead.")
    return redirect(_address())


@require_POST
def person_role(request: SignedInRequest, person_id: int) -> HttpResponse:
    access.require(request.user, May.INVITE)
    person = access.person_for(request.user, person_id)
    role = request.POST.get("role", "")
    if role not in Role.values:
        messages.warning(request, "Choose one of the roles.")
        return redirect(_address())
    if not accounts.has_fresh_password(request):
        return accounts.ask_for_password(request, _address(), "Then choose the role again.")
    try:
        people.change_role(request.user, person, Role(role))
        messages.success(request, f"{person.name}: {person.get_role_display().lower()} from now on.")
    except people.Refused as refused:
        messages.warning(request, refused.sentence)
    return redirect(_address())


@require_POST
def person_remove(request: SignedInRequest, person_id: int) -> HttpResponse:
    access.require(request.user, May.INVITE)
    person = access.person_for(request.user, person_id)
    if not accounts.has_fresh_password(request):
        return accounts.ask_for_password(request, _address(remove=str(person.pk)), "Then remove them.")
    try:
        people.remove(request.user, person)
        messages.success(request, f"{person.name} is out. What they made stays.")
    except people.Refused as refused:
        messages.warning(request, refused.sentence)
    return redirect(_address())


@require_POST
def person_let_in(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Switch off the second step of somebody whose phone is gone."""
    access.require(request.user, May.NAME_OWNERS)
    person = access.person_for(request.user, person_id)
    if not accounts.has_fresh_password(request):
        return accounts.ask_for_password(request, _address(), "Then switch their second step off.")
    second_step.switch_off(person, actor=request.user)
    messages.success(
        request, f"{person.name} signs in with the password alone until they switch it on again."
    )
    return redirect(_address())


@require_POST
def project_members(request: SignedInRequest, project_id: UUID) -> HttpResponse:
    """Open a project to all or to some."""
    project = access.project_for(request.user, project_id)
    access.require(request.user, May.INVITE)
    form = MembersForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Choose everybody, or some people of this studio.")
        return back(request, "studio:projects")
    chosen = form.cleaned_data
    try:
        people.set_members(
            request.user, project, is_open=chosen["open_to"] == "all", members=list(chosen["members"])
        )
        seen_by = "everybody" if project.is_open else "those you chose, and owners"
        messages.success(request, f"{project.name} is seen by {seen_by}.")
    except people.Refused as refused:
        messages.warning(request, refused.sentence)
    return back(request, "studio:projects")


def _invitation(request: SignedInRequest, invitation_id: UUID) -> Invitation:
    access.require(request.user, May.INVITE)
    return get_object_or_404(Invitation, pk=invitation_id, used_at=None, revoked_at=None)


def _page(
    request: SignedInRequest,
    *,
    form: InviteForm | None = None,
    invitation: Invitation | None = None,
    link: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    context = {
        "nav": "team",
        "team_nav": "people",
        "now": now,
        "people": people.listed(now),
        "invitations": invitations.waiting(),
        "roles": roles_for(request.user),
        "can": roles.IN_LIST,
        "form": form,
        "invited": invitation,
        "link": link,
        "removing": request.GET.get("remove", ""),
    }
    return render(request, "studio/people.html", context, status=status)


def _address(**query: str) -> str:
    asked = f"?{urlencode(query)}" if query else ""
    return f"{reverse('studio:people')}{asked}"
