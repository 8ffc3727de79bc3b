"""Mara owns the studio, Priya produces, Theo makes. All typed their password just now."""

from __future__ import annotations

import pytest
from django.test import Client

from studio.models import User
from studio.models.person import Role
from tests.factories import make_user


@pytest.fixture
def mara(db: None) -> User:
    return make_user("Mara Lindqvist", Role.OWNER)


@pytest.fixture
def priya(db: None) -> User:
    return make_user("Priya Nair", Role.PRODUCER)


@pytest.fixture
def theo(db: None) -> User:
    return make_user("Theo Okafor", Role.MAKER)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
