"""Settings that the studio refuses to start with, each with its fix (K-04)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from studio.delivery.links import is_private_name
from studio.people import first_start

BUCKET_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]")
SECRET_LENGTH = 32
SECRET_VARIETY = 8
SQLITE_WANTED = {"journal_mode": "wal", "synchronous": 2}


@register(Tags.security)
def settings_are_safe(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    return [*_secret(), *_debug(), *_owner(), *_bucket()]


@register(Tags.database)
def sqlite_keeps_what_it_commits(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """A paid intent must survive a power cut (T-02), so the file must be in WAL mode and synced at every commit."""
    found = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor == "sqlite" and "mode=memory" not in str(connection.settings_dict["NAME"]):
            found += _sqlite(connection)
    return found


def _sqlite(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    with connection.cursor() as cursor:
        kept = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in SQLITE_WANTED}
    return [
        _sqlite_problem(name, wanted, kept[name])
        for name, wanted in SQLITE_WANTED.items()
        if kept[name] != wanted
    ]


def _secret() -> list[CheckMessage]:
    key = settings.SECRET_KEY
    if (
        len(key) >= SECRET_LENGTH
        and len(set(key)) >= SECRET_VARIETY
        and not key.startswith("django-insecure")
    ):
        return []
    return [
        Error(
            "The secret key is too short or too plain to sign anything with.",
            hint="Remove STUDIO_SECRET_KEY, and the studio makes and keeps a good one; or set 50 random characters.",
            id="studio.E001",
        )
    ]


def _debug() -> list[CheckMessage]:
    if settings.DEBUG and settings.PUBLIC_URL:
        return [
            Error(
                "STUDIO_DEBUG shows the studio's insides, and STUDIO_PUBLIC_URL lets everybody see them.",
                hint="Remove STUDIO_DEBUG, or remove STUDIO_PUBLIC_URL.",
                id="studio.E002",
            )
        ]
    return []


def _owner() -> list[CheckMessage]:
    email, password = settings.OWNER_EMAIL, settings.OWNER_PASSWORD
    if bool(email) != bool(password):
        return [
            Warning(
                "Only one of STUDIO_OWNER_EMAIL and STUDIO_OWNER_PASSWORD is set, so no owner is made from them.",
                hint="Set both, or neither and use the one-time link.",
                id="studio.W001",
            )
        ]
    why = first_start.weakness(password, email) if password else ""
    if not why:
        return []
    return [
        Error(
            f"STUDIO_OWNER_PASSWORD will not do. {why}",
            hint="Choose another one, or remove it and use the one-time link.",
            id="studio.E003",
        )
    ]


def _bucket() -> list[CheckMessage]:
    parts = {
        "STUDIO_S3_BUCKET": settings.S3_BUCKET,
        "STUDIO_S3_ENDPOINT": settings.S3_ENDPOINT,
        "STUDIO_S3_ACCESS_KEY": settings.S3_ACCESS_KEY,
        "STUDIO_S3_SECRET_KEY": settings.S3_SECRET_KEY,
    }
    missing = [name for name, value in parts.items() if not value]
    if len(missing) == len(parts):
        return []
    if missing:
        return [
            Error(
                f"The bucket for references is set by halves: {' and '.join(missing)} {_is(missing)} missing.",
                hint="Set all of them, or take all STUDIO_S3_ variables away.",
                id="studio.E005",
            )
        ]
    if BUCKET_NAME.fullmatch(settings.S3_BUCKET) is None:
        return [
            Error(
                f"STUDIO_S3_BUCKET is {settings.S3_BUCKET!r}, and no bucket has such a name.",
                hint="Set the bucket's name alone, without slashes or its address.",
                id="studio.E006",
            )
        ]
    return _bucket_address()


def _bucket_address() -> list[CheckMessage]:
    """Providers must reach it, and plain http would show every link to whoever listens."""
    if settings.ALLOW_PRIVATE_ADDRESSES:
        return []
    address = urlsplit(settings.S3_ENDPOINT)
    if address.scheme == "https" and is_private_name(str(address.hostname)):
        return [
            Error(
                f"STUDIO_S3_ENDPOINT is {address.hostname}, which providers out there cannot reach.",
                hint="Set the address under which the world knows the storage.",
                id="studio.E008",
            )
        ]
    if address.scheme == "https":
        return []
    return [
        Error(
            "STUDIO_S3_ENDPOINT is plain http, and links to references go over it.",
            hint="Set its https address. On a developer's machine, STUDIO_ALLOW_PRIVATE_ADDRESSES=1 allows http.",
            id="studio.E007",
        )
    ]


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _sqlite_problem(pragma: str, wanted: object, found: object) -> CheckMessage:
    return Error(
        f"SQLite runs with {pragma}={found}, and {wanted} is needed to keep what was paid for.",
        hint="Keep the data folder on a local disk; network folders cannot do this.",
        id="studio.E004",
    )
