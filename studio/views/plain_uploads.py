"""Files sent by an ordinary form: for people whose browser runs no scripts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from studio import access, media
from studio.files import repairs, uploads
from studio.forms.files import PlainUploadForm
from studio.http import SignedInRequest, same_site_path
from studio.models import LibraryFile, Project, User
from studio.storage import incoming


@require_POST
def upload_plain(request: SignedInRequest) -> HttpResponse:
    """Take each file of the form by itself and say what it is; then back to the page it came from."""
    access.require_maker(request.user)
    form = PlainUploadForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, next(str(errors[0]) for errors in form.errors.values()))
        return redirect(_back(request))
    asked = form.cleaned_data
    project = access.project_for(request.user, asked["project"])
    for sent in asked["files"]:
        _take(request, sent, project=project, use=asked["use"])
    return redirect(_back(request))


def take_plain(user: User, sent: Any, *, project: Project, use: str) -> LibraryFile:
    """One file of a form, kept. Raises Refused."""
    upload = incoming.begin(user=user, project=project, filename=sent.name or "", size=sent.size, use=use)
    incoming.receive(upload, offset=0, read=sent.read)
    file = uploads.finish(upload)
    return repairs.unasked(file, use=uploads.use_of(use, file.kind), user=user)


def _take(request: SignedInRequest, sent: Any, *, project: Project, use: str) -> None:
    """Keep one file and say what it is."""
    try:
        file = take_plain(request.user, sent, project=project, use=use)
    except uploads.Refused as refused:
        messages.error(request, refused.sentence)
        return
    verdict = uploads.verdict_for(file, uploads.use_of(use, file.kind))
    say = messages.success if verdict.outcome == media.Outcome.ACCEPT else messages.warning
    say(request, verdict.summary_for(file.name))


def _back(request: SignedInRequest) -> str:
    """The page the form was on."""
    return same_site_path(request.POST.get("next")) or reverse("studio:files")
