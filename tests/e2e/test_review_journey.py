"""From the first take to approved: a maker, a producer, a reviewer and a client on a phone, told nothing.

Everybody acts only through what they see. Each step is a function, named after who does what.
"""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import compared, films
from tests.e2e.compared import Planted
from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.pages import CreatePage
from tests.e2e.studio_process import LiveStudio

pytestmark = pytest.mark.browser
DESK = {"viewport": {"width": 1440, "height": 900}}
PASSWORD = "warm lantern over quiet water"
TITLE = "Harbour at dusk"
FPS = 24
WITHIN_A_POLL = 8_000
PAGE_OF_THE_TAKE = re.compile(r"/review/[0-9a-f-]{36}/")


def test_three_people_and_a_guest_take_a_shot_from_first_take_to_approved(
    owner_page: Page, open_page: OpenPage, live_studio: LiveStudio, tmp_path: Path
):
    plant_two_takes(live_studio, tmp_path / "film.mp4")
    mika = join(open_page, invite(owner_page, live_studio, "mika@kestrel.example", "Maker"), "Mika Sato")
    priya = join(
        open_page, invite(owner_page, live_studio, "priya@kestrel.example", "Producer"), "Priya Nair"
    )
    ines = join(
        open_page, invite(owner_page, live_studio, "ines@puffling.example", "Reviewer"), "Ines Duarte"
    )

    pick_the_second_by_keys(mika)
    review_from_the_inbox(priya, live_studio)
    review_from_the_inbox(ines, live_studio)
    note_on_frame(priya, 24, "The lamp flickers here")
    expect(note(ines, "The lamp flickers here")).to_be_visible(timeout=WITHIN_A_POLL)
    draw_a_note_on_frame(ines, 31, "Keep this round")
    go_to_note(priya, "Keep this round")
    expect(priya.get_by_role("img", name=re.compile("1 circle"))).to_be_visible()
    expect(readout(priya)).to_contain_text("frame 31 of")
    ask_for_changes(priya, "A calmer lamp, please.")

    make_a_new_version(mika, live_studio)
    expect(mika.locator("#review-status")).to_have_text(re.compile("Free draft"))  # undecided anew
    compare_with_the_version_before(mika)
    review_from_the_inbox(priya, live_studio)
    guest = watch_as_guest(open_page, share(priya))
    comment_and_approve_as_guest(guest)
    review_from_the_inbox(priya, live_studio)
    expect(note(priya, "The light is lovely now")).to_contain_text("Elin Holm")
    approve(priya)

    expect_approved_everywhere(live_studio, mika, priya, ines)


def invite(owner: Page, studio: LiveStudio, email: str, role: str) -> str:
    """The link, as the page shows it once."""
    owner.goto(f"{studio.base_url}/team/people/")
    owner.get_by_role("link", name="Invite").click()
    owner.get_by_label("E-mail").fill(email)
    owner.get_by_role("radio", name=role).check()
    owner.get_by_role("button", name="Make the link").click()
    return owner.get_by_role("region", name=email).get_by_role("code").inner_text()


def join(open_page: OpenPage, link: str, name: str) -> Page:
    page = open_page(is_signed_in=False, **DESK)
    page.goto(link)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Join the studio").click()
    expect(page.get_by_label("Account of")).to_be_visible()
    return page


def plant_two_takes(studio: LiveStudio, film: Path) -> None:
    """The only step that is not taken by hand: it is that of tests/e2e/test_whole_job.py."""
    films.numbered_film(film, rate=Fraction(FPS), frames=2 * FPS)
    compared.plant_versions(
        studio, TITLE, [Planted(prompt="@ glows over the harbour", films=[str(film)] * 2)]
    )


def pick_the_second_by_keys(maker: Page) -> None:
    maker.get_by_role("link", name=re.compile("Inbox")).click()
    maker.get_by_role("link", name=f"Pick one {TITLE}").click()
    expect(maker.get_by_role("heading", name="choose a take")).to_be_visible()
    maker.evaluate("() => customElements.whenDefined('compare-grid').then(() => true)")
    maker.keyboard.press("2")
    maker.keyboard.press("p")
    expect(maker.get_by_role("status").filter(has_text="Take 2 is the pick.")).to_be_visible()
    maker.get_by_role("link", name="Go on with take 2").click()
    expect(maker).to_have_url(PAGE_OF_THE_TAKE)


def review_from_the_inbox(page: Page, studio: LiveStudio) -> None:
    page.goto(f"{studio.base_url}/inbox/")
    page.get_by_role("link", name=re.compile(rf"^(Review|Look) {TITLE}$")).click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.get_by_role("button", name="Draw on the picture")).to_be_visible()


