"""The bar and the inbox of a page that stands open: they hear of what happens without a reload."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.planting import plant_ready
from tests.e2e.studio_process import LiveStudio

pytestmark = pytest.mark.browser


def test_what_waits_appears_in_an_open_inbox_by_itself(owner_page: Page, live_studio: LiveStudio, film: Path):
    owner_page.goto(f"{live_studio.base_url}/inbox/")
    expect(owner_page.locator("#inbox")).not_to_contain_text("Came while the inbox stood open")

    plant_ready(live_studio, film, "Came while the inbox stood open")
    look_now(owner_page)

    expect(owner_page.locator("#inbox")).to_contain_text("Came while the inbox stood open")
    expect(owner_page.locator("#inbox-words")).to_contain_text("the oldest since")
    expect(owner_page.locator("#inbox-button")).to_have_attribute("aria-current", "page")


def look_now(page: Page) -> None:
    """The poll that would come within half a minute, without its shortcut, as every so often."""
    page.evaluate(
        """() => {
            const poll = document.getElementById("poll");
            poll.dataset.url = poll.dataset.url.replace(/&cap=[^&]*/, "");
            dispatchEvent(new Event("online"));
        }"""
    )
