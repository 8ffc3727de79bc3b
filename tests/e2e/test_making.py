"""What a person sees while clips are made: cancelling, trying again, the player in place, and being told."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Request, Response, Route, expect

from tests.e2e.conftest import OpenPage, sign_in
from tests.e2e.media_samples import Samples
from tests.e2e.pages import MADE_WITHIN, CreatePage, assert_it_plays
from tests.e2e.planting import cancel_all, park, plant_failed
from tests.e2e.studio_process import LiveStudio
from tests.waiting import wait_until

pytestmark = pytest.mark.browser

HIDE = """isHidden => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
COUNT_SWAPS = """() => {
    window.swapped = 0;
    const observer = new MutationObserver((records) => (window.swapped += records.length));
    for (const part of document.querySelectorAll("#works-rows, #works-cards, clip-grid, #poll, #works-pill")) {
        observer.observe(part, { subtree: true, childList: true, characterData: true });
    }
}"""
KEEP_NOTIFICATIONS = """
    window.told = [];
    window.Notification = class extends Notification {
        constructor(title, options) { super(title, options); window.told.push(title); }
    };
"""


@pytest.fixture
def parked(live_studio: LiveStudio) -> LiveStudio:
    """Eight takes that wait and do not change."""
    park(live_studio, "First wait")
    park(live_studio, "Second wait")
    return live_studio


def is_poll(response: Response) -> bool:
    return "/poll/works/" in response.url


def works_card(page: Page, title: str) -> Locator:
    return page.locator("#works-cards > li", has_text=title)


def try_again(page: Page, studio: LiveStudio, title: str) -> Locator:
    """Plant a failed take and try it again on the page In the works. Gives its card."""
    plant_failed(studio, title)
    page.goto(f"{studio.base_url}/works/")
    card = works_card(page, title)
    expect(card).to_contain_text("The paper ran out.")
    card.get_by_role("button", name="Try again, free").click()
    return card


def test_a_cancelled_draft_says_that_it_cost_nothing_and_can_be_tried_again(
    owner_page: Page, live_studio: LiveStudio, samples: Samples
):
    create = CreatePage(owner_page, live_studio).begin()
    create.add(samples.lighthouse)
    owner_page.get_by_label("Length").fill("15")
    owner_page.locator("label", has_text="1080P").click()
    create.say("Image 1 is stopped halfway").send_draft()
    row = owner_page.locator("#works-rows .task-row", has_text="stopped halfway")
    expect(row).to_have_attribute("data-status", "running")

    row.get_by_role("button", name="Cancel").click()

    expect(row).to_have_attribute("data-status", "canceled")
    expect(row).to_contain_text("The brief is kept.")
    expect(row).to_contain_text("Free drafts cost nothing.")
    assert live_studio.task_statuses()[-1] == "canceled"

    row.get_by_role("button", name="Try again, free").click()
    expect(row).to_have_attribute("data-status", re.compile("queued|submitting|running"))
    row.get_by_role("button", name="Cancel").click()
    expect(row).to_have_attribute("data-status", "canceled")


@pytest.mark.parametrize("page_path", ["", "works/"])
def test_focus_stays_with_the_take_that_was_cancelled(owner_page: Page, parked: LiveStudio, page_path: str):
    owner_page.goto(f"{parked.base_url}/{page_path}")
    take = owner_page.locator("#works-rows > li, #works-cards > li", has_text="Second wait, take 2").first
    address = take.get_attribute("id")

    take.get_by_role("button", name="Cancel").press("Enter")

    expect(take).to_contain_text("Cancelled")
    expect(owner_page.locator(f"#{address}")).to_be_focused()


def test_an_answer_that_comes_late_does_not_hide_what_a_poll_has_shown(
    owner_page: Page, live_studio: LiveStudio, samples: Samples
):
    create = CreatePage(owner_page, live_studio).begin()
    create.add(samples.lighthouse)
    owner_page.get_by_label("Length").fill("15")
    create.say("Image 1 is stopped on a slow line").send_draft()
    row = owner_page.locator("#works-rows .task-row", has_text="on a slow line")
    expect(row).to_have_attribute("data-status", "running")
    held: list[tuple[Route, APIResponse]] = []
    owner_page.route("**/cancel/", lambda route: held.append((route, route.fetch())))

    row.get_by_role("button", name="Cancel").click()
    expect(row).to_have_attribute("data-status", "canceled")
    (route, answer), *_ = held
    with owner_page.expect_response(is_poll):
        route.fulfill(response=answer)

    expect(row).to_have_attribute("data-status", "canceled")
    expect(row).to_contain_text("Free drafts cost nothing.")


