"""Create lays itself out in small frames: all of it is there in the end, with its scripts or without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

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


@pytest.fixture
def without_htmx(owner_page: Page) -> Iterator[tuple[Page, list[Route]]]:
    """A page whose htmx is still on its way: it comes when the routes go on."""
    held: list[Route] = []
    owner_page.route("**/htmx.min*.js", lambda route: held.append(route))
    yield owner_page, held
    owner_page.unroute("**/htmx.min*.js")


def let_it_come(page: Page, held: list[Route]) -> None:
    for route in held:
        route.continue_()


def test_a_link_that_is_pressed_before_htmx_is_there_does_not_leave_the_page(
    without_htmx: tuple[Page, list[Route]], live_studio: LiveStudio
):
    page, held = without_htmx
    page.goto(f"{live_studio.base_url}/", wait_until="domcontentloaded")
    assert_it_is_all_there(page)

    page.get_by_role("link", name="From the library").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    let_it_come(page, held)

    expect(page.get_by_role("searchbox", name="Search files")).to_be_visible()
    expect(page).to_have_url(f"{live_studio.base_url}/")


def test_a_form_that_is_sent_before_htmx_is_there_is_answered_in_place(
    without_htmx: tuple[Page, list[Route]], live_studio: LiveStudio
):
    page, held = without_htmx
    page.goto(f"{live_studio.base_url}/team/connections/", wait_until="domcontentloaded")
    page.evaluate("() => { window.isStillHere = true; }")

    page.get_by_role("button", name="Check the public address").click()
    let_it_come(page, held)

    expect(page.locator("#reach .note")).to_be_visible()
    assert page.evaluate("() => window.isStillHere")


def test_what_htmx_would_do_works_as_a_plain_page_where_it_cannot_be_had(
    owner_page: Page, live_studio: LiveStudio
):
    owner_page.route("**/htmx.min*.js", lambda route: route.abort())
    owner_page.goto(f"{live_studio.base_url}/")

    owner_page.get_by_role("link", name="From the library").click()

    expect(owner_page).to_have_url(f"{live_studio.base_url}/library/files/")


def test_htmx_comes_to_a_page_in_the_background_too(open_page: OpenPage, live_studio: LiveStudio):
    page = open_page()
    page.add_init_script("Object.defineProperty(document, 'hidden', { get: () => true })")
    page.add_init_script("window.requestAnimationFrame = () => 0")

    page.goto(f"{live_studio.base_url}/library/")

    page.wait_for_function("() => window.htmx", polling=50)
