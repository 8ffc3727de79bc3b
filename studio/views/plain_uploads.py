"""Files sent by an ordinary form: for people whose browser runs no scripts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from studio import access, incoming, media, uploads
from studio.file_names import original_name
from studio.forms.files import PlainUploadForm
from studio.http import SignedInRequest
from studio.models import LibraryFile, Project


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


def _take(request: SignedInRequest, sent: Any, *, project: Project, use: str) -> LibraryFile | None:
    name = original_name(sent.name)
    try:
        upload = incoming.begin(user=request.user, project=project, filename=name, size=sent.size, use=use)
        incoming.receive(upload, offset=0, read=sent.read)
        file = uploads.finish(upload)
    except incoming.Refused as refused:
        messages.error(request, f"{name}: {refused.sentence}")
        return None
    wanted = uploads.natural_use(file.kind) if use == "any" else media.Use(use)
    verdict = uploads.verdict_for(file, wanted)
    say = messages.success if verdict.outcome == media.Outcome.ACCEPT else messages.warning
    say(request, f"{file.name}: {verdict.summary}")
    return file


def _back(request: SignedInRequest) -> str:
    """The page the form was on, if it is one of ours (W-06)."""
    wanted = request.POST.get("next", "")
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours else reverse("studio:files")
