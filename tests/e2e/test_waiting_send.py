"""A press of send while files are still on their way: it waits for them, and never sends too early or twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.media_samples import Samples
from tests.e2e.pages import CreatePage
from tests.waiting import wait_until

pytestmark = pytest.mark.browser


class HeldLine:
    """Every part of a file stops here until it is let through."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._held: list[Route] = []
        self._is_open = False
        page.route("**/uploads/*/", self._hold)

    def let_through(self) -> None:
        self._is_open = True
        while self._held:
            self._held.pop().continue_()

    def refuse(self) -> None:
        while self._held:
            self._held.pop().fulfill(status=507, json={"summary": "The studio’s disk is full."})

    def has(self, count: int) -> bool:
        self._page.wait_for_function("() => true")  # lets the browser's events in
        return len(self._held) >= count

    def _hold(self, route: Route) -> None:
        if route.request.method == "PATCH" and not self._is_open:
            self._held.append(route)
        else:
            route.continue_()


@pytest.fixture
def sends(owner_page: Page) -> list[str]:
    """The addresses of every send."""
    seen: list[str] = []
    owner_page.on("request", lambda asked: seen.append(asked.url) if asked.url.endswith("/send/") else None)
    return seen


@pytest.fixture
def line(create: CreatePage) -> Iterator[HeldLine]:
    line = HeldLine(create.page)
    yield line
    line.let_through()


def begin_upload(create: CreatePage, line: HeldLine, *files: Path) -> None:
    create.page.get_by_label("Add reference files").set_input_files([str(file) for file in files])
    assert wait_until(lambda: line.has(len(files)), seconds=15), "nothing is on its way"


def shown(create: CreatePage, words: str) -> Locator:
    """What was sent, where it is made or where it plays."""
    return create.page.locator("#works-rows, #stage-latest").filter(has_text=words).first


def press_draft(create: CreatePage) -> None:
    create.page.locator("#send-draft").click()
    expect(create.page.locator("#send-draft")).to_have_accessible_name("Waiting")


def test_the_press_waits_for_every_file_and_sends_once(
    create: CreatePage, line: HeldLine, sends: list[str], samples: Samples
):
    create.say("Image 1 comes slowly beside Image 2")
    begin_upload(create, line, samples.lighthouse, samples.boat)

    press_draft(create)
    held = create.page.locator("#send-held")
    expect(held).to_have_text(
        "Sends by itself as soon as lighthouse.png and boat.jpg are here and checked."
        " Press again or Esc to take it back."
    )
    create.page.get_by_label("Keep out").fill("people")
    expect(create.page.locator("#brief-saved")).to_have_text("Saved")
    expect(create.page.locator("#send-draft")).to_have_accessible_name("Waiting")
    assert sends == []

    line.let_through()
    expect(shown(create, "comes slowly beside")).to_be_visible()
    assert len(sends) == 1
    expect(held).to_be_hidden()
    expect(create.page.locator("#send-draft")).to_have_accessible_name("Free draft (animatic)")
    sent = create.studio.rows(
        "SELECT count(*) FROM studio_reference WHERE version_id ="
        " (SELECT version_id FROM studio_generationtask ORDER BY id DESC LIMIT 1)"
    )
    assert sent == [(2,)]


@pytest.mark.parametrize("how", ["press", "escape"])
def test_the_press_can_be_taken_back(
    create: CreatePage, line: HeldLine, sends: list[str], samples: Samples, how: str
):
    create.say("Image 1 is not sent after all")
    begin_upload(create, line, samples.boat)
    press_draft(create)

    if how == "press":
        create.page.locator("#send-draft").click()
    else:
        create.page.keyboard.press("Escape")

    expect(create.page.locator("#send-held")).to_have_text("Nothing was sent. You took the press back.")
    line.let_through()
    expect(create.tiles).to_have_count(1)
    assert sends == []


def test_a_double_press_waits_too(create: CreatePage, line: HeldLine, sends: list[str], samples: Samples):
    create.say("Image 1 is pressed twice")
    begin_upload(create, line, samples.boat)

    create.page.locator("#send-draft").dblclick()
    expect(create.page.locator("#send-draft")).to_have_accessible_name("Waiting")
    line.let_through()

    expect(shown(create, "is pressed twice")).to_be_visible()
    assert len(sends) == 1


def test_a_file_that_fails_on_its_way_sends_nothing_and_says_why(
    create: CreatePage, line: HeldLine, sends: list[str], samples: Samples
):
    create.say("Image 1 never arrives")
    begin_upload(create, line, samples.boat)
    press_draft(create)

    line.refuse()

    expect(create.page.locator("#send-held")).to_have_text(
        "Nothing was sent. boat.jpg: The studio’s disk is full."
    )
    expect(create.page.locator("#send-draft")).to_have_accessible_name("Free draft (animatic)")
    assert sends == []


def test_a_file_that_cannot_be_used_sends_nothing_and_says_why(
    create: CreatePage, line: HeldLine, sends: list[str], samples: Samples
):
    create.say("Words alone")
    begin_upload(create, line, samples.text)
    press_draft(create)

    line.let_through()

    expect(create.page.locator("#send-held")).to_contain_text("Nothing was sent. notes.txt")
    assert sends == []


def test_a_broken_line_ends_the_waiting(
    create: CreatePage, line: HeldLine, sends: list[str], samples: Samples
):
    create.say("Image 1 waits for the line")
    begin_upload(create, line, samples.boat)
    press_draft(create)

    create.page.context.set_offline(True)
    expect(create.page.locator("#send-held")).to_contain_text("Nothing was sent: you’re offline.")
    create.page.context.set_offline(False)

    line.let_through()
    expect(create.tiles).to_have_count(1)
    assert sends == []


def test_a_file_that_is_taken_back_is_not_waited_for(
    create: CreatePage, line: HeldLine, sends: list[str], samples: Samples
):
    create.say("Image 1 goes on alone")
    begin_upload(create, line, samples.lighthouse, samples.boat)
    press_draft(create)

    boat = create.page.locator(".upload-tile", has_text="boat.jpg")
    boat.hover()
    boat.get_by_role("button", name="Stop and remove").click()
    expect(create.page.locator("#send-held")).to_contain_text("as soon as lighthouse.png is here")
    line.let_through()

    expect(shown(create, "goes on alone")).to_be_visible()
    assert len(sends) == 1
