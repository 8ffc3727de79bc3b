"""Asking for a new link at one that is over: passed on to whoever shared it, or to the owners for a mistyped one."""

from __future__ import annotations

from django.urls import reverse

from studio.models import Notice, Share, User
from studio.models.person import Role
from studio.news import notices
from studio.sharing.links import hash_of


def pass_on(token: str, email: str) -> None:
    """Tell somebody of the studio. The one who asks learns nothing about the link."""
    share = Share.objects.filter(token_sha256=hash_of(token)).select_related("created_by", "project").first()
    if share:
        sentence = f"{email} asks for a new link to “{share.title}”."
        path = reverse("studio:share", args=[share.pk])
        notices.tell([share.created_by], Notice.Kind.SHARE, sentence, path, share.project)
        return
    owners = User.objects.filter(role=Role.OWNER, is_active=True)
    sentence = f"{email} has a share link that does not work, and asks for a new one."
    notices.tell(owners, Notice.Kind.SHARE, sentence, reverse("studio:shares"), None)
