"""Whatever else is posted, nobody becomes owner, moves a thing elsewhere or changes its price or status (A-05)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db.models import Field
from django.test import Client

from studio.models import GenerationTask, Invitation, LibraryFile, Note, Project, Share, User
from studio.models.person import Role
from tests.access.conftest import Secret
from tests.access.table import RULES
from tests.factories import make_project

pytestmark = pytest.mark.django_db
KEPT = {
    User: ["role", "is_active", "email", "password", "sign_in_epoch", "created_at", "picture"],
    GenerationTask: ["provider", "status", "seed", "created_by_id", "connection_id", "job_id", "clip_id"],
    LibraryFile: ["project_id", "media_id", "added_by_id", "original_name", "created_at"],
    Project: ["is_inbox", "is_open", "created_by_id", "clip_bytes", "cap"],
    Invitation: ["email", "role", "invited_by_id", "token_sha256", "used_at"],
    Note: ["task_id", "author_id", "guest_id", "parent_id", "created_at"],
    Share: ["project_id", "created_by_id", "token_sha256", "created_at"],
}

ON_PURPOSE = {
    "studio:account-devices": {"sign_in_epoch"},
    "studio:account-leave": {"is_active", "password", "sign_in_epoch"},
    "studio:bin-put": {"clip_bytes"},
    "studio:clips-move": {"clip_bytes"},
    "studio:join": {"used_at"},
    "studio:share-renew": {"token_sha256"},
}
NOBODYS = set[str]()


def every_field_name() -> set[str]:
    models = apps.get_app_config("studio").get_models()
    fields = [field for model in models for field in model._meta.get_fields() if isinstance(field, Field)]
    return {name for field in fields for name in (field.name, field.attname)}


@pytest.mark.parametrize("name", sorted(name for name, rule in RULES.items() if "POST" in rule.takes))
def test_fields_that_a_form_does_not_have_change_nothing(
    name: str, address: Callable[..., str], secret: Secret, ada: Client
):
    other = make_project("Elsewhere")
    strange = {"role": "owner", "status": "failed", "is_active": "", "is_inbox": "on", "provider": "apiframe"}
    asked = secret.fill(RULES[name].sends)
    extra = {field: strange.get(field, str(other.pk)) for field in every_field_name()} | asked
    before = facts(secret, name)

    answer = ada.post(address(name), extra, headers=RULES[name].headers)

    assert answer.status_code < 500
    assert facts(secret, name) == before


@pytest.mark.parametrize("name", sorted(name for name, rule in RULES.items() if "POST" in rule.takes))
def test_a_producer_makes_nobody_an_owner_and_takes_no_secret_project(
    name: str, address: Callable[..., str], secret: Secret, client: Client
):
    strange = {
        "role": "owner",
        "is_active": "",
        "is_staff": "on",
        "members": secret.priya.pk,
        "open_to": "all",
    }
    extra = {field: strange.get(field, str(secret.project.pk)) for field in every_field_name()} | strange
    client.force_login(secret.priya)

    answer = client.post(address(name), extra, headers=RULES[name].headers)

    assert answer.status_code < 500
    assert not User.objects.filter(role=Role.OWNER).exclude(pk__in=owners_by_link(name)).exists()
    joined = {secret.invitation.email} if name == "studio:join" else set()
    assert {person.email for person in secret.project.members.all()} == {secret.ada.email} | joined
    assert not Invitation.objects.filter(role=Role.OWNER).exists()


def owners_by_link(address: str) -> set[int]:
    """Whoever holds the owner's first link becomes the owner: that is what it is for."""
    is_first = address == "studio:owner-welcome"
    return set(User.objects.filter(role=Role.OWNER).values_list("pk", flat=True)) if is_first else set()


def facts(secret: Secret, address: str) -> list[object]:
    things = {
        User: secret.ada,
        GenerationTask: secret.clip,
        LibraryFile: secret.file,
        Project: secret.project,
        Invitation: secret.invitation,
        Note: secret.note,
        Share: secret.share,
    }
    owners = set(User.objects.filter(role=Role.OWNER).values_list("pk", flat=True))
    inboxes = set(Project.objects.filter(is_inbox=True).values_list("pk", flat=True))
    rows = []
    for model, names in KEPT.items():
        kept = [name for name in names if name not in ON_PURPOSE.get(address, NOBODYS)]
        rows += model.objects.filter(pk=things[model].pk).values_list(*kept)
    return [owners, inboxes, *rows]
