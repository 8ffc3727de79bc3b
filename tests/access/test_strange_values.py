"""Every address with values that no page of ours sends: an answer, never a fault, on either database."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field
from django.test import Client

from tests.access.conftest import Secret
from tests.access.table import RULES

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
READS = re.compile(r"\.get(?:list)?\(\s*\"(\w+)\"|(\w+) = forms\.")
STRANGE = ["\x00", "9" * 40, "-1", "٣{}[]'\"%_\\\u202e" * 100]


def names_that_are_read() -> list[str]:
    """Every field that some view or form asks for, from the sources, and every field of a model."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "studio").rglob("*.py")]
    read = {name for source in sources for pair in READS.findall(source) for name in pair if name}
    models = apps.get_app_config("studio").get_models()
    fields = [field for model in models for field in model._meta.get_fields() if isinstance(field, Field)]
    return sorted(read | {field.name for field in fields})


FIELDS = names_that_are_read()


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_strange_value_is_no_fault(name: str, address: Callable[..., str], secret: Secret, ada: Client):
    path, ours = address(name), secret.fill(RULES[name].sends)
    ada.raise_request_exception = False

    for value in STRANGE:
        fields = dict.fromkeys(FIELDS, value)
        answers = [
            ada.get(path, fields),
            ada.post(path, fields, headers=RULES[name].headers),
            ada.post(path, fields | ours, headers=RULES[name].headers),
        ]

        codes = {answer.status_code for answer in answers}
        assert max(codes - {503} if name == "studio:readyz" else codes, default=0) < 500, repr(value)
