"""The board, the dock and the inbox in a real browser: by mouse, by keys, by finger, and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import PHONE, OpenPage, sign_in
from tests.e2e.planting import plant_ready
from tests.e2e.studio_process import LiveStudio

pytestmark = pytest.mark.browser
PRODUCER, PASSWORD = "priya-board@studio.example", "warm lantern over quiet water"
PLANT = """
from studio.models import Project, User
from studio.models.person import Role
User.objects.create_user({email!r}, {password!r}, name="Priya Nair", role=Role.PRODUCER)
Project.objects.create(name={project!r}, is_open=True)
"""
PROJECT = "Boardwalk"
TITLES = ["Dragged", "By keys", "Judged", "Elsewhere", "By finger", "Without scripts"]

type Open = Callable[..., Page]


@pytest.fixture(scope="module")
def producer(live_studio: LiveStudio, film: Path, browser: Browser) -> dict[str, object]:
    """The cookies of a producer who works in a project of her own, with six clips to judge."""
    live_studio.python(PLANT.format(email=PRODUCER, password=PASSWORD, project=PROJECT))
    plant_ready(live_studio, film, *TITLES, project=PROJECT)
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, live_studio, PRODUCER, PASSWORD)
    page.locator(".bar__project").click()
    page.locator(".bar").get_by_role("button", name="Boardwalk").click()
    expect(page.locator(".bar__project")).to_contain_text("Boardwalk")
    state = dict(context.storage_state())
    context.close()
    return state


@pytest.fixture
def open_as_producer(open_page: OpenPage, producer: dict[str, object]) -> Open:
    def make(**options: object) -> Page:
        return open_page(is_signed_in=False, storage_state=producer, **options)

    return make


@pytest.fixture
def board(open_as_producer: Open, live_studio: LiveStudio) -> Page:
    page = open_as_producer(viewport={"width": 1440, "height": 900})
    page.goto(f"{live_studio.base_url}/board/")
    page.wait_for_function("() => Boolean(customElements.get('shot-board'))")
    return page


def column(page: Page, key: str) -> Locator:
    return page.locator(f"#column-{key}")


def card(page: Page, title: str) -> Locator:
    return page.locator(".shot-card[id]", has_text=title)


def test_a_dragged_card_asks_what_should_change_and_then_moves(board: Page):
    card(board, "Dragged").scroll_into_view_if_needed()
    start, end = card(board, "Dragged").bounding_box(), column(board, "needs_changes").bounding_box()
    assert start
    assert end

    board.mouse.move(start["x"] + 80, start["y"] + 60)
    board.mouse.down()
    board.mouse.move(start["x"] + 140, start["y"] + 80, steps=3)
    board.mouse.move(end["x"] + 100, start["y"] + 90, steps=5)
    expect(column(board, "needs_changes").get_by_text("Drop to ask for changes")).to_be_visible()
    board.mouse.up()
    dialog = board.get_by_role("dialog")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    board.keyboard.type("The rails bend.")
    dialog.get_by_role("button", name="Ask for changes").click()

    expect(dialog).to_be_hidden()
    expect(column(board, "needs_changes")).to_contain_text("Dragged")
    expect(column(board, "to_review")).not_to_contain_text("Dragged")


def test_a_card_let_go_with_esc_stays_and_opens_nothing(board: Page):
    start, end = card(board, "Elsewhere").bounding_box(), column(board, "approved").bounding_box()
    assert start
    assert end
    address = board.url

    board.mouse.move(start["x"] + 80, start["y"] + 60)
    board.mouse.down()
    board.mouse.move(end["x"] + 100, end["y"] + 60, steps=5)
    expect(board.locator(".shot-card--lifted")).to_be_visible()
    board.keyboard.press("Escape")
    board.mouse.up()

    expect(board.locator(".shot-card--lifted")).to_have_count(0)
    expect(board.get_by_role("dialog")).to_be_hidden()
    expect(board).to_have_url(address)


def test_a_question_that_gets_no_answer_shows_no_earlier_one(board: Page):
    ask = board.locator(".shot-card__menu a[data-to=needs_changes]")
    dialog = board.get_by_role("dialog")
    board.get_by_label("Move By keys").click()
    ask.locator("visible=true").click()
    expect(dialog).to_be_visible()
    board.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    board.context.clear_cookies()

    board.get_by_label("Move Elsewhere").click()
    ask.locator("visible=true").click()

    expect(board.locator(".toast")).to_contain_text("You were signed out.")
    expect(dialog).to_be_hidden()


def test_keys_alone_move_a_card(board: Page):
    board.get_by_label("Move By keys").focus()
    board.keyboard.press("Enter")
    for _ in range(2):
        board.keyboard.press("ArrowDown")
    expect(card(board, "By keys").get_by_role("link", name="Approved")).to_be_focused()
    board.keyboard.press("Enter")
    expect(board.get_by_role("dialog").get_by_role("button", name="Approve it")).to_be_focused()
    board.keyboard.press("Enter")

    expect(column(board, "approved")).to_contain_text("By keys")
    expect(card(board, "By keys")).to_contain_text("Priya")


def test_a_asks_and_approves_and_it_leaves_the_inbox(board: Page, live_studio: LiveStudio):
    board.keyboard.press("g")
    board.keyboard.press("i")
    expect(board).to_have_url(f"{live_studio.base_url}/inbox/")
    board.get_by_role("link", name="Review Judged").click()

    board.wait_for_function("() => Boolean(customElements.get('decision-dock'))")
    board.keyboard.press("r")
    expect(board.get_by_label("What should change in v1?")).to_be_focused()
    board.keyboard.press("Escape")
    board.keyboard.press("a")
    expect(board.get_by_role("button", name="Approve v1")).to_be_focused()
    board.keyboard.press("Enter")

    expect(board.locator("#decision-dock")).to_contain_text("You approved. v1 is locked.")
    expect(board.locator("#review-status")).to_have_text("Approved")
    board.goto(f"{live_studio.base_url}/inbox/")
    expect(board.get_by_role("link", name="Review Judged")).to_have_count(0)


def test_what_another_decides_moves_by_itself(board: Page, live_studio: LiveStudio):
    expect(column(board, "to_review")).to_contain_text("Elsewhere")

    live_studio.python(
        "from studio import reviews; from studio.models import *; "
        "reviews.decide(Version.objects.get(shot__title='Elsewhere'), user=User.objects.get(role='owner'), "
        "verdict='needs_changes', sentence='Slower.')"
    )

    expect(column(board, "needs_changes")).to_contain_text("Elsewhere", timeout=25_000)


def test_a_phone_shows_a_list_and_moves_by_finger(open_as_producer: Open, live_studio: LiveStudio):
    page = open_as_producer(**PHONE)
    page.goto(f"{live_studio.base_url}/board/")
    page.wait_for_function("() => Boolean(customElements.get('shot-board'))")

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_label("Move By finger").tap()
    card(page, "By finger").get_by_role("link", name="Approved").tap()
    page.get_by_role("dialog").get_by_role("button", name="Approve it").tap()

    expect(column(page, "approved")).to_contain_text("By finger")


def test_without_scripts_the_menu_leads_to_the_question(open_as_producer: Open, live_studio: LiveStudio):
    page = open_as_producer(java_script_enabled=False)
    page.goto(f"{live_studio.base_url}/board/")

    page.get_by_label("Move Without scripts").click()
    card(page, "Without scripts").get_by_role("link", name="Needs changes").click()
    page.get_by_label("In one sentence").fill("Warmer.")
    page.get_by_role("button", name="Ask for changes").click()

    expect(column(page, "needs_changes")).to_contain_text("Without scripts")