def test_a_take_tried_again_becomes_a_player_in_its_place(owner_page: Page, live_studio: LiveStudio):
    card = try_again(owner_page, live_studio, "Second chance")
    owner_page.evaluate("window.sameDocument = true")
    video = card.locator("video")
    expect(video).to_be_visible(timeout=MADE_WITHIN)
    expect(video).to_have_attribute("poster", re.compile("/poster$"))

    card.locator("hover-scrub").hover(position={"x": 20, "y": 40})
    frame = card.locator(".clip-tile__frame")
    expect(frame).to_be_visible()
    before = frame.evaluate("frame => frame.style.backgroundPosition")
    card.locator("hover-scrub").hover(position={"x": 150, "y": 40})
    assert frame.evaluate("frame => frame.style.backgroundPosition") != before
    sheet = frame.evaluate("frame => frame.style.backgroundImage.slice(5, -2)")
    assert owner_page.request.get(live_studio.base_url + sheet).ok

    assert_it_plays(owner_page, video)
    expect(frame).to_have_count(0)
    card.get_by_role("button", name="Turn the sound on").click()
    assert video.evaluate("film => film.muted") is False
    card.get_by_role("button", name="Turn the sound off").click()
    assert video.evaluate("film => film.muted") is True
    assert owner_page.evaluate("window.sameDocument") is True


def test_a_take_goes_to_the_bin_and_comes_back(owner_page: Page, live_studio: LiveStudio):
    plant_failed(live_studio, "Thrown away")
    owner_page.goto(f"{live_studio.base_url}/works/")

    works_card(owner_page, "Thrown away").get_by_role("button", name=re.compile("in the bin$")).click()
    toast = owner_page.locator(".toast", has_text="Moved 1 clip to the bin")
    expect(toast).to_be_visible()
    expect(works_card(owner_page, "Thrown away")).to_have_count(0)
    toast.get_by_role("button", name="Undo").click()

    expect(works_card(owner_page, "Thrown away")).to_be_visible()


def test_a_playing_clip_is_never_replaced_by_a_newer_one(owner_page: Page, filled_studio: LiveStudio):
    plant_failed(filled_studio, "The newer clip")
    owner_page.goto(f"{filled_studio.base_url}/")
    video = owner_page.locator("#stage-latest video")
    player = owner_page.locator("#stage-latest simple-player:defined")
    if player.get_attribute("data-paused") is None:
        video.click()
    video.click()
    video.evaluate("film => { film.loop = true; film.marked = true; }")

    row = owner_page.locator("#works-rows .task-row", has_text="The newer clip")
    row.get_by_role("button", name="Try again, free").click()
    offer = owner_page.get_by_text("A new clip is ready.")
    expect(offer).to_be_visible(timeout=MADE_WITHIN)

    assert video.evaluate("film => film.marked && !film.paused && film.isConnected")
    owner_page.get_by_role("button", name="Show it").click()
    expect(owner_page.locator("#stage-latest")).to_contain_text("The newer clip")
    assert not owner_page.locator("#stage-latest video").evaluate("film => film.marked")


def test_a_person_who_looks_away_is_told_in_the_title_and_by_a_notification(
    open_page: OpenPage, live_studio: LiveStudio
):
    page = open_page(permissions=["notifications"])
    page.clock.install()
    page.add_init_script(KEEP_NOTIFICATIONS)
    try_again(page, live_studio, "Told from afar")
    page.evaluate(HIDE, True)
    expect(page.locator("notify-offer")).to_be_hidden()  # it was allowed before
    assert wait_until(lambda: live_studio.task_statuses()[-1] == "succeeded", seconds=90)

    page.clock.run_for(15_000)  # as often as a hidden tab asks

    expect(page).to_have_title("✓ Told from afar, take 1 is ready")
    assert page.evaluate("window.told") == ["Told from afar, take 1 is ready"]
    page.evaluate(HIDE, False)
    expect(page).to_have_title("In the works · R2V Studio")


