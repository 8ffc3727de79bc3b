"""An owner, a producer and a maker at their browsers, and a provider whose answers a test decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from django.test import Client

from studio.connections import provider_accounts
from studio.models import Connection, User
from studio.models.person import Role
from studio.providers.base import Account, KeyCheck, ProviderError
from tests.factories import make_user

KEY = "sk-zebrawood-0123456789-7f3a"
OTHER_KEY = "sk-zebrawood-9876543210-19c0"


@dataclass
class Desk:
    """What providers answer to a test of a key, and which keys they were asked about."""

    answer: KeyCheck | ProviderError = field(default_factory=KeyCheck)
    asked: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def paid_provider(self, name: str, account: Account) -> Desk:
        self.asked.append(account.key)
        return self

    def check_key(self) -> KeyCheck:
        self.meanwhile()
        if isinstance(self.answer, ProviderError):
            raise self.answer
        return self.answer


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk()
    monkeypatch.setattr(provider_accounts.registry, "paid_provider", made.paid_provider)
    return made


@pytest.fixture
def mara(db: None) -> User:
    return make_user("Mara Lindqvist", Role.OWNER)


@pytest.fixture
def owner(mara: User) -> Client:
    """Signed in just now."""
    return signed_in(mara)


@pytest.fixture
def producer(db: None) -> Client:
    return signed_in(make_user("Priya Nair", Role.PRODUCER))


@pytest.fixture
def maker(db: None) -> Client:
    return signed_in(make_user("Theo Okafor", Role.MAKER))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def an_hour_later(client: Client) -> Client:
    """The same session, whose password was typed an hour ago."""
    session = client.session
    session["signed_in_at"] -= 3600
    session.save()
    return client


def connected(provider: str = "modelstream", **fields: object) -> Connection:
    priced = {"price_720p": Decimal("0.10"), "price_1080p": Decimal("0.15")}
    return provider_accounts.connect(provider, KEY, **(priced | fields))


def body(answer: object) -> str:
    """The page as people get it."""
    return getattr(answer, "content", b"").decode()
