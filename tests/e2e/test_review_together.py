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
NARROW = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PRIYA = ("priya@example.com", "four plain words here")
WITHIN_A_POLL = 8_000
INVITE = f"""
from studio.models import Role, User
User.objects.create_user({PRIYA[0]!r}, {PRIYA[1]!r}, name="Priya Nair", role=Role.PRODUCER)
"""

NOTE = """
from studio import notes
from studio.models import GenerationTask, User
task = GenerationTask.objects.get(task_id={take!r})
notes.write(task, author=User.objects.get(role="owner"), text="The ear twitches", first_frame=12)
"""
SHARE = """
from django.utils import timezone
from studio import sharing
from studio.models import GenerationTask, User
task = GenerationTask.objects.get(task_id={take!r})
owner = User.objects.get(role="owner")
terms = sharing.default_terms("For Elin", timezone.now())
print(sharing.make(by=owner, project=task.project, tasks=[task], terms=terms).token)
"""
PLAYER = "document.querySelector('review-player')"
FILM = "document.querySelector('video')"
FULL = "Boolean(document.fullscreenElement)"
# What each line of the list promises: the keys to press, and what is true of the page then.
KEYS = {
    "Play and pause": (["Space"], f"!{FILM}.paused"),
    "Slower and faster": (["k", "l", "j"], f"{FILM}.playbackRate < 1"),
    "One frame": (["k", "ArrowRight"], f"{PLAYER}.frame >= 1 && {FILM}.paused"),
    "One second": (["Shift+ArrowRight"], f"{PLAYER}.frame >= 25"),
    "Begin and end of a stretch": (["i", "ArrowRight", "o"], f"{PLAYER}.stretch.isSet"),
    "The whole clip again": (["x"], f"!{PLAYER}.stretch.isSet"),
    "Closer, farther, all of it": (["+"], "!document.querySelector('.review-player__zoom').hidden"),
    "Full screen": (["0", "f"], FULL),
    "Sound on and off": (["s"], f"{FILM}.muted && {FULL}"),
    "Draw on the picture": (["d"], "Boolean(document.querySelector('.draw-palette')?.checkVisibility())"),
    "Next and previous comment": (
        ["Escape", "n"],
        "Boolean(document.querySelector('.remark[data-selected]'))",
    ),
    "Comment here": (["m"], "document.activeElement.id === 'note-text' && !document.fullscreenElement"),
    "Approve": (["Escape", "a"], "Boolean(document.querySelector('[data-key=a]').open)"),
    "Needs changes": (["Escape", "r"], "document.activeElement.id === 'dock-sentence'"),
    "Versions": (["Escape", "v"], "Boolean(document.querySelector('#version-menu').open)"),
    "This list": (["Escape", "?"], "document.querySelector('.key-help').open"),
}
LEAVE = {
    "New clip": (["c"], "/create/"),
    "Library": (["g", "l"], "/library/"),
    "Board": (["g", "b"], "/board/"),
    "Inbox": (["g", "i"], "/inbox/"),
}


@pytest.fixture(scope="module")
def take(live_studio: LiveStudio, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The id of a take with a finished clip of eight seconds."""
    path = tmp_path_factory.mktemp("together") / "film.mp4"
    film = films.numbered_film(path, rate=films.RATES["25"], frames=200)
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


def test_the_letter_after_the_key_that_opens_a_question_lands_in_the_answer(
    live_studio: LiveStudio, owner_page: Page, take: str
):
    page = open_review(owner_page, live_studio, take)
    at_once = """() => {
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "r", bubbles: true }));
        return document.activeElement.id;
    }"""
    assert page.evaluate(at_once) == "dock-sentence"


def test_every_key_in_the_list_does_what_it_says(live_studio: LiveStudio, owner_page: Page, take: str):
    live_studio.python(NOTE.format(take=take))
    page = open_review(owner_page, live_studio, take)
    page.wait_for_function(f"() => {FILM}.readyState > 1")
    assert sorted(page.locator(".key-help dd").all_text_contents()) == sorted({*KEYS, *LEAVE})

    for keys, promise in KEYS.values():
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_function(f"() => {promise}", timeout=5_000)

    for keys, path in LEAVE.values():
        open_review(page, live_studio, take)
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_url(f"{live_studio.base_url}{path}**")


def test_a_comment_from_full_screen_is_written_where_it_is_seen(
    live_studio: LiveStudio, owner_page: Page, take: str
):
    page = open_review(owner_page, live_studio, take)
    page.keyboard.press("f")
    page.wait_for_function(f"() => {FULL}")

    page.keyboard.press("m")

    page.wait_for_function(f"() => !({FULL})")
    expect(page.get_by_label("Your note")).to_be_focused()


def test_compare_is_two_taps_away_on_a_phone(live_studio: LiveStudio, open_page: OpenPage, take: str):
    page = open_review(open_page(**NARROW), live_studio, take)

    page.get_by_label("More about").tap()
    page.get_by_role("link", name="Compare").locator("visible=true").tap()

    page.wait_for_url(f"{live_studio.base_url}/compare/?a={take}*")


def test_a_guest_changes_a_comment_and_then_takes_it_away(
    live_studio: LiveStudio, open_page: OpenPage, take: str
):
    token = live_studio.python(SHARE.format(take=take)).split()[-1]
    phone = open_page(is_signed_in=False, **NARROW)
    phone.goto(f"{live_studio.base_url}/s/{token}/")
    phone.get_by_label("Say something about this moment").fill("Softer ligth")
    phone.get_by_role("button", name="Send", exact=True).locator("visible=true").tap()
    phone.get_by_label("What is your name?").fill("Elin Holm")
    phone.get_by_role("button", name="Send it").tap()
    mine = phone.locator(".guest__note", has=phone.locator("guest-words"))

    mine.locator("summary").tap()
    mine.get_by_label("Your comment").fill("Softer light")
    mine.get_by_role("button", name="Change it").tap()
    expect(mine).to_contain_text("changed")
    expect(mine.get_by_label("Your comment")).to_be_hidden()
    expect(mine).to_contain_text("Softer light")

    mine.locator("summary").tap()
    mine.get_by_role("button", name="Delete it").tap()
    expect(mine).to_have_count(0)
