"""Create lays itself out in small frames: all of it is there in the end, with its scripts or without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.media_samples import Samples
from tests.e2e.pages import CreatePage
from tests.e2e.studio_process import LiveStudio

pytestmark = pytest.mark.browser

LATE = "() => [...document.querySelectorAll('[data-comes]')].map((part) => part.id || part.className)"
# What is laid out when the browser is done with parsing, which it does in one piece.
AT_THE_END_OF_PARSING = """
window.early = [];
document.addEventListener("DOMContentLoaded", () => {
  for (const one of document.querySelectorAll(".bar__brand, #tray-part, #prompt, #providers-part, .settings, .tab-bar"))
    if (one.getClientRects().length) window.early.push(one.id || one.className);
});
"""


def assert_it_is_all_there(page: Page) -> None:
    page.wait_for_function(f"() => ({LATE})().length === 0")
    for part in ["#brief-title", "#references", "#prompt", "#send", "#provider", "#takes", "#shot_type"]:
        expect(page.locator(part)).to_be_visible()
    expect(page.locator(".bar__brand")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_every_part_comes(open_page: OpenPage, live_studio: LiveStudio, width: int):
    page = open_page(viewport={"width": width, "height": 800})

    page.goto(f"{live_studio.base_url}/")

    assert_it_is_all_there(page)


def test_a_phone_lays_nothing_out_before_the_small_frames(open_page: OpenPage, live_studio: LiveStudio):
    page = open_page(**PHONE)
    page.add_init_script(AT_THE_END_OF_PARSING)

    page.goto(f"{live_studio.base_url}/")

    assert page.evaluate("window.early") == []
    assert_it_is_all_there(page)
    expect(page.locator(".tab-bar")).to_be_visible()


def test_a_desktop_begins_with_the_field(open_page: OpenPage, live_studio: LiveStudio):
    page = open_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(AT_THE_END_OF_PARSING)

    page.goto(f"{live_studio.base_url}/")

    assert page.evaluate("window.early") == ["tray-part", "prompt"]


@pytest.mark.parametrize("width", [390, 1440])
def test_every_part_comes_though_the_script_does_not(
    open_page: OpenPage, live_studio: LiveStudio, width: int
):
    page = open_page(viewport={"width": width, "height": 800})
    page.route("**/below-fold*.js", lambda route: route.abort())

    page.goto(f"{live_studio.base_url}/")

    assert page.evaluate(LATE)
    expect(page.locator(".bar__brand")).to_be_visible()
    expect(page.locator("#prompt")).to_be_visible()
    expect(page.locator("#shot_type")).to_be_visible()


def test_what_an_answer_brings_is_there_at_once(owner_page: Page, live_studio: LiveStudio, samples: Samples):
    create = CreatePage(owner_page, live_studio).begin().add(samples.lighthouse)

    owner_page.get_by_role("button", name="One take more").click()
    expect(owner_page.locator("#price")).to_contain_text("2 takes")

    expect(create.tiles).to_have_count(1)
    assert owner_page.evaluate(LATE) == []
