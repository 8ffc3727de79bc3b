"""The brief in a real browser: references, names in the prompt, autosave, one press."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.media_samples import Samples
from tests.e2e.pages import CreatePage
from tests.e2e.studio_process import LiveStudio

pytestmark = pytest.mark.browser


def saved(page: Page) -> None:
    expect(page.locator("#brief-saved")).to_have_text("Saved")


def test_names_are_offered_while_typing_and_taken_with_the_keyboard(create: CreatePage, samples: Samples):
    create.add(samples.lighthouse, samples.boat)
    create.prompt.press_sequentially("Im")
    expect(create.page.get_by_role("option")).to_have_count(2)

    create.prompt.press("ArrowDown")
    create.prompt.press("Enter")
    create.prompt.press_sequentially("drifts past @light")
    create.prompt.press("Enter")

    expect(create.prompt).to_have_value("Image 2 drifts past Image 1 ")
    expect(create.page.locator("mark[data-name=known]")).to_have_count(2)


def test_a_file_of_the_library_comes_by_its_name(create: CreatePage, samples: Samples):
    create.add(samples.boat)
    create.page.get_by_role("button", name="Remove Image 1").click()
    expect(create.tiles).to_have_count(0)

    create.prompt.press_sequentially("@boat")
    expect(create.page.get_by_role("option")).to_have_count(1)
    create.prompt.press("Enter")

    expect(create.prompt).to_have_value("Image 1 ")
    expect(create.tiles).to_have_count(1)


def test_the_legend_inserts_at_the_cursor_and_says_who_is_missing(create: CreatePage, samples: Samples):
    create.add(samples.lighthouse, samples.boat).say("The light of  turns")
    create.prompt.evaluate("box => box.setSelectionRange(13, 13)")

    create.page.locator(".legend-chip").first.click()

    expect(create.prompt).to_have_value("The light of Image 1 turns")
    expect(create.page.locator(".legend-chip").nth(1)).to_contain_text("not mentioned")
    expect(create.page.locator(".legend-chip").first).not_to_contain_text(
        "not mentioned", use_inner_text=True
    )


def test_a_removed_mention_blocks_and_one_press_puts_it_right(create: CreatePage, samples: Samples):
    create.add(samples.lighthouse, samples.boat).say("Image 1 shines on Image 2")
    create.page.get_by_role("button", name="Remove Image 2").click()
    expect(create.prompt).to_have_value("Image 1 shines on Image ?")
    expect(create.page.locator("#prompt-notes")).to_contain_text(
        "A picture that the prompt mentions was removed."
    )

    create.send_draft()
    summary = create.page.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("One thing to fix before this can be sent")

    create.page.get_by_role("button", name="take the words out").click()
    expect(create.prompt).to_have_value("Image 1 shines on")
    expect(create.page.locator("#prompt-notes [data-unknown]")).to_have_count(0)


def test_a_mention_comes_back_with_its_reference(create: CreatePage, samples: Samples):
    create.add(samples.lighthouse, samples.boat).say("Image 2 passes Image 1")
    create.page.get_by_role("button", name="Remove Image 1").click()
    expect(create.prompt).to_have_value("Image 1 passes Image ?")

    create.page.get_by_role("button", name="Undo").click()

    expect(create.prompt).to_have_value("Image 2 passes Image 1")


def test_what_is_typed_survives_a_reload_at_once(create: CreatePage, live_studio: LiveStudio):
    create.say("Written a moment ago")

    create.page.reload()

    expect(create.prompt).to_have_value("Written a moment ago")


def test_what_is_typed_survives_the_end_of_the_session(
    open_page: OpenPage, live_studio: LiveStudio, signed_in: dict[str, object]
):
    page = open_page()
    create = CreatePage(page, live_studio).begin()
    create.say("Before the end")
    saved(page)
    cookies = page.context.cookies()
    page.context.clear_cookies(name=re.compile("session"))

    create.say("After the end")
    expect(page.locator("#brief-saved")).to_contain_text("Kept in this browser")

    page.context.add_cookies([cookie for cookie in cookies if "session" in cookie["name"]])  # type: ignore[list-item]
    page.reload()
    expect(create.prompt).to_have_value("After the end")
    saved(page)


def test_two_tabs_never_lose_each_others_words(open_page: OpenPage, create: CreatePage):
    create.say("The first words")
    saved(create.page)
    create.page.goto(create.page.url)
    address = create.page.locator("#brief").get_attribute("data-save").removesuffix("save/")
    other = CreatePage(create.page.context.new_page(), create.studio)
    other.page.goto(f"{create.studio.base_url}{address}")

    create.say("Words of this tab")
    saved(create.page)
    other.say("Words of that tab")
    saved(other.page)
    other.page.reload()

    expect(other.prompt).to_have_value("Words of that tab")
    expect(other.page.locator("#prompt-notes")).to_contain_text("Words of this tab")
    other.page.get_by_role("button", name="Use those instead").click()
    expect(other.prompt).to_have_value("Words of this tab")


def test_twelve_seconds_with_a_clip_are_put_right_by_one_press(create: CreatePage, samples: Samples):
    length = create.page.get_by_label("Length")
    length.fill("12")
    create.add(samples.clip)
    expect(create.page.locator("#duration-why")).to_contain_text("Up to 10 s while Video 1 is used.")

    create.page.get_by_role("button", name="Set to 10").click()

    expect(length).to_have_value("10")
    expect(length).to_have_attribute("max", "10")
    expect(create.page.locator(".slider__beyond")).to_have_count(1)


def test_the_price_follows_a_choice(create: CreatePage):
    create.page.get_by_role("button", name="One take more").click()

    expect(create.page.locator("#price")).to_contain_text("2 takes", timeout=1_000)


def test_a_way_that_is_not_connected_cannot_be_chosen(create: CreatePage):
    create.page.locator("#with-apiframe").click(force=True)

    expect(create.page.locator("#with-local")).to_be_checked()
    expect(create.page.locator("#send")).to_have_attribute("aria-disabled", "true")


def test_ctrl_enter_sends_the_free_draft(create: CreatePage, samples: Samples):
    create.add(samples.lighthouse).say("Image 1 by the keyboard alone")

    create.prompt.press("Control+Enter")

    expect(create.page.locator("#works-rows")).to_contain_text("by the keyboard alone, take 1")


def test_a_press_on_a_phone_is_answered_in_sight(
    open_page: OpenPage, live_studio: LiveStudio, samples: Samples
):
    create = CreatePage(open_page(**PHONE), live_studio).begin()
    create.add(samples.lighthouse).say("Image 1 far above the settings")
    create.page.locator("#settings-part").scroll_into_view_if_needed()

    create.send_draft()

    expect(create.page.locator(".toast")).to_contain_text("is in the works.")
    expect(create.page.locator(".toast")).to_be_in_viewport()
    expect(create.page.locator("#mini-bar")).to_contain_text("far above the settings, take 1")


def test_a_hundred_presses_of_one_form_at_once_are_one_set_of_tasks(
    create: CreatePage, live_studio: LiveStudio, samples: Samples
):
    create.add(samples.lighthouse).say("Image 1 pressed a hundred times")
    saved(create.page)
    create.page.reload()
    form = create.page.locator("#brief").evaluate(
        "form => [...new FormData(form)].filter(([, v]) => typeof v === 'string')"
    )
    address = create.page.locator("#brief").get_attribute("data-send")
    cookies = {cookie["name"]: cookie["value"] for cookie in create.page.context.cookies()}
    before = len(live_studio.task_statuses())

    posted = dict(form) | {"with": "draft"}
    with (
        httpx.Client(base_url=live_studio.base_url, cookies=cookies, timeout=60) as client,
        ThreadPoolExecutor(max_workers=20) as pool,
    ):
        answers = list(pool.map(lambda _: client.post(address, data=posted), range(100)))

    assert {answer.status_code for answer in answers} == {302}
    made = live_studio.rows(
        "SELECT submission_id, version_id, number, created_at FROM studio_generationtask ORDER BY id"
    )[before:]
    assert len(made) == 1, (posted, made)


def test_everything_works_without_scripts(open_page: OpenPage, live_studio: LiveStudio, samples: Samples):
    page = open_page(java_script_enabled=False)
    page.goto(f"{live_studio.base_url}/")
    if page.get_by_role("button", name="New clip").count():
        page.get_by_role("button", name="New clip").click()
    page.locator("#prompt").fill("Image 1 meets Image 2 plainly")
    page.locator("#file-tray").set_input_files([str(samples.lighthouse), str(samples.boat)])
    page.get_by_role("button", name="Add the chosen files").click()
    expect(page.locator("#references .reference-tile")).to_have_count(2)

    page.locator("summary[aria-label='More for Image 1']").click()
    page.get_by_role("button", name="Move later").click()
    expect(page.locator("#prompt")).to_have_value("Image 2 meets Image 1 plainly")

    page.get_by_role("button", name="Free draft").click()
    expect(page.locator("#works-rows")).to_contain_text("plainly, take 1")


@pytest.mark.parametrize("width", [360, 390, 768, 1024, 1440])
def test_nothing_is_wider_than_the_screen(
    open_page: OpenPage, live_studio: LiveStudio, samples: Samples, width: int
):
    page = open_page(**(PHONE | {"viewport": {"width": width, "height": 800}}))
    create = CreatePage(page, live_studio).begin()
    create.add(samples.lighthouse, samples.clip).say("Image 1 " + "and a long sentence " * 12)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_template_is_taken_and_the_own_words_come_back(
    owner_page: Page, live_studio: LiveStudio, samples: Samples
):
    create = CreatePage(owner_page, live_studio).begin().add(samples.lighthouse).say("Image 1 waits for rain")
    dialog = owner_page.get_by_role("dialog", name="Choose")

    owner_page.get_by_role("link", name="Templates and earlier prompts").click()
    dialog.get_by_label("Name of the template").fill("Waiting for rain")
    dialog.get_by_role("button", name="Keep my prompt as a template").click()
    expect(dialog).to_be_hidden()
    kept = owner_page.locator(".toast", has_text="Kept as the template “Waiting for rain”.")
    expect(kept).to_be_visible()
    owner_page.get_by_role("link", name="Templates and earlier prompts").click()
    expect(dialog.get_by_role("button", name="Waiting for rain Image 1 waits for rain")).to_be_visible()
    dialog.get_by_role("button", name="Turn around a thing").click()

    expect(create.prompt).to_have_value(re.compile("^The camera turns slowly once around Image 1"))
    expect(dialog).to_be_hidden()
    owner_page.get_by_role("button", name="Use those instead").click()
    expect(create.prompt).to_have_value("Image 1 waits for rain")
    create.prompt.press_sequentially(" again")
    expect(owner_page.locator("#brief-saved")).to_contain_text("Saved")
    owner_page.reload()
    expect(create.prompt).to_have_value("Image 1 waits for rain again")
