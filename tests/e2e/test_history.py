"""The Library's clips with a mouse and with keys: finding, looking, choosing, and taking one frame exactly."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.e2e.planting import plant_failed
from tests.e2e.studio_process import LiveStudio
from tests.waiting import wait_until

pytestmark = pytest.mark.browser

PLANTED = 60
FPS = 30
FRAME = 31


@pytest.fixture(scope="module")
def history(live_studio: LiveStudio) -> LiveStudio:
    """Sixty takes that failed."""
    plant_failed(live_studio, *(f"Wave {number:02}" for number in range(PLANTED)))
    return live_studio


@pytest.fixture
def library(owner_page: Page, history: LiveStudio) -> Page:
    owner_page.goto(f"{history.base_url}/library/")
    owner_page.evaluate("customElements.whenDefined('clip-grid').then(() => true)")  # its script comes later
    return owner_page


@pytest.fixture
def keys_switched_off(owner_page: Page, history: LiveStudio) -> Iterator[Page]:
    """The owner's page with single keys switched off in the account."""
    press_the_switch(owner_page, history)
    expect(owner_page.locator(".toast")).to_contain_text("Single keys are off.")
    yield owner_page
    press_the_switch(owner_page, history)
    expect(owner_page.locator(".toast")).to_contain_text("Single keys are on.")


def press_the_switch(page: Page, studio: LiveStudio) -> None:
    page.goto(f"{studio.base_url}/you/")
    page.get_by_role("switch", name="Single keys do something").click()
    page.get_by_role("button", name="Save the switch").click()


def tiles(page: Page) -> Locator:
    return page.locator(".clip-tile")


def choose(page: Page, title: str, label: str) -> None:
    """Set one filter as a person does. Its pill then carries the choice."""
    page.locator(".filters summary", has_text=title).click()
    page.locator(".filters details[open]").get_by_role("link", name=label, exact=True).click()
    expect(page.locator(".filter-pill[data-chosen]", has_text=label)).to_be_visible()


def select(page: Page, tile: Locator) -> None:
    tile.hover()
    tile.get_by_role("checkbox").check(force=True)


def open_library_at(page: Page, studio: LiveStudio, clip_id: str) -> Locator:
    """Only takes that are ready. Gives the clip's tile, once its scripts are there."""
    page.goto(f"{studio.base_url}/library/?status=ready")
    page.evaluate("customElements.whenDefined('scrub-tile').then(() => true)")
    page.evaluate("customElements.whenDefined('clip-grid').then(() => true)")
    return page.locator(f"#clip-{clip_id}")


@pytest.mark.parametrize(
    ("title", "label", "is_found"),
    [
        ("All projects", "Inbox", True),
        ("Anyone", "mara", True),
        ("Any state", "Didn’t work", True),
        ("Made with", "Free draft", True),
        ("Made with", "Apiframe", False),
        ("Drafts and clips", "Free drafts", True),
        ("Drafts and clips", "Made by a model", False),
        ("Any date", "Today", True),
    ],
)
def test_each_filter_shows_its_own_and_is_dropped_by_its_pill(
    library: Page, title: str, label: str, is_found: bool
):
    choose(library, title, label)

    if is_found:
        expect(tiles(library).first).to_be_visible()
    else:
        expect(tiles(library)).to_have_count(0)
    library.get_by_role("link", name=f"{label}: show all again").click()
    expect(library.locator(".filter-pill[data-chosen]")).to_have_count(0)
    expect(tiles(library).first).to_be_visible()


def test_filters_narrow_each_other_and_are_cleared_together(library: Page):
    choose(library, "Any state", "Didn’t work")
    expect(library.locator(".clip-tile:not([data-status=failed])")).to_have_count(0)
    choose(library, "Drafts and clips", "Free drafts")
    library.get_by_role("link", name="Picks", exact=True).click()
    expect(tiles(library)).to_have_count(0)

    library.locator(".filters").get_by_role("link", name="Clear").click()

    expect(library.locator(".filter-pill[data-chosen]")).to_have_count(0)
    expect(tiles(library).first).to_be_visible()


