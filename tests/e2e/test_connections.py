"""Connecting a provider, in a real browser, at a simulated provider over real sockets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage, sign_in
from tests.e2e.studio_process import OWNER_PASSWORD, LiveStudio
from tests.e2e.test_accessibility import serious_problems
from tests.simulators.process import SimulatorProcess

# One process: its studio is not the shared one and takes long to start.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("connections")]
WRONG_KEY = "sk-zebrawood-not-the-one-0002"
AN_HOUR_PASSES = """
from django.contrib.sessions.models import Session
from django.contrib.sessions.backends.db import SessionStore
for session in Session.objects.all():
    store = SessionStore(session.session_key)
    store["signed_in_at"] -= 3600
    store.pop("account_authentication_methods", None)
    store.save()
"""
FORGET = """
from studio.models import Connection, ConnectionKey
ConnectionKey.objects.all().delete()
Connection.objects.filter(provider="modelstream").delete()
"""


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A studio that may reach this machine, and a simulated provider on it."""

    studio: LiveStudio
    provider: SimulatorProcess

    def open(self, page: Page) -> Locator:
        """Sign in and look at the provider's card."""
        sign_in(page, self.studio)
        page.goto(f"{self.studio.base_url}/team/connections/")
        return card_on(page)

    def connect(self, card: Locator, key: str, verb: str = "Connect") -> None:
        card.locator('[name="key"]').fill(key)
        card.get_by_label("Where the account lives").select_option("other")
        card.get_by_label("Another address").fill(self.provider.base_url)
        card.get_by_role("button", name=verb).click()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("connections")
    studio = LiveStudio(folder / "data", database=empty_database)
    studio.environment |= {"STUDIO_ALLOW_PRIVATE_ADDRESSES": "1", "STUDIO_PUBLIC_URL": studio.base_url}
    with SimulatorProcess("modelstream", folder) as provider:
        studio.start()
        yield Shop(studio=studio, provider=provider)
        studio.stop()


@pytest.fixture(autouse=True)
def _nothing_connected(shop: Shop) -> None:
    shop.studio.python(FORGET)


def card_on(page: Page) -> Locator:
    return page.locator("#connection-modelstream")


def state(card: Locator) -> Locator:
    return card.locator(".status")


def test_a_key_is_pasted_tested_and_works(shop: Shop, open_page: OpenPage):
    page = open_page(is_signed_in=False, viewport={"width": 1440, "height": 900})
    card = shop.open(page)

    shop.connect(card, shop.provider.key)
    expect(state(card)).to_have_text("Not tried yet")
    card.get_by_label("Price per second, 720P").fill("0.10")
    card.get_by_role("button", name="Test connection").click()

    expect(state(card)).to_have_text("Working")
    expect(card).to_contain_text("The key works. Testing is free.")
    expect(card).to_contain_text("Simulated")
    expect(card.get_by_label("Price per second, 720P")).to_have_value("0.10")
    assert shop.provider.key not in page.content()
    assert shop.provider.creates() == []


def test_k01_a_refused_key_is_replaced_and_neither_is_ever_shown(shop: Shop, open_page: OpenPage):
    page = open_page(is_signed_in=False)
    card = shop.open(page)
    shop.connect(card, WRONG_KEY)

    card.get_by_role("button", name="Test connection").click()
    expect(state(card)).to_have_text("Key not accepted")
    expect(card).to_contain_text("Copy a fresh key from your ModelStream account and replace it here.")
    card.get_by_role("link", name="Replace").click()
    assert serious_problems(page) == []
    shop.connect(card, shop.provider.key, verb="Use this key")
    card.get_by_role("button", name="Test connection").click()

    expect(state(card)).to_have_text("Working")
    shown = page.content() + shop.studio.log
    assert WRONG_KEY not in shown
    assert shop.provider.key not in shown


def test_without_scripts_everything_can_be_done(shop: Shop, open_page: OpenPage):
    page = open_page(is_signed_in=False, java_script_enabled=False)
    card = shop.open(page)

    shop.connect(card, shop.provider.key)
    card.get_by_label("Price per second, 720P").fill("0,10")
    card.get_by_role("button", name="Save").click()
    card.get_by_role("button", name="Test connection").click()
    expect(state(card)).to_have_text("Working")
    card.get_by_role("button", name="Pause").click()
    expect(state(card)).to_have_text("Paused")
    page.get_by_role("button", name="Check the public address").click()
    expect(page.locator("#reach")).to_contain_text("and it is this studio")
    card.get_by_role("link", name="Disconnect").click()
    card.get_by_role("button", name="Disconnect it").click()

    expect(state(card)).to_have_text("Not connected")


def test_a07_after_a_while_the_password_is_typed_once_more(shop: Shop, open_page: OpenPage):
    page = open_page(is_signed_in=False)
    shop.open(page)
    shop.studio.python(AN_HOUR_PASSES)

    page.reload()
    card_on(page).get_by_role("link", name="Type your password first").click()
    page.get_by_label("Password", exact=True).fill(OWNER_PASSWORD)
    page.get_by_role("button", name="Go on").click()

    expect(page).to_have_url(f"{shop.studio.base_url}/team/connections/#connection-modelstream")
    expect(card_on(page).get_by_role("button", name="Connect")).to_be_visible()
