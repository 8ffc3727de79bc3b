"""Notes and drawings on the review page, as people make and meet them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.studio_process import LiveStudio

pytestmark = pytest.mark.browser
WIDE = {"viewport": {"width": 1440, "height": 900}}
WITHIN_A_POLL = 6_000
VIDEO = "document.querySelector('review-player video')"
FRAME = "document.querySelector('review-player').frame"


def open_review(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_function(f"() => {VIDEO}.readyState >= 2")
    page.evaluate("() => customElements.whenDefined('note-composer').then(() => true)")
    return page


@pytest.fixture
def address(live_studio: LiveStudio, clip_id: str) -> str:
    """The review page of a clip that nobody has said anything about."""
    return f"{live_studio.base_url}/review/{clip_id}/"


def at_frame(page: Page, frame: int) -> None:
    page.evaluate(f"document.querySelector('review-player').seek({frame})")
    page.wait_for_function(f"() => {FRAME} === {frame}")


def composer(page: Page) -> Locator:
    return page.get_by_label("Your note")


def the_note(page: Page, text: str) -> Locator:
    return page.locator(".remark", has_text=text)


def draw_on(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """One stroke with the mouse, in parts of the picture."""
    box = page.locator("drawing-layer").bounding_box()
    assert box
    page.mouse.move(box["x"] + start[0] * box["width"], box["y"] + start[1] * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + end[0] * box["width"], box["y"] + end[1] * box["height"], steps=6)
    page.mouse.up()


def test_a_note_is_on_the_exact_frame_with_two_actions_and_opens_there_again(
    address: str, open_page: OpenPage
):
    page = open_review(open_page(**WIDE), address)
    page.keyboard.press("k")
    page.wait_for_function(f"() => {FRAME} > 20")

    page.keyboard.press("m")
    page.keyboard.type("The ear twitches")
    frame = page.evaluate(FRAME)
    page.keyboard.press("Enter")

    note = the_note(page, "The ear twitches")
    expect(note).to_have_attribute("data-first", str(frame))
    expect(composer(page)).to_have_value("")
    page.wait_for_url("**?note=*")
    again = open_review(open_page(**WIDE), page.url)
    again.wait_for_function(f"() => {FRAME} === {frame}")
    expect(the_note(again, "The ear twitches")).to_have_attribute("data-selected", "")


def test_the_first_letter_stops_the_film_and_pins_what_is_on_screen(address: str, open_page: OpenPage):
    page = open_review(open_page(**WIDE), address)
    at_frame(page, 31)
    composer(page).focus()
    page.evaluate("document.querySelector('review-player').play()")
    page.wait_for_function(f"() => {FRAME} > 33")

    page.keyboard.type("x")

    assert page.evaluate(f"{VIDEO}.paused")
    pinned = page.evaluate(FRAME)
    chip = page.locator("[data-act=pin]").inner_text()
    at_frame(page, 80)
    expect(page.locator("[data-act=pin]")).to_have_text(chip)
    assert pinned not in {31, 80}


def test_a_drawing_takes_one_more_action_and_is_seen_at_its_frame_only(address: str, open_page: OpenPage):
    page = open_review(open_page(**WIDE), address)
    at_frame(page, 40)

    page.keyboard.press("d")
    page.get_by_role("button", name="Circle").click()
    draw_on(page, (0.3, 0.2), (0.5, 0.6))
    composer(page).fill("Keep this round")
    composer(page).press("Enter")

    note = the_note(page, "Keep this round")
    expect(note).to_have_attribute("data-first", "40")
    expect(page.locator("drawing-layer svg")).to_have_attribute("aria-label", re.compile("1 circle"))
    expect(page.get_by_role("toolbar", name="Draw")).to_be_hidden()
    at_frame(page, 42)
    expect(page.locator("drawing-layer path")).to_have_count(2)
    at_frame(page, 43)
    expect(page.locator("drawing-layer path")).to_have_count(0)
    again = open_review(open_page(**WIDE), page.url)
    expect(again.locator("drawing-layer path")).to_have_count(2)


def test_a_finger_draws_where_it_goes(address: str, open_page: OpenPage):
    page = open_review(open_page(**PHONE), address)
    page.get_by_role("button", name="Draw on the picture").tap()
    box = page.locator("drawing-layer").bounding_box()
    assert box
    spots = [
        {"x": box["x"] + part * box["width"], "y": box["y"] + part * box["height"]}
        for part in (0.2, 0.3, 0.4, 0.5, 0.6)
    ]
    touch = page.context.new_cdp_session(page)

    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": spots[:1]})
    for spot in spots[1:]:
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [spot]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    page.wait_for_function("() => document.querySelector('drawing-layer').strokes.length === 1")
    points = page.evaluate("document.querySelector('drawing-layer').strokes[0].points")
    assert points[0] == pytest.approx([0.2, 0.2], abs=0.02)
    assert points[-1] == pytest.approx([0.6, 0.6], abs=0.02)
    page.get_by_role("button", name="Take the last stroke back").click()
    expect(page.locator("drawing-layer path")).to_have_count(0)
    page.get_by_role("toolbar", name="Draw").get_by_role("button", name="Done").click()
    expect(page.get_by_role("toolbar", name="Draw")).to_be_hidden()


def test_two_people_see_each_others_notes_and_typing_is_not_disturbed(address: str, open_page: OpenPage):
    writing = open_review(open_page(**WIDE), address)
    at_frame(writing, 12)
    composer(writing).press_sequentially("Half a sent")
    writing.evaluate("document.querySelector('textarea').setSelectionRange(2, 5)")
    other = open_review(open_page(**WIDE), address)
    other.keyboard.press("m")
    other.keyboard.type("From the other side")
    other.keyboard.press("Enter")

    expect(the_note(writing, "From the other side")).to_be_visible(timeout=WITHIN_A_POLL)
    expect(writing.locator("#note-markers").get_by_role("button")).not_to_have_count(0)

    state = "[document.activeElement.value, document.activeElement.selectionStart, document.activeElement.selectionEnd]"
    assert writing.evaluate(state) == ["Half a sent", 2, 5]
    assert writing.evaluate(FRAME) == 12


def test_an_answer_that_is_being_written_outlives_what_others_do(address: str, open_page: OpenPage):
    page = open_review(open_page(**WIDE), address)
    page.keyboard.press("m")
    page.keyboard.type("Talk about this")
    page.keyboard.press("Enter")
    note = the_note(page, "Talk about this")
    note.get_by_role("link", name="Reply").click()
    note.get_by_label("Your answer").press_sequentially("I thi")
    other = open_review(open_page(**WIDE), page.url)
    the_note(other, "Talk about this").get_by_role("button", name="Mark as done").click()

    expect(note.get_by_text("Done", exact=True)).to_be_visible(timeout=WITHIN_A_POLL)
    page.keyboard.type("nk so")
    page.keyboard.press("Enter")

    expect(note.locator(".remark__answer")).to_contain_text("I think so")


def test_a_note_is_changed_deleted_and_brought_back_in_its_place(address: str, open_page: OpenPage):
    page = open_review(open_page(**WIDE), address)
    page.keyboard.press("m")
    page.keyboard.type("To soft")
    page.keyboard.press("Enter")

    the_note(page, "To soft").get_by_role("link", name="Edit").click()
    page.get_by_label("Your words").fill("Too soft")
    page.keyboard.press("Enter")
    expect(the_note(page, "Too soft")).to_be_visible()
    the_note(page, "Too soft").get_by_role("link", name="Edit").click()
    page.locator(".remark-form").get_by_role("button", name="Delete").click()
    expect(the_note(page, "Too soft")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()

    expect(the_note(page, "Too soft")).to_be_visible()


def test_n_and_p_walk_along_the_clip(address: str, open_page: OpenPage):
    page = open_review(open_page(**WIDE), address)
    for frame, text in ((100, "Walk two"), (90, "Walk one")):
        at_frame(page, frame)
        page.keyboard.press("m")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        expect(the_note(page, text)).to_have_attribute("data-selected", "")
        composer(page).blur()

    page.keyboard.press("n")
    page.wait_for_function(f"() => {FRAME} === 100")
    page.keyboard.press("p")

    page.wait_for_function(f"() => {FRAME} === 90")
    expect(the_note(page, "Walk one")).to_have_attribute("data-selected", "")


def test_a_refused_note_says_why_and_keeps_its_words(address: str, open_page: OpenPage):
    page = open_review(open_page(**WIDE), address)
    composer(page).fill("Words")
    page.evaluate("document.querySelector('#note-composer [name=note_id]').value = 'nonsense'")

    composer(page).press("Enter")

    expect(page.locator("#note-composer").get_by_role("alert")).to_contain_text("could not be kept")
    expect(composer(page)).to_have_value("Words")


def test_without_scripts_a_note_with_a_typed_time_is_written(address: str, open_page: OpenPage):
    page = open_page(java_script_enabled=False, **WIDE)
    page.goto(address)

    page.get_by_label("At what time").fill("0:01.03")
    page.get_by_label("Your note").fill("Typed by hand")
    page.get_by_role("button", name="Send").click()

    expect(the_note(page, "Typed by hand").locator(".remark__time")).to_have_text("0:01.03")