def test_words_are_found_from_the_keyboard(library: Page):
    library.keyboard.press("/")
    expect(library.get_by_role("searchbox")).to_be_focused()
    library.keyboard.type("wave 07")
    library.keyboard.press("Enter")

    expect(library).to_have_url(re.compile(r"q=wave"))
    expect(tiles(library)).to_have_count(1)
    expect(tiles(library)).to_contain_text("Wave 07")


def test_older_clips_come_by_themselves_until_all_are_there(library: Page):
    first_page = tiles(library).count()
    assert first_page < PLANTED

    oldest = library.get_by_role("link", name="Wave 00, take 1, open")

    def has_come_down_to_it() -> bool:
        library.keyboard.press("End")
        return oldest.count() > 0

    assert wait_until(has_come_down_to_it, seconds=30)
    ids = tiles(library).evaluate_all("tiles => tiles.map(tile => tile.id)")
    assert len(ids) == len(set(ids)) >= PLANTED


def test_moving_across_a_tile_moves_through_its_clip(owner_page: Page, history: LiveStudio, clip_id: str):
    tile = open_library_at(owner_page, history, clip_id)
    picture = tile.locator("scrub-tile")
    length = tile.locator(".badge").inner_text()

    picture.hover(position={"x": 10, "y": 20})
    frame = tile.locator(".clip-tile__frame")
    expect(frame).to_be_visible()
    before = frame.evaluate("frame => frame.style.backgroundPosition")
    picture.hover(position={"x": 120, "y": 20})

    expect(frame).not_to_have_css("background-position", before)
    expect(tile.locator(".badge")).not_to_have_text(length)
    owner_page.mouse.move(0, 0)
    expect(frame).to_have_count(0)
    expect(tile.locator(".badge")).to_have_text(length)


def test_chosen_clips_come_as_a_zip_that_opens(owner_page: Page, history: LiveStudio, clip_id: str):
    tile = open_library_at(owner_page, history, clip_id)
    select(owner_page, tile)
    expect(owner_page.get_by_text("1 selected")).to_be_visible()

    with owner_page.expect_download() as downloading:
        owner_page.locator("#chosen").get_by_role("button", name="Download").click()

    with zipfile.ZipFile(downloading.value.path()) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        film = archive.read(names[0])
    assert len(names) == 1
    assert names[0].endswith("take 1.mp4")
    saved = tile.get_by_role("link", name=re.compile("^Download")).get_attribute("href")
    assert film == owner_page.request.get(f"{history.base_url}{saved}").body()


def test_chosen_clips_move_to_another_project(owner_page: Page, history: LiveStudio):
    history.python(
        "from studio.models import *; Project.objects.get_or_create(name='Harbour', defaults={"
        "'created_by': User.objects.get(role='owner')})"
    )
    owner_page.goto(f"{history.base_url}/library/?q=wave+11")
    select(owner_page, tiles(owner_page).first)

    owner_page.locator("#chosen").get_by_role("button", name="Move").click()
    dialog = owner_page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text("Move 1 clip to…")
    dialog.get_by_label("Project").select_option(label="Harbour")
    dialog.get_by_role("button", name="Move").click()

    expect(owner_page.locator(".toast")).to_contain_text("Moved 1 clip to Harbour.")
    expect(tiles(owner_page).first).to_contain_text("Harbour")


def test_chosen_clips_go_to_the_bin_and_come_back(owner_page: Page, history: LiveStudio):
    owner_page.goto(f"{history.base_url}/library/?q=wave+12")
    select(owner_page, tiles(owner_page).first)

    owner_page.locator("#chosen").get_by_role("button", name="Delete").click()
    owner_page.get_by_role("dialog").get_by_role("button", name="Delete 1 clip").click()
    expect(tiles(owner_page)).to_have_count(0)
    owner_page.locator(".toast").get_by_role("button", name="Undo").click()

    expect(tiles(owner_page)).to_have_count(1)


def test_clips_are_chosen_with_keys_alone(library: Page):
    for key in ("ArrowRight", "x", "ArrowRight", "x"):
        library.keyboard.press(key)
    expect(library.get_by_text("2 selected")).to_be_visible()
    expect(tiles(library).nth(1).locator("[data-clip-link]")).to_be_focused()

    library.keyboard.press("x")
    expect(library.get_by_text("1 selected")).to_be_visible()
    library.keyboard.press("Escape")

    expect(library.locator("#chosen")).to_be_hidden()
    library.keyboard.press("ArrowLeft")
    expect(tiles(library).nth(0).locator("[data-clip-link]")).to_be_focused()


