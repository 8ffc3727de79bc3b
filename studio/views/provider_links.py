"""Addresses for providers, not for people: one file for one attempt, and the place where a provider calls back.

Both are signed and unguessable, know no session, and open only while their take is under way.
"""

from __future__ import annotations

import logging
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from studio import delivery
from studio.connections import callbacks
from studio.delivery import evidence
from studio.models import Attempt, MediaFile
from studio.storage import store
from studio.storage.answers import respond

logger = logging.getLogger(__name__)
CALLBACK_AT_MOST = 100_000  # bytes


@login_not_required
@require_safe
def reference_link(
    request: HttpRequest, attempt_key: UUID, sha256: str, signature: str, extension: str
) -> HttpResponseBase:
    """A reference's own bytes, with its exact type: GET, HEAD and one Range, no redirect. Else 404."""
    if not delivery.is_link(attempt_key, sha256, signature):
        raise Http404
    attempt = Attempt.objects.select_related("task__connection").filter(key=attempt_key).first()
    stored = MediaFile.objects.filter(sha256=sha256, extension=extension).first()
    if attempt is None or stored is None:
        raise Http404
    if request.method == "GET":
        evidence.take(attempt, sha256)
    if not delivery.is_open(attempt):
        raise Http404
    place = store.file_path(stored.sha256, stored.extension)
    return respond(request, place, content_type=stored.mime, etag=stored.sha256)


@csrf_exempt
@login_not_required
@require_POST
def provider_callback(request: HttpRequest, provider: str, attempt_key: UUID, signature: str) -> HttpResponse:
    """A provider says that something happened. It is only a hint to look; a wrong one is a 404 like any other."""
    if not delivery.is_callback(attempt_key, signature):
        raise Http404
    body = request.read(CALLBACK_AT_MOST + 1)
    if len(body) > CALLBACK_AT_MOST or not callbacks.take(provider, attempt_key, body, request.headers):
        raise Http404
    return HttpResponse(status=204)
