"""Two people on one review page: what one of them does reaches the other, and disturbs nothing."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import films
from tests.e2e.conftest import OpenPage, sign_in
from tests.e2e.studio_process import LiveStudio

pytestmark = pytest.mark.browser
WIDE = {"viewport": {"width": 1440, "height": 900}}
PRIYA = ("priya@example.com", "four plain words here")
WITHIN_A_POLL = 8_000
INVITE = f"""
from studio.models import Role, User
User.objects.create_user({PRIYA[0]!r}, {PRIYA[1]!r}, name="Priya Nair", role=Role.PRODUCER)
"""


@pytest.fixture(scope="module")
def take(live_studio: LiveStudio, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The id of a take with a finished clip of two seconds."""
    path = tmp_path_factory.mktemp("together") / "film.mp4"
    film = films.numbered_film(path, rate=films.RATES["25"], frames=50)
    return films.plant_films(live_studio, {"Together": film})["Together"]


@pytest.fixture(scope="module")
def priya(live_studio: LiveStudio, browser: Browser) -> dict[str, Any]:
    """The cookies of a producer, Priya Nair."""
    live_studio.python(INVITE)
    context = browser.new_context()
    sign_in(context.new_page(), live_studio, *PRIYA)
    state: dict[str, Any] = dict(context.storage_state())
    context.close()
    return state


def open_review(page: Page, studio: LiveStudio, take: str) -> Page:
    page.goto(f"{studio.base_url}/review/{take}/")
    page.wait_for_function("() => customElements.get('decision-dock') && window.htmx")
    return page


def test_an_approval_reaches_an_open_page_without_touching_the_form_that_somebody_types_in(
    live_studio: LiveStudio, owner_page: Page, open_page: OpenPage, priya: dict[str, Any], take: str
):
    hers = open_review(open_page(storage_state=priya, **WIDE), live_studio, take)
    owners = open_review(owner_page, live_studio, take)
    hers.keyboard.press("r")
    hers.keyboard.type("The paw melts")

    owners.keyboard.press("a")
    owners.get_by_role("button", name="Approve v1").click()

    expect(hers.locator("#decision-said")).to_contain_text("v1 is locked", timeout=WITHIN_A_POLL)
    expect(hers.locator("#dock-sentence")).to_have_value("The paw melts")
    expect(hers.locator("#dock-sentence")).to_be_focused()

    hers.get_by_role("button", name="Not now").locator("visible=true").click()
    expect(hers.locator("#decision-asks")).to_contain_text("Only an owner can open it again")
    expect(hers.locator("#decision-asks details")).to_have_count(0)

    owners.locator(".dock__history summary").click()
    owners.get_by_role("button", name="Take mine back").click()
    expect(hers.locator("#decision-asks details")).to_have_count(2, timeout=WITHIN_A_POLL)