def test_the_frame_on_screen_is_saved_pixel_for_pixel(
    owner_page: Page, history: LiveStudio, clip_id: str, tmp_path: Path
):
    owner_page.goto(f"{history.base_url}/clips/{clip_id}/")
    stop_at(owner_page.locator("video"), (FRAME + 0.5) / FPS)
    owner_page.get_by_text("Use this frame").click()
    expect(owner_page.locator("[data-show=moment]")).to_have_text("0:01.0")

    with owner_page.expect_download() as downloading:
        owner_page.get_by_role("button", name="Download it as a picture").click()

    saved = np.asarray(Image.open(downloading.value.path()).convert("RGB"))
    film = owner_page.request.get(f"{history.base_url}/media/clips/{clip_id}/video").body()
    frames = decoded(film)
    assert np.array_equal(saved, frames[FRAME])
    assert not np.array_equal(saved, frames[FRAME - 1])


def test_the_frame_on_screen_begins_a_new_brief(owner_page: Page, history: LiveStudio, clip_id: str):
    owner_page.goto(f"{history.base_url}/clips/{clip_id}/")
    stop_at(owner_page.locator("video"), 0.5)

    owner_page.get_by_text("Use this frame").click()
    owner_page.get_by_role("button", name="First frame of a new brief").click()
    expect(owner_page.get_by_role("button", name="Remove the first frame")).to_be_visible()

    owner_page.go_back()
    owner_page.get_by_text("Use this frame").click()
    owner_page.get_by_role("button", name="Reference in a new brief").click()
    expect(owner_page.locator("#references .reference-tile[data-key]")).to_have_count(1)


def test_single_keys_open_what_they_promise(library: Page, history: LiveStudio, clip_id: str):
    library.goto(f"{history.base_url}/clips/{clip_id}/")
    video = library.locator("video")
    library.locator("simple-player").get_by_role("button", name="Play").focus()
    library.keyboard.press("m")
    assert video.evaluate("film => film.muted")

    library.keyboard.press("g")
    library.keyboard.press("l")
    library.wait_for_url(
        f"{history.base_url}/library/"
    )  # and for its scripts: a key before them is a key lost
    library.keyboard.press("c")
    expect(library).to_have_url(re.compile(r"/create/"))


def test_single_keys_do_nothing_once_they_are_switched_off(
    keys_switched_off: Page, history: LiveStudio, clip_id: str
):
    page = keys_switched_off
    for path in ("/", "/library/", "/works/", f"/clips/{clip_id}/", "/library/files/", "/projects/", "/bin/"):
        address = f"{history.base_url}{path}"
        page.goto(address)
        for key in ("c", "/", "g", "l", "x"):
            page.keyboard.press(key)
        assert page.evaluate("document.activeElement.tagName") != "INPUT", path
        expect(page).to_have_url(address)

    page.goto(f"{history.base_url}/library/")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    expect(page.locator("#chosen")).to_be_hidden()

    page.goto(f"{history.base_url}/clips/{clip_id}/")
    page.locator("simple-player").get_by_role("button", name="Play").focus()
    for key in ("k", "m", "f"):
        page.keyboard.press(key)
    state = "film => [film.paused, film.muted, document.fullscreenElement]"
    assert page.locator("video").evaluate(state) == [True, False, None]


def stop_at(video: Locator, seconds: float) -> None:
    video.evaluate(
        """async (film, seconds) => {
            const once = (name) => new Promise((resolve) => film.addEventListener(name, resolve, { once: true }));
            if (film.readyState < film.HAVE_METADATA) await once("loadedmetadata");
            film.pause();
            film.currentTime = seconds;
            await once("seeked");
        }""",
        seconds,
    )


def decoded(film: bytes) -> list[np.ndarray]:
    """The first frames of a film, in order."""
    frames = []
    with av.open(io.BytesIO(film)) as container:
        for frame in container.decode(video=0):
            frames.append(np.asarray(frame.reformat(format="rgb24").to_image()))
            if len(frames) > FRAME:
                break
    return frames
