"""Repairs one by one and all at once, and the ways back, in a real browser with a real worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.films import wait_for
from tests.e2e.media_samples import Samples
from tests.e2e.pages import CreatePage
from tests.e2e.planting import keep_repairs_waiting, repair_reaches, stop_repairs
from tests.e2e.studio_process import LiveStudio
from tests.media import making

pytestmark = pytest.mark.browser


def test_the_offer_to_fix_all_follows_repairs_made_one_by_one(
    owner_page: Page, live_studio: LiveStudio, samples: Samples, tmp_path: Path
):
    tall = making.picture(tmp_path / "strip.jpg", 310, 3000)
    wide = making.picture(tmp_path / "panorama.jpg", 3000, 310)
    owner_page.goto(f"{live_studio.base_url}/library/files/")
    owner_page.wait_for_function("() => Boolean(customElements.get('upload-area'))")
    owner_page.set_input_files("input[name=files]", [tall, wide, samples.boat])
    offer = owner_page.locator("#fix-offer")
    expect(offer).to_contain_text("2 of 3 files need fixing", timeout=30_000)

    offer.get_by_role("button", name="One by one").click()
    fix_in_drawer(owner_page)
    expect(offer).to_contain_text("1 of 3 files needs fixing")
    expect(offer.get_by_role("button")).to_have_text(["Fix it"])

    left = owner_page.locator(".file-tile", has_text="Can be fixed").get_by_role("link").first
    left.click()
    owner_page.locator("#file-panel").get_by_role("link", name="Fix it for me").click()
    fix_in_drawer(owner_page)
    expect(offer).to_have_count(0)


def test_a_fixed_reference_goes_back_to_its_original_and_keeps_its_mention(
    owner_page: Page, live_studio: LiveStudio, tmp_path: Path
):
    create = CreatePage(owner_page, live_studio).begin()
    create.add(making.picture(tmp_path / "counter.jpg", 320, 3000))
    owner_page.locator("#tray-notes").get_by_role("link", name="Fix it for me").click()
    fix_in_drawer(owner_page)
    notes = owner_page.locator("#tray-notes")
    expect(notes).to_contain_text("Image 1 was fixed: space around it.")
    create.say("Image 1 stands in the light")

    notes.get_by_role("button", name="Use the original, Image 1").click()

    expect(notes).to_contain_text("Image 1 is too narrow.")
    expect(create.prompt).to_have_value("Image 1 stands in the light")
    notes.get_by_role("button", name="Undo").click()
    expect(notes).to_contain_text("Image 1 was fixed: space around it.")


def test_a_repair_that_nobody_asked_for_is_undone_in_one_press(
    owner_page: Page, live_studio: LiveStudio, tmp_path: Path
):
    sideways = Image.Exif()
    sideways[0x0112] = 6
    photo = tmp_path / "IMG_2207.jpg"
    Image.effect_noise((900, 600), 90).convert("RGB").save(photo, exif=sideways)
    create = CreatePage(owner_page, live_studio).begin()
    create.add(photo)
    notes = owner_page.locator("#tray-notes")
    expect(notes).to_contain_text("Image 1 was fixed by itself: upright.")

    notes.get_by_role("button", name="Undo, Image 1").click()

    expect(notes).not_to_contain_text("was fixed by itself")
    expect(notes.get_by_role("link", name="Fix it for me")).to_be_visible()


@pytest.fixture
def waiting_repair(owner_page: Page, live_studio: LiveStudio, tmp_path: Path) -> Iterator[LiveStudio]:
    """Create with a repair in its drawer that no worker takes."""
    create = CreatePage(owner_page, live_studio).begin()
    create.add(making.picture(tmp_path / "column.jpg", 330, 3000))
    keep_repairs_waiting(live_studio)
    owner_page.locator("#tray-notes").get_by_role("link", name="Fix it for me").click()
    owner_page.get_by_role("button", name="Use the fixed copy").click()
    expect(owner_page.get_by_role("button", name="Stop")).to_be_visible()
    yield live_studio
    stop_repairs(live_studio)


def test_news_of_a_repair_leave_focus_where_it_is(owner_page: Page, waiting_repair: LiveStudio):
    progress = owner_page.get_by_role("progressbar", name="Progress")
    prompt = owner_page.get_by_role("textbox", name="Prompt")
    remove = owner_page.locator(".reference-tile__remove")
    stop = owner_page.get_by_role("button", name="Stop")

    for percent, place in enumerate([prompt, remove, stop], start=1):
        place.focus()
        left = place.evaluate_handle(
            "place => { const left = []; place.onblur = () => left.push(1); return left }"
        )
        repair_reaches(waiting_repair, percent)
        expect(progress).to_have_attribute("value", str(percent))
        expect(place).to_be_focused()
        assert left.evaluate("left => left.length") == 0

    stop_repairs(waiting_repair)

    expect(owner_page.get_by_role("link", name="Done")).to_be_visible()
    expect(owner_page.locator("#fix-drawer").get_by_role("link", name="Close")).to_be_focused()


def test_the_film_of_the_drawer_plays_its_kept_stretch_and_sets_its_ends(
    owner_page: Page, live_studio: LiveStudio, tmp_path: Path
):
    open_drawer(owner_page, live_studio, making.clip(tmp_path / "ride.mp4", seconds=42, audio="aac"))
    film = owner_page.locator("#fix-drawer video")
    wait_for(film, "film => !film.paused && film.muted && film.currentTime > 0.3")

    owner_page.locator("#fix-drawer").get_by_role("button", name="Pause").click()
    owner_page.locator("#fix-drawer").get_by_role("slider", name="Position").fill("500")
    owner_page.keyboard.press("i")
    expect(owner_page.locator("[name=start]")).to_have_value("21.0")
    owner_page.locator("[name=end]").evaluate("end => { end.value = '23.0' }")
    film.evaluate("film => { film.currentTime = 22.7; return film.play(); }")
    wait_for(film, "film => film.currentTime >= 21 && film.currentTime < 22")


@pytest.mark.parametrize(("name", "codec"), [("story.wav", "pcm_s16le"), ("memo.m4a", "aac")])
def test_a_recording_is_heard_before_and_after_its_repair(
    owner_page: Page, live_studio: LiveStudio, tmp_path: Path, name: str, codec: str
):
    create = CreatePage(owner_page, live_studio).begin()
    create.add(making.picture(tmp_path / "keeper.jpg", 800, 600))
    owner_page.get_by_label("Voice of Image 1, a sound").set_input_files(
        making.sound(tmp_path / name, seconds=30, codec=codec)
    )
    owner_page.locator("#tray-notes").get_by_role("link", name="Fix it for me").click()
    sound = owner_page.locator("#fix-drawer audio")
    wait_for(sound, "sound => Math.round(sound.duration) === 30 && sound.paused")

    expect(owner_page.locator("keep-stretch:defined")).to_be_attached()
    sound.evaluate("sound => { sound.currentTime = 12; }")
    sound.focus()
    owner_page.keyboard.press("i")
    expect(owner_page.locator("[name=start]")).to_have_value("12.0")
    owner_page.get_by_role("button", name="Use the fixed copy").click()

    expect(owner_page.locator(".fix-done")).to_be_visible(timeout=60_000)
    wait_for(sound, "sound => Math.abs(sound.duration - 10) < 0.1")


def test_a_film_that_browsers_do_not_play_is_a_picture_until_it_is_fixed(
    owner_page: Page, live_studio: LiveStudio, tmp_path: Path
):
    open_drawer(owner_page, live_studio, making.clip(tmp_path / "phone.mp4", seconds=4, codec="libx265"))
    drawer = owner_page.locator("#fix-drawer")
    expect(drawer).to_contain_text("one picture of it, which plays once it is fixed")
    expect(drawer.locator("video")).to_have_count(0)

    owner_page.get_by_role("button", name="Use the fixed copy").click()

    expect(owner_page.locator(".fix-done")).to_be_visible(timeout=60_000)
    wait_for(drawer.locator("video"), "film => !film.paused && film.muted && film.currentTime > 0.3")


def test_who_is_done_with_a_repair_goes_on_at_its_reference(
    owner_page: Page, live_studio: LiveStudio, tmp_path: Path
):
    open_drawer(owner_page, live_studio, making.picture(tmp_path / "tower.jpg", 340, 3000))
    expect(owner_page.locator("#fix-drawer").get_by_role("link", name="Close")).to_be_focused()
    owner_page.keyboard.press("Escape")
    link = owner_page.locator("#tray-notes").get_by_role("link", name="Fix it for me")
    expect(link).to_be_focused()

    link.press("Enter")
    owner_page.get_by_role("button", name="Use the fixed copy").press("Enter")
    expect(owner_page.locator("#tray-notes")).to_contain_text("Image 1 was fixed", timeout=60_000)
    owner_page.get_by_role("link", name="Done").press("Enter")

    expect(owner_page.locator("#tray-notes").get_by_role("link", name="Change it")).to_be_focused()


def open_drawer(page: Page, studio: LiveStudio, file: Path) -> None:
    CreatePage(page, studio).begin().add(file)
    page.locator("#tray-notes").get_by_role("link", name="Fix it for me").click()
    expect(page.locator("#fix-drawer")).to_be_visible()


def fix_in_drawer(page: Page) -> None:
    page.get_by_role("button", name="Use the fixed copy").click()
    expect(page.locator(".fix-done")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Done").click()
