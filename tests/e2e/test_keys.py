"""The list of keys opens on ? and from the account's menu, on every page that has no list of its own."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import CreatePage
from tests.e2e.studio_process import LiveStudio

pytestmark = pytest.mark.browser


def test_a_question_mark_opens_the_list_of_keys_and_escape_closes_it(
    owner_page: Page, live_studio: LiveStudio
):
    owner_page.goto(f"{live_studio.base_url}/library/")
    keys = owner_page.get_by_role("dialog", name="Keys")

    owner_page.keyboard.press("?")
    expect(keys).to_be_visible()
    owner_page.keyboard.press("c")  # keys do nothing behind the list
    expect(owner_page).to_have_url(f"{live_studio.base_url}/library/")
    owner_page.keyboard.press("Escape")

    expect(keys).to_be_hidden()


def test_a_slash_searches_on_the_page_that_can(owner_page: Page, live_studio: LiveStudio):
    owner_page.goto(f"{live_studio.base_url}/library/files/")

    owner_page.keyboard.press("/")

    expect(owner_page.get_by_role("searchbox", name="Search files")).to_be_focused()
    expect(owner_page).to_have_url(f"{live_studio.base_url}/library/files/")


@pytest.mark.parametrize("path", ["/works/", "/board/", "/inbox/"])
def test_a_slash_searches_in_the_library_from_elsewhere(owner_page: Page, live_studio: LiveStudio, path: str):
    owner_page.goto(f"{live_studio.base_url}{path}")

    owner_page.keyboard.press("/")

    expect(owner_page.get_by_role("searchbox", name="Search titles")).to_be_focused()


def test_a_slash_looks_into_no_closed_dialog(owner_page: Page, live_studio: LiveStudio):
    create = CreatePage(owner_page, live_studio).begin()
    create.page.get_by_role("link", name="From the library").click()
    expect(create.page.get_by_role("searchbox", name="Search files")).to_be_visible()
    create.page.keyboard.press("Escape")
    expect(create.page.get_by_role("dialog")).to_have_count(0)

    create.page.keyboard.press("/")

    expect(create.page.get_by_role("searchbox", name="Search titles")).to_be_focused()


def test_the_list_of_keys_opens_from_the_menu_and_closes(owner_page: Page, live_studio: LiveStudio):
    owner_page.goto(f"{live_studio.base_url}/works/")

    owner_page.get_by_label("Account of").click()
    owner_page.get_by_role("button", name="Keys", exact=True).click()

    expect(owner_page.get_by_role("dialog", name="Keys")).to_be_visible()
    owner_page.get_by_role("dialog", name="Keys").get_by_role("button", name="Close").click()
    expect(owner_page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_files_are_searched_while_one_types(owner_page: Page, live_studio: LiveStudio):
    owner_page.goto(f"{live_studio.base_url}/library/files/")

    owner_page.get_by_role("searchbox", name="Search files").press_sequentially("no such file anywhere")

    expect(owner_page.get_by_text("No file is called “no such file anywhere”.")).to_be_visible()
    expect(owner_page).to_have_url(re.compile(r"q=no\+such\+file\+anywhere|q=no%20such%20file%20anywhere"))
