"""How a reference reaches a provider: a link to the studio's bucket, a link to this studio, the provider's own upload,
or inside the request.

The first way that works is taken, for each file. Links to this studio and callbacks are signed and made from the
attempt alone, and other addresses are remembered with it, so that asking again with the same key asks with the same
words.
"""

from __future__ import annotations

import base64
import ipaddress
from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from studio import changes
from studio.delivery import bucket, s3
from studio.models import Attempt, Connection, GenerationTask, MediaFile, Status
from studio.providers.base import Capability, ErrorCategory, PaidProvider, Provider, ProviderError
from studio.storage import store

type Way = Literal["path", "bucket", "link", "upload", "inline"]

LINK_SALT, CALLBACK_SALT = "studio.delivery.link", "studio.delivery.callback"
LINKS_LIVE = bucket.LINKS_LIVE
INLINE_AT_MOST = 7_000_000
OPEN_FOR_FETCHING = {Status.SUBMITTING, Status.RUNNING, Status.UNCERTAIN, Status.CANCELED}


class NotDelivered(ProviderError):
    """The studio's own storage stood in the way, and neither the provider nor the file is to blame."""


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Makes the addresses of one attempt's files."""

    attempt: Attempt
    provider: Provider

    def address(self, stored: MediaFile) -> str:
        """Where the provider finds the file. May copy it to the bucket or hand it to the provider's own upload first.

        Raises ProviderError (also for a file that no way leads to).
        """
        known = self.attempt.uploads.get(stored.sha256)
        if known:
            return cast(str, known)
        capability = self.provider.capability
        way = way_for(capability, stored.kind, stored.size_bytes)
        if way == "path":
            return store.media_path(_place(stored)).as_uri()
        if way == "bucket":
            return self._remembered(stored, _in_bucket(stored))
        if way == "link":
            return link(self.attempt, stored)
        if way == "upload":
            path = store.media_path(_place(stored))
            taken = cast(PaidProvider, self.provider).take_file(path, mime=stored.mime)
            return self._remembered(stored, taken)
        if way == "inline":
            content = base64.b64encode(store.media_path(_place(stored)).read_bytes()).decode("ascii")
            return f"data:{stored.mime};base64,{content}"
        sentence = problem(capability, stored.kind, stored.size_bytes)
        raise ProviderError(ErrorCategory.INVALID_INPUT, sentence, detail="no way of delivery")

    def _remembered(self, stored: MediaFile, address: str) -> str:
        """The address, kept: asked again, the same attempt names the same file by the same words."""
        self.attempt.uploads[stored.sha256] = address
        with transaction.atomic():
            Attempt.objects.filter(pk=self.attempt.pk).update(uploads=self.attempt.uploads)
            tasks = GenerationTask.objects.filter(pk=self.attempt.task_id)
            tasks.update(revision=changes.next_revision())
        return address


def way_for(capability: Capability, kind: str, size_bytes: int) -> Way | None:
    """The way a file of this kind and size takes, None if there is none."""
    if capability.delivery == "path":
        return "path"
    if bucket.is_set():
        return "bucket"
    if links_work():
        return "link"
    if 0 < size_bytes <= capability.upload_limits.get(kind, 0):
        return "upload"
    if capability.takes_data_pictures and kind == "image" and size_bytes <= INLINE_AT_MOST:
        return "inline"
    return None


def problem(capability: Capability, kind: str, size_bytes: int) -> str:
    """Why a file cannot reach the provider, and what helps; empty if it can."""
    if way_for(capability, kind, size_bytes):
        return ""
    limit = capability.upload_limits.get(kind, 0)
    what = {"image": "pictures", "video": "clips", "audio": "voices"}[kind]
    if limit:
        return (
            f"{capability.label} takes {what} of up to {limit // 1_000_000} MB from this studio, and this one has "
            f"{size_bytes / 1_000_000:.1f} MB. A smaller one works, or a public address for the studio "
            "(STUDIO_PUBLIC_URL) or a bucket (STUDIO_S3_BUCKET)."
        )
    return (
        f"{capability.label} fetches {what} from this studio, and cannot reach it. An owner sets the studio’s "
        "public address (STUDIO_PUBLIC_URL) or a bucket (STUDIO_S3_BUCKET)."
    )


def links_work() -> bool:
    """Whether the studio has an address that a provider out there can reach, as far as its name tells."""
    host = urlsplit(settings.PUBLIC_URL).hostname if settings.PUBLIC_URL else None
    return bool(host) and (settings.ALLOW_PRIVATE_ADDRESSES or not is_private_name(str(host)))


def link(attempt: Attempt, stored: MediaFile) -> str:
    """The address of one file for one attempt. It opens for GET and HEAD while the take is being made."""
    path = reverse(
        "studio:reference-link",
        args=[
            attempt.key,
            stored.sha256,
            _signature(LINK_SALT, f"{attempt.key}:{stored.sha256}"),
            stored.extension,
        ],
    )
    return f"{settings.PUBLIC_URL}{path}"


def is_link(attempt_key: object, sha256: str, signature: str) -> bool:
    return constant_time_compare(signature, _signature(LINK_SALT, f"{attempt_key}:{sha256}"))


def is_open(attempt: Attempt) -> bool:
    """Whether its links still open: its take is under way or unknown, and 30 hours have not passed."""
    task = attempt.task
    is_latest = not task.attempts.filter(number__gt=attempt.number).exists()
    return (
        is_latest
        and task.status in OPEN_FOR_FETCHING
        and not (task.status == Status.CANCELED and task.next_at is None)
        and timezone.now() < attempt.intended_at + LINKS_LIVE
    )


def callback_url(attempt: Attempt, connection: Connection, capability: Capability) -> str:
    """Where the provider may say that something happened; empty if it cannot reach us, or does not call."""
    if not capability.takes_callbacks or not links_work():
        return ""
    path = reverse(
        "studio:provider-callback",
        args=[connection.provider, attempt.key, _signature(CALLBACK_SALT, str(attempt.key))],
    )
    return f"{settings.PUBLIC_URL}{path}"


def is_callback(attempt_key: object, signature: str) -> bool:
    return constant_time_compare(signature, _signature(CALLBACK_SALT, str(attempt_key)))


def is_private_name(host: str) -> bool:
    """Whether a host is one that only this machine or its network can know, as far as its name tells."""
    if (
        host == "localhost"
        or host.endswith((".localhost", ".local", ".internal", ".test"))
        or "." not in host
    ):
        return ":" not in host or not _is_global(host)
    return host.replace(".", "").isdigit() and not _is_global(host)


def _in_bucket(stored: MediaFile) -> str:
    try:
        return bucket.address(stored)
    except s3.Away as problem:
        sentence = "The studio’s storage for references isn’t answering, so nothing was sent."
        raise NotDelivered(ErrorCategory.NOT_SENT, sentence, detail=str(problem)) from problem
    except s3.Refused as problem:
        raise NotDelivered(ErrorCategory.PROVIDER_ERROR, problem.sentence, detail=problem.detail) from problem


def _signature(salt: str, value: str) -> str:
    return Signer(salt=salt).signature(value)


def _place(stored: MediaFile) -> str:
    return store.file_path(stored.sha256, stored.extension)


def _is_global(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return False
