"""Who writes briefs, and the accounts they are sent to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from studio.models import Connection, User
from tests.factories import make_account, make_user


@pytest.fixture
def reachable(settings: Any) -> None:
    """Providers can fetch files from here."""
    settings.PUBLIC_URL = "https://studio.example.com"


@pytest.fixture
def ada() -> User:
    return make_user("Ada Lovelace")


@pytest.fixture
def client(ada: User) -> Client:
    browser = Client()
    browser.force_login(ada)
    return browser


@pytest.fixture
def modelstream() -> Connection:
    return make_account("modelstream", price_720p=Decimal("0.10"), price_1080p=Decimal("0.15"))


@pytest.fixture
def apiframe() -> Connection:
    return make_account("apiframe", credits_price=Decimal("10"))
