"""Whatever else is posted, nobody becomes owner, moves a thing elsewhere or changes its price or status (A-05)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db.models import Field
from django.test import Client

from studio.models import GenerationTask, LibraryFile, Project, User
from tests.access.conftest import Secret
from tests.access.table import RULES
from tests.factories import make_project

pytestmark = pytest.mark.django_db
KEPT = {
    User: ["role", "is_active", "email", "password", "sign_in_epoch", "created_at"],
    GenerationTask: ["provider", "status", "seed", "created_by_id", "connection_id", "job_id", "clip_id"],
    LibraryFile: ["project_id", "media_id", "added_by_id", "original_name", "created_at"],
    Project: ["is_inbox", "is_open", "created_by_id", "clip_bytes"],
}


def every_field_name() -> set[str]:
    models = apps.get_app_config("studio").get_models()
    fields = [field for model in models for field in model._meta.get_fields() if isinstance(field, Field)]
    return {name for field in fields for name in (field.name, field.attname)}


@pytest.mark.parametrize(
    "name",
    [
        "studio:account-name",
        "studio:file-edit",
        "studio:shot-rename",
        "studio:project-rename",
        "studio:clip-pick",
    ],
)
def test_fields_that_a_form_does_not_have_change_nothing(
    name: str, address: Callable[..., str], secret: Secret, ada: Client
):
    other = make_project("Elsewhere")
    strange = {"role": "owner", "status": "failed", "is_active": "", "is_inbox": "on", "provider": "apiframe"}
    asked = secret.fill(RULES[name].sends)
    extra = {field: strange.get(field, str(other.pk)) for field in every_field_name()} | asked
    before = facts(secret)

    answer = ada.post(address(name), extra)

    assert answer.status_code < 500
    assert facts(secret) == before


def facts(secret: Secret) -> list[object]:
    things = {
        User: secret.ada,
        GenerationTask: secret.clip,
        LibraryFile: secret.file,
        Project: secret.project,
    }
    return [
        list(model.objects.filter(pk=things[model].pk).values_list(*names)) for model, names in KEPT.items()
    ]
