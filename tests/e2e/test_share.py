"""A client on a phone: from the link to a film, a comment and an approval, with nobody to ask."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.studio_process import LiveStudio

pytestmark = pytest.mark.browser
NEXT_RANGE = "film => fetch(film, {headers: {Range: 'bytes=0-99'}}).then((answer) => answer.status)"


def share(page: Page, studio: LiveStudio, clip_id: str) -> str:
    """Two clicks: Share, then the address to copy."""
    page.goto(f"{studio.base_url}/clips/{clip_id}/")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("button", name="Copy")).to_be_visible()
    return page.locator("[data-copy]").inner_text()


def is_watching(page: Page) -> None:
    film = page.locator("video").element_handle()
    page.wait_for_function("film => film.currentTime > 0.2", arg=film, timeout=15_000)


def test_a_guest_on_a_phone_watches_after_two_actions_comments_and_approves(
    live_studio: LiveStudio, clip_id: str, owner_page: Page, open_page: OpenPage
):
    link = share(owner_page, live_studio, clip_id)
    phone = open_page(is_signed_in=False, **PHONE)

    phone.goto(link)  # the first action
    phone.locator(".guest__start").tap()  # the second

    is_watching(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360

    phone.get_by_label("Say something about this moment").tap()
    phone.keyboard.type("Could the light be softer here?")
    assert phone.evaluate("document.querySelector('video').paused")
    phone.get_by_role("button", name="Send", exact=True).locator("visible=true").tap()
    phone.get_by_label("What is your name?").fill("Elin Holm")
    phone.get_by_role("button", name="Send it").tap()
    expect(phone.locator(".guest__note")).to_contain_text("Could the light be softer here?")
    expect(phone.get_by_text("Not you?")).to_be_visible()

    phone.get_by_role("button", name="Looks good").tap()
    expect(phone.locator("#guest-decision")).to_contain_text("You approved this clip")

    owner_page.reload()
    expect(owner_page.locator(".share__visitors")).to_contain_text("Elin Holm")
    expect(owner_page.locator(".share__visitors")).to_contain_text("watched 1 clip, 1 comment")
    owner_page.goto(f"{live_studio.base_url}/review/{clip_id}/")
    expect(owner_page.get_by_text("Could the light be softer here?").first).to_be_visible()


def test_a_drawing_of_a_guest_is_kept_on_its_frame(
    live_studio: LiveStudio, clip_id: str, owner_page: Page, open_page: OpenPage
):
    page = open_page(is_signed_in=False, viewport={"width": 1200, "height": 800})
    page.goto(share(owner_page, live_studio, clip_id))
    page.locator(".guest__start").click()
    is_watching(page)

    page.get_by_role("button", name="Draw").click()
    box = page.locator("video").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 320, box["y"] + 220, steps=6)
    page.mouse.up()
    frame = page.evaluate("document.querySelector('guest-film').frame")
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Send", exact=True).locator("visible=true").click()
    page.get_by_label("What is your name?").fill("Elin Holm")
    page.get_by_role("button", name="Send it").click()

    expect(page.locator(".guest__note")).to_contain_text("a drawing: 1 line")
    page.reload()
    page.locator(".guest__note [data-frame]").click()
    expect(page.locator("drawing-layer path")).to_have_count(2)
    assert page.evaluate("document.querySelector('guest-film').frame") == frame


def test_a_link_that_is_ended_refuses_the_next_range_within_a_second(
    live_studio: LiveStudio, clip_id: str, owner_page: Page, open_page: OpenPage
):
    page = open_page(is_signed_in=False, **PHONE)
    page.goto(share(owner_page, live_studio, clip_id))
    page.locator(".guest__start").tap()
    is_watching(page)
    film = page.locator("video").get_attribute("src")
    assert page.evaluate(NEXT_RANGE, film) == 206

    owner_page.get_by_role("button", name="End it now").click()
    expect(owner_page.get_by_text("opens nothing any more")).to_be_visible()

    began = time.monotonic()
    assert page.evaluate(NEXT_RANGE, film) == 404
    assert time.monotonic() - began < 1
    expect(page.get_by_role("heading", name="This link no longer works")).to_be_visible()


def test_without_scripts_a_guest_comments_on_a_typed_moment_and_decides(
    live_studio: LiveStudio, clip_id: str, owner_page: Page, open_page: OpenPage
):
    page = open_page(is_signed_in=False, java_script_enabled=False, **PHONE)
    page.goto(share(owner_page, live_studio, clip_id))

    page.get_by_label("Say something about this moment").fill("Is that a spider web?")
    page.get_by_label("Moment in the clip").fill("0:01")
    page.get_by_role("button", name="Send", exact=True).locator("visible=true").click()
    page.get_by_label("What is your name?").fill("Tom")
    page.get_by_role("button", name="Send it").click()
    expect(page.locator(".guest__note")).to_contain_text("0:01")

    page.locator("summary", has_text="Ask for a change").click()
    page.get_by_label("What should be different?").fill("Softer light")
    page.locator("#guest-decision").get_by_role("button", name="Send").click()

    expect(page.locator("#guest-decision")).to_contain_text("You asked for a change")
