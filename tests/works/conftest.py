"""Somebody who is signed in, while a worker is there."""

from __future__ import annotations

import pytest
from django.utils import timezone

from studio import conductor
from tests.factories import make_user


@pytest.fixture
def ada(client):
    user = make_user()
    client.force_login(user)
    conductor.beat(timezone.now())
    return user
