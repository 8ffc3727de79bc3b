"""The mail that invites somebody, sent behind the answer's back. The page shows the link in any case."""

from __future__ import annotations

from uuid import UUID

from django.core.mail import send_mail
from django.tasks import task
from django.template.loader import render_to_string

from studio.context import studio_name
from studio.models import Invitation

TEMPLATE = "account/email/invitation"


@task()
def mail_invitation(invitation_id: str, link: str) -> None:
    """To the address it is for, unless it was used or taken back meanwhile."""
    waiting = Invitation.objects.filter(pk=UUID(invitation_id), used_at=None, revoked_at=None)
    invitation = waiting.select_related("invited_by").first()
    if invitation is None:
        return
    context = {"invitation": invitation, "link": link, "studio": studio_name()}
    subject = " ".join(render_to_string(f"{TEMPLATE}_subject.txt", context).split())
    send_mail(subject, render_to_string(f"{TEMPLATE}_message.txt", context), None, [invitation.email])