def test_a_notification_is_offered_where_it_can_be_asked_for(open_page: OpenPage, live_studio: LiveStudio):
    page = open_page()
    cdp = page.context.new_cdp_session(page)
    cdp.send(
        "Browser.setPermission",
        {"permission": {"name": "notifications"}, "setting": "prompt", "origin": live_studio.base_url},
    )
    page.goto(f"{live_studio.base_url}/works/")
    offer = page.get_by_role("button", name="Tell me when it is ready")
    expect(offer).to_be_visible()

    page.context.grant_permissions(["notifications"], origin=live_studio.base_url)
    offer.click()

    expect(offer).to_be_hidden()
    assert page.evaluate("Notification.permission") == "granted"


def test_one_line_says_that_the_network_is_gone(owner_page: Page, live_studio: LiveStudio):
    create = CreatePage(owner_page, live_studio).begin()
    line = owner_page.get_by_text("You’re offline.")
    expect(line).to_be_hidden()
    expect(
        owner_page.locator("upload-area:defined")
    ).to_be_attached()  # its script comes when the page is idle

    owner_page.context.set_offline(True)
    expect(line).to_be_visible()
    create.say("Written on a train")
    expect(owner_page.locator("#brief-saved")).to_contain_text("Kept in this browser.")
    owner_page.context.set_offline(False)

    expect(line).to_be_hidden()
    expect(create.prompt).to_have_value("Written on a train")
    expect(owner_page.locator("#brief-saved")).to_have_text("Saved")


def test_the_end_of_the_session_is_said_once_and_typing_goes_on_after_signing_in_elsewhere(
    open_page: OpenPage, parked: LiveStudio
):
    page = open_page(is_signed_in=False)
    sign_in(page, parked)
    create = CreatePage(page, parked).begin()
    page.context.clear_cookies(name=re.compile("session"))
    create.prompt.press_sequentially("Still here")
    cancel_all(parked)

    said = page.locator("#poll").get_by_text("You were signed out.")
    expect(said).to_be_visible()
    expect(create.prompt).to_have_value("Still here")

    with page.context.expect_page() as opened:
        page.locator("#poll").get_by_role("link", name="Sign in again").click()
    sign_in(opened.value, parked)
    opened.value.close()
    page.evaluate(HIDE, False)
    expect(said).to_be_hidden()
    create.prompt.press_sequentially(" and safe")
    expect(page.locator("#brief-saved")).to_have_text("Saved")
    page.reload()
    expect(create.prompt).to_have_value("Still here and safe")


def is_asking(request: Request) -> bool:
    """Whether the page's scripts ask for it: pictures of the page itself may still be on their way."""
    return request.resource_type in {"fetch", "xhr"}


def test_a_hidden_tab_asks_nothing_and_looks_at_once_when_it_is_seen_again(
    owner_page: Page, parked: LiveStudio
):
    owner_page.clock.install()
    owner_page.goto(f"{parked.base_url}/works/")
    asked: list[str] = []
    owner_page.on("request", lambda request: asked.append(request.url) if is_asking(request) else None)

    owner_page.evaluate(HIDE, True)
    owner_page.clock.run_for(10 * 60_000)
    assert asked == []

    with owner_page.expect_response(is_poll):
        owner_page.evaluate(HIDE, False)
    assert len(asked) == 1


@pytest.mark.parametrize("path", ["/", "/works/", "/library/"])
def test_nothing_new_is_one_empty_answer_for_the_whole_page_and_touches_nothing(
    owner_page: Page, parked: LiveStudio, path: str
):
    owner_page.clock.install()
    owner_page.goto(parked.base_url + path)
    assert owner_page.locator("[data-status=queued]:is(.task-row, .task-card, .clip-tile)").count() >= 8
    polls: list[str] = []
    owner_page.on("request", lambda request: polls.append(request.url) if is_asking(request) else None)
    expect(owner_page.locator(":not(:defined):not(next-clip)")).to_have_count(0)
    owner_page.evaluate(COUNT_SWAPS)

    statuses = []
    for _ in range(3):
        with owner_page.expect_response(is_poll) as answered:
            owner_page.clock.run_for(2_000)
        statuses.append(answered.value.status)

    assert statuses == [204, 204, 204]
    assert len(polls) == 3
    assert owner_page.evaluate("window.swapped") == 0
