"""A session that ended while a page stood open: nothing on it goes away, and the next press says what to do."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.pages import CreatePage
from tests.e2e.studio_process import OWNER_EMAIL, OWNER_PASSWORD, LiveStudio

pytestmark = pytest.mark.browser


@pytest.fixture
def files(owner_page: Page, filled_studio: LiveStudio) -> Page:
    """The shelf of files, with the newest one's panel open."""
    newest = filled_studio.rows("SELECT id FROM studio_libraryfile ORDER BY created_at DESC")[0][0]
    owner_page.goto(f"{filled_studio.base_url}/library/files/{UUID(newest)}/")
    expect(owner_page.locator(".file-tile").first).to_be_visible()
    return owner_page


def test_the_shelf_stays_and_a_search_says_that_somebody_was_signed_out(files: Page):
    end_session(files)
    search = files.get_by_role("searchbox", name="Search files")

    search.fill("lighthouse")
    search.press("Enter")

    expect(files.locator(".toast")).to_contain_text(
        "You were signed out. What you wrote is kept on this page."
    )
    expect(files.locator("#shelf .file-tile").first).to_be_visible()


def test_what_was_written_stays_and_goes_on_once_signed_in_again(files: Page):
    end_session(files)
    name = files.get_by_label("Name", exact=True)
    name.fill("Kept over night")
    name.press("Enter")
    expect(name).to_have_value("Kept over night")

    with files.expect_popup() as opened:
        files.locator(".toast").get_by_role("link", name="Sign in again").click()
    again = opened.value
    again.get_by_label("E-mail").fill(OWNER_EMAIL)
    again.get_by_label("Password", exact=True).fill(OWNER_PASSWORD)
    again.get_by_role("button", name="Sign in").click()
    expect(again).to_have_url(files.url)
    with files.expect_response(files.url):
        files.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(files.locator(".toast")).to_have_count(0)
    name.press("Enter")

    expect(files.locator("#file-name")).to_have_text("Kept over night")


def test_on_create_no_empty_dialog_opens(owner_page: Page, live_studio: LiveStudio):
    create = CreatePage(owner_page, live_studio).begin()
    end_session(create.page)

    create.page.get_by_role("link", name="From the library").click()

    expect(create.page.locator(".toast")).to_contain_text("You were signed out.")
    expect(create.page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize(
    ("status", "words"), [(404, "That is not here any more."), (429, "That was too much at once.")]
)
def test_a_press_that_is_refused_says_so(files: Page, status: int, words: str):
    def refuse(route: Route) -> None:
        route.fulfill(status=status) if route.request.method == "POST" else route.fallback()

    files.route("**/library/files/**", refuse)

    files.get_by_label("Name", exact=True).press("Enter")

    expect(files.locator(".toast")).to_contain_text(words)


def end_session(page: Page) -> None:
    page.context.clear_cookies(name=re.compile("session"))