def step_to(page: Page, frame: int) -> None:
    """With the keys of the player, from the start: seconds, then frames."""
    page.get_by_role("slider", name="Frame").press("Home")
    for _ in range(frame // FPS):
        page.keyboard.press("Shift+ArrowRight")
    for _ in range(frame % FPS):
        page.keyboard.press("ArrowRight")
    expect(readout(page)).to_contain_text(f"frame {frame} of")


def note_on_frame(page: Page, frame: int, words: str) -> None:
    step_to(page, frame)
    page.keyboard.press("m")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(note(page, words)).to_be_visible()


def draw_a_note_on_frame(page: Page, frame: int, words: str) -> None:
    step_to(page, frame)
    page.keyboard.press("d")
    page.get_by_role("toolbar", name="Draw").get_by_role("button", name="Circle").click()
    picture = page.locator("video").bounding_box()
    assert picture
    page.mouse.move(picture["x"] + picture["width"] * 0.3, picture["y"] + picture["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(picture["x"] + picture["width"] * 0.5, picture["y"] + picture["height"] * 0.6, steps=5)
    page.mouse.up()
    page.get_by_label("Your note").fill(words)
    page.get_by_label("Your note").press("Enter")
    expect(note(page, words)).to_be_visible()


def go_to_note(page: Page, words: str) -> None:
    expect(note(page, words)).to_be_visible(timeout=WITHIN_A_POLL)
    note(page, words).get_by_role("link", name=re.compile("^To ")).click()


def ask_for_changes(page: Page, sentence: str) -> None:
    page.keyboard.press("r")
    page.get_by_label("What should change in v1?").fill(sentence)
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.locator("#review-status")).to_have_text("Needs changes")


def make_a_new_version(maker: Page, studio: LiveStudio) -> None:
    """Where the words about the first one are: what to do next is beside them."""
    expect(maker.get_by_text("“A calmer lamp, please.”", exact=True)).to_be_visible(timeout=WITHIN_A_POLL)
    maker.get_by_role("button", name="New version").click()
    create = CreatePage(maker, studio)
    expect(create.prompt).to_have_value("Image 1 glows over the harbour")
    maker.get_by_label("Length").fill("2")
    create.say("Image 1 glows calmly over the harbour").send_draft().watch()
    maker.get_by_role("link", name="Board").click()
    column(maker, "To review").get_by_role("link", name=TITLE).click()


def compare_with_the_version_before(page: Page) -> None:
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("insertion").filter(has_text="calmly")).to_be_visible()
    page.evaluate("() => customElements.whenDefined('compare-grid').then(() => true)")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def share(page: Page) -> str:
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_role("button", name="Copy")).to_be_visible()
    return page.get_by_role("region", name="The link").get_by_role("code").inner_text()


def watch_as_guest(open_page: OpenPage, link: str) -> Page:
    phone = open_page(is_signed_in=False, **PHONE)
    phone.goto(link)
    phone.get_by_role("button", name=re.compile("^Play")).first.tap()
    film = phone.locator("video").element_handle()
    phone.wait_for_function("film => film.currentTime > 0.2", arg=film)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    return phone


def comment_and_approve_as_guest(phone: Page) -> None:
    phone.get_by_label("Say something about this moment").tap()
    phone.keyboard.type("The light is lovely now")
    phone.get_by_role("button", name="Send", exact=True).locator("visible=true").tap()
    phone.get_by_label("What is your name?").fill("Elin Holm")
    phone.get_by_role("button", name="Send it").tap()
    expect(phone.get_by_role("paragraph").filter(has_text="The light is lovely now")).to_be_visible()
    phone.get_by_role("button", name="Looks good").tap()
    expect(phone.get_by_text("You approved this clip")).to_be_visible()


def approve(page: Page) -> None:
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Approve v2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You approved. Elin Holm (guest) approved. v2 is locked.")).to_be_visible()


def expect_approved_everywhere(studio: LiveStudio, maker: Page, producer: Page, reviewer: Page) -> None:
    producer.goto(f"{studio.base_url}/inbox/")
    expect(producer.get_by_role("link", name=re.compile(rf"^(Review|Look) {TITLE}$"))).to_have_count(0)
    for page in (maker, producer, reviewer):
        page.goto(f"{studio.base_url}/board/")
        expect(column(page, "Approved").get_by_role("link", name=TITLE)).to_be_visible()


def note(page: Page, words: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=words).first


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def readout(page: Page) -> Locator:
    return page.locator(".review-player__readout")
