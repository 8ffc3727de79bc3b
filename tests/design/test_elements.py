"""The custom elements of every page, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
type Show = Callable[[str], Page]

MENU = """<menu-button><details class="menu"><summary>More</summary><div class="menu__panel">
<a class="menu__item" href="#a">Remix</a><a class="menu__item" href="#b">Download</a></div></details></menu-button>
<p>Elsewhere</p>"""
TILE = """<ol class="clip-rows"><li class="clip-tile" data-ratio="16:9">
<scrub-tile class="clip-tile__picture" data-sprite="/sprite.webp" data-seconds="6"><a href="#clip">open</a>
<label class="clip-tile__pick"><input type="checkbox" aria-label="Select"></label>
<span class="clip-tile__hint" hidden>Move across to scrub</span>
<span class="badge">0:06</span></scrub-tile></li></ol>"""
# These elements come in one script, and the one of the next clip is its last.
CLOCK = '<elapsed-clock data-seconds="0">0:00</elapsed-clock><next-clip></next-clip>'
SLIDER = """<range-fill class="slider__track"><input class="slider__input" type="range" min="2" max="10" value="5"
aria-label="Length"></range-fill>"""


def toast(page: Page, **detail: str) -> None:
    page.evaluate("detail => document.dispatchEvent(new CustomEvent('toast', {detail}))", detail)


def stop_the_clock(page: Page) -> None:
    """From here on time passes by `run_for` alone, however slow the machine is."""
    page.clock.install(time=0)
    page.clock.pause_at(1_000)


def test_a_menu_closes_on_esc_and_gives_the_focus_back(show: Show):
    page = show(MENU)

    page.get_by_text("More").click()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("Remix")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.get_by_text("Remix")).to_be_hidden()
    expect(page.locator("summary")).to_be_focused()


def test_a_menu_closes_on_a_press_outside(show: Show):
    page = show(MENU)

    page.get_by_text("More").click()
    page.get_by_text("Elsewhere").click()

    expect(page.get_by_text("Remix")).to_be_hidden()


def test_a_message_is_text_and_never_markup(show: Show):
    page = show("")

    toast(page, text="<img src=x onerror=alert(1)> is ready", kind="good")

    expect(page.locator(".toast > p")).to_have_text("<img src=x onerror=alert(1)> is ready")
    expect(page.locator(".toast img")).to_have_count(0)


def test_trouble_stays_until_it_is_closed(show: Show):
    page = show("")
    page.clock.install()

    toast(page, text="Moved to the bin.", kind="good")
    toast(page, text="The studio couldn’t do that.", kind="fail")
    page.clock.run_for(20_000)

    expect(page.locator(".toast")).to_have_count(1)
    page.get_by_role("button", name="Close this message").click()
    expect(page.locator(".toast")).to_have_count(0)


def test_a_clock_counts_on_between_two_polls(show: Show):
    page = show(CLOCK)
    stop_the_clock(page)
    page.evaluate(
        "document.querySelector('main').innerHTML = '<elapsed-clock data-seconds=\"52\">0:52</elapsed-clock>'"
    )

    page.clock.run_for(3_000)

    expect(page.locator("elapsed-clock")).to_have_text("0:55")


def test_a_countdown_says_zero_once(show: Show):
    page = show(CLOCK)
    stop_the_clock(page)
    page.evaluate(
        """() => {
          window.zeros = 0;
          document.addEventListener("clock-zero", () => (window.zeros += 1));
          document.querySelector("main").innerHTML = '<elapsed-clock data-left="2">0:02</elapsed-clock>';
        }"""
    )

    page.clock.run_for(10_000)

    expect(page.locator("elapsed-clock")).to_have_text("0:00")
    assert page.evaluate("window.zeros") == 1


def test_the_seconds_to_the_next_try_are_words_and_a_ring_that_empties(show: Show):
    page = show(CLOCK)
    stop_the_clock(page)
    page.evaluate(
        """() => (document.querySelector("main").innerHTML = `
          <p>We try again in <elapsed-clock data-left="24" data-spoken>24 seconds</elapsed-clock>.</p>
          <count-down data-left="24" data-of="48">
            <svg><circle/><circle stroke-dasharray="50 100"/></svg></count-down>`)"""
    )

    page.clock.run_for(12_000)

    expect(page.locator("p")).to_have_text("We try again in 12 seconds.")
    expect(page.locator("count-down circle:last-child")).to_have_attribute("stroke-dasharray", "25.0 100")


def test_moving_across_a_clip_shows_the_frame_and_the_time_there(show: Show):
    page = show(TILE)
    tile = page.locator("scrub-tile")
    box = tile.bounding_box()
    assert box

    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    expect(tile.locator(".badge")).to_have_text("0:03.0")
    assert (
        tile.locator(".clip-tile__frame").evaluate("frame => frame.style.backgroundPosition") == "0% 66.6667%"
    )
    page.mouse.move(0, 700)
    expect(tile.locator(".badge")).to_have_text("0:06")
    expect(tile.locator(".clip-tile__frame")).to_have_count(0)


def test_a_slider_is_painted_up_to_its_knob(show: Show):
    page = show(SLIDER)

    page.get_by_label("Length").fill("8")

    assert page.get_by_label("Length").evaluate("input => input.style.getPropertyValue('--fill')") == "0.7500"


def test_a_password_can_be_looked_at_and_is_hidden_again_when_sent(show: Show):
    page = show(
        '<form><password-field><input type="password" aria-label="Password">'
        '<button type="button" aria-label="Show the password" hidden>eye</button></password-field></form>'
    )
    field = page.get_by_label("Password", exact=True)

    page.get_by_role("button", name="Show the password").click()
    expect(field).to_have_attribute("type", "text")
    page.evaluate("document.querySelector('form').dispatchEvent(new Event('submit', {cancelable: true}))")

    expect(field).to_have_attribute("type", "password")


def test_the_player_has_our_controls_with_names(show: Show):
    page = show(render_to_string("studio/partials/player.html", {"src": "", "name": "Take 1", "seconds": 5}))

    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(page.get_by_role("button", name="Full screen")).to_be_visible()
    expect(page.get_by_role("slider", name="Position")).to_be_visible()
    assert page.locator("video").evaluate("video => video.controls") is False
    page.keyboard.press("Tab")
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Turn the sound on")).to_be_visible()


def test_a_player_keeps_the_browsers_controls_without_scripts(show: Show):
    markup = render_to_string("studio/partials/player.html", {"src": "/x.mp4", "name": "Take 1"})

    assert " controls playsinline" in markup
    assert '<div class="player__bar" hidden>' in markup


def test_a_ready_clip_is_said_in_the_title_of_a_hidden_tab(show: Show):
    page = show("")
    hide = "isHidden => Object.defineProperty(document, 'hidden', {value: isHidden, configurable: true})"
    ready = "document.dispatchEvent(new CustomEvent('clip-ready', {detail: {title: 'Take 5', url: '/'}}))"

    page.evaluate(hide, True)
    page.evaluate(ready)
    page.evaluate(ready)
    assert page.title() == "✓ 2 clips are ready"
    page.evaluate(hide, False)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    assert page.title() == "Create"


def test_several_clips_that_are_ready_at_once_are_counted_in_the_title_and_told_together(show: Show):
    page = show("")
    page.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", { value: true, configurable: true });
            window.told = [];
            window.Notification = class { constructor(words) { window.told.push(words); } };
            window.Notification.permission = "granted";
        }"""
    )
    detail = {"title": "Morning stretch, takes 2 and 3", "url": "/", "count": 2}

    page.evaluate("detail => document.dispatchEvent(new CustomEvent('clip-ready', {detail}))", detail)

    assert page.title() == "✓ 2 clips are ready"
    assert page.evaluate("window.told") == ["Morning stretch, takes 2 and 3 are ready"]


def test_two_messages_of_one_answer_are_both_shown(show: Show):
    page = show("")
    items = [{"text": "Take 2 is ready.", "kind": "good"}, {"text": "Take 3 didn’t work.", "kind": "info"}]

    page.evaluate("items => document.dispatchEvent(new CustomEvent('toast', {detail: {items}}))", items)

    expect(page.locator(".toast > p")).to_have_text(["Take 2 is ready.", "Take 3 didn’t work."])


def test_the_offline_line_shows_while_there_is_no_connection(show: Show):
    page = show('<offline-line class="bar-line" hidden>You’re offline.</offline-line>')

    page.evaluate("dispatchEvent(new Event('offline'))")
    expect(page.get_by_text("You’re offline.")).to_be_visible()
    page.evaluate("dispatchEvent(new Event('online'))")

    expect(page.get_by_text("You’re offline.")).to_be_hidden()


def test_nothing_turns_for_people_who_asked_for_less_motion(show: Show, page: Page):
    page.emulate_media(reduced_motion="reduce")
    show('<span class="ring"></span>')

    assert page.locator(".ring").evaluate("ring => getComputedStyle(ring).animationName") == "none"
