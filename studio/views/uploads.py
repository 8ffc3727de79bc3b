"""Files on their way in: the tus protocol 1.0 (core, creation, expiration, termination) and a plain form.

tus.io/protocols/resumable-upload, in the words of `studio.storage.incoming`. Whoever's session ended gets a 401, so
that the browser can go on after signing in again.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods, require_POST

from studio import access
from studio.files import repairs, uploads
from studio.forms.files import UploadRequest
from studio.http import SignedInRequest
from studio.models import Upload
from studio.storage import incoming
from studio.views.upload_answers import describe

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination"
BYTES_TYPE = "application/offset+octet-stream"
TO_STATUS = {"too_large": 413, "longer_than_said": 413, "no_room": 507}

type View = Callable[..., HttpResponse]


def tus(view: View) -> View:
    """Answer in tus: its version on every answer, 412 for another one, 401 instead of a sign-in page."""

    @login_not_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            response = _say("This page is older than the studio. Load it again.", status=412)
            response.headers["Tus-Version"] = VERSION
        elif not request.user.is_authenticated:
            response = _say(
                "You were signed out. Sign in, and the file goes on where it stopped.", status=401
            )
        else:
            access.require_maker(request.user)
            response = view(request, *args, **kwargs)
        response.headers["Tus-Resumable"] = VERSION
        response.headers["Cache-Control"] = "no-store"
        return response

    return wrapped


@tus
@require_http_methods(["POST", "OPTIONS"])
def upload_create(request: SignedInRequest) -> HttpResponse:
    """Make a place for a file. Upload-Metadata carries filename, use and project."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=_abilities())
    asked = UploadRequest(_metadata(request) | {"size": request.headers.get("Upload-Length", "")})
    if not asked.is_valid():
        return _say(asked.sentence, status=400)
    project = access.project_for(request.user, asked.cleaned_data["project"])
    try:
        upload = incoming.begin(
            user=request.user,
            project=project,
            filename=asked.cleaned_data["filename"],
            size=asked.cleaned_data["size"],
            use=asked.cleaned_data["use"],
        )
    except incoming.Refused as refused:
        return _refuse(refused)
    location = reverse("studio:upload", args=[upload.pk])
    return HttpResponse(status=201, headers={"Location": location} | _state(upload))


@tus
@require_http_methods(["HEAD", "PATCH", "DELETE"])
def upload(request: SignedInRequest, upload_id: UUID) -> HttpResponse:
    """How far an upload is, its next bytes, or taking it back."""
    row = access.upload_for(request.user, upload_id)
    if request.method == "HEAD":
        return HttpResponse(headers=_state(row))
    if request.method == "DELETE":
        if row.finished_at is None:
            incoming.forget(row)
        return HttpResponse(status=204)
    return _take_bytes(request, row)


@login_not_required
@require_POST
def upload_finish(request: SignedInRequest, upload_id: UUID) -> HttpResponse:
    """Check a whole upload and say what it is. Asking twice gives the same answer."""
    if not request.user.is_authenticated:
        return _say("You were signed out. Sign in, and add the file again.", status=401)
    access.require_maker(request.user)
    row = access.upload_for(request.user, upload_id)
    try:
        file = uploads.finish(row)
        file = repairs.unasked(file, use=uploads.use_of(row.use, file.kind), user=request.user)
    except uploads.Refused as refused:
        return _refuse(refused)
    except uploads.Gone:
        return _say("This file did not arrive whole. Add it again.", status=409)
    return JsonResponse(describe(file, use=row.use))


def _take_bytes(request: SignedInRequest, row: Upload) -> HttpResponse:
    if request.content_type != BYTES_TYPE:
        return _say("Bytes of a file come as application/offset+octet-stream.", status=415)
    offset, length = request.headers.get("Upload-Offset", ""), request.headers.get("Content-Length", "")
    if not (offset.isdecimal() and length.isdecimal() and len(offset) < 20):
        return _say("Upload-Offset and Content-Length are needed.", status=400)
    if row.finished_at or int(offset) + int(length) > row.size_bytes:
        return _say(
            "More bytes came than the file has. Add it again.", status=413 if not row.finished_at else 409
        )
    try:
        incoming.receive(row, offset=int(offset), read=request.read)
    except incoming.WrongPlace:
        return HttpResponse(status=409)
    except incoming.Gone:
        return _say("This upload was taken back.", status=410)
    except incoming.Refused as refused:
        return _refuse(refused)
    return HttpResponse(status=204, headers=_state(row))


def _metadata(request: HttpRequest) -> dict[str, str]:
    """Upload-Metadata: "key base64, key base64". What cannot be read is left out, and the form says so."""
    found = {}
    for pair in request.headers.get("Upload-Metadata", "").split(",")[:10]:
        key, _, value = pair.strip().partition(" ")
        try:
            text = base64.b64decode(value, validate=True).decode("utf-8", errors="replace")
        except binascii.Error:
            continue
        found[key] = text.replace("\0", "")
    return found


def _abilities() -> dict[str, str]:
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(incoming.CEILING_BYTES),
    }


def _state(row: Upload) -> dict[str, str]:
    return {
        "Upload-Offset": str(row.offset),
        "Upload-Length": str(row.size_bytes),
        "Upload-Expires": http_date(row.expires_at.timestamp()),
    }


def _refuse(refused: incoming.Refused) -> HttpResponse:
    code = TO_STATUS.get(refused.code, 422)
    return JsonResponse({"outcome": "reject", "summary": refused.sentence, "code": refused.code}, status=code)


def _say(sentence: str, *, status: int) -> HttpResponse:
    return JsonResponse({"outcome": "reject", "summary": sentence}, status=status)
