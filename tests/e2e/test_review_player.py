"""The player for judging in a real browser: the frame that is named is the frame that is seen, at four rates."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.e2e import films
from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.films import RATES, number_on_screen, number_shown
from tests.e2e.studio_process import LiveStudio

pytestmark = pytest.mark.browser
SECONDS = 4


def frames_of(rate: str) -> int:
    """Whole seconds and three frames more."""
    return int(RATES[rate] * SECONDS) + 3


@pytest.fixture(scope="module")
def takes(live_studio: LiveStudio, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The id of a take at each rate."""
    folder = tmp_path_factory.mktemp("films")
    made = {
        rate: films.numbered_film(folder / f"{rate}.mp4", rate=exact, frames=frames_of(rate))
        for rate, exact in RATES.items()
    }
    return films.plant_films(live_studio, made)


@pytest.fixture(params=list(RATES))
def rate(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def open_review(page: Page, studio: LiveStudio, task_id: str, query: str = "") -> Locator:
    page.goto(f"{studio.base_url}/review/{task_id}/{query}")
    player = page.locator("review-player")
    player.evaluate("() => customElements.whenDefined('review-timeline').then(() => true)")
    # Not "loadeddata": it comes once, and the player's first seek may take the data away again after it.
    films.wait_for(player.locator("video"), "film => film.readyState > 1")
    return player


def seek(player: Locator, frame: int) -> None:
    player.evaluate("(player, frame) => player.seek(frame)", frame)


def frame_of(player: Locator) -> int:
    return int(player.evaluate("player => player.frame"))


def timecode(frame: int, exact: Fraction) -> str:
    """By exact arithmetic, unlike the product's."""
    second = frame // exact
    begins = -(-second * exact.numerator // exact.denominator)
    return f"{second // 60}:{second % 60:02}.{frame - begins:02}"


def test_every_frame_that_is_sought_is_the_frame_that_is_seen(
    owner_page: Page, live_studio: LiveStudio, takes: dict[str, str], rate: str
):
    player = open_review(owner_page, live_studio, takes[rate])
    last = frames_of(rate) - 1
    second = round(RATES[rate])

    for frame in (
        0,
        1,
        2,
        second - 1,
        second,
        second + 1,
        47,
        48,
        49,
        2 * second,
        last // 2,
        last - 1,
        last,
        7,
    ):
        seek(player, frame)
        assert number_shown(player.locator("video")) == frame
        expect(player.locator("[data-show=now]")).to_have_text(timecode(frame, RATES[rate]))


def test_the_frame_in_the_readout_is_the_one_on_the_screen(
    owner_page: Page, live_studio: LiveStudio, takes: dict[str, str], rate: str
):
    player = open_review(owner_page, live_studio, takes[rate])

    seek(player, 29)
    assert number_shown(player.locator("video")) == 29

    assert number_on_screen(player.locator(".review-player__picture")) == 29
    expect(player.locator(".review-player__readout small")).to_have_text(
        f"frame 29 of {frames_of(rate)}, {rate} fps"
    )


def test_every_step_of_two_seconds_moves_by_one_frame(
    owner_page: Page, live_studio: LiveStudio, takes: dict[str, str], rate: str
):
    player = open_review(owner_page, live_studio, takes[rate])
    video = player.locator("video")

    for frame in range(1, 2 * round(RATES[rate])):
        owner_page.keyboard.press("ArrowRight")
        assert number_shown(video) == frame
    for back in (frame - 1, frame - 2, frame - 3):
        owner_page.keyboard.press("ArrowLeft")
        assert number_shown(video) == back == frame_of(player)


def test_a_pause_settles_on_the_frame_that_is_named(
    owner_page: Page, live_studio: LiveStudio, takes: dict[str, str], rate: str
):
    player = open_review(owner_page, live_studio, takes[rate])
    video = player.locator("video")

    for passed in (10, 20, 35):
        owner_page.keyboard.press("k")
        owner_page.wait_for_function(
            "([player, frame]) => player.frame > frame", arg=[player.element_handle(), passed]
        )
        owner_page.keyboard.press("k")
        assert number_shown(video) == frame_of(player) > passed


def test_keys_pressed_faster_than_the_film_can_follow_lose_no_step(
    owner_page: Page, live_studio: LiveStudio, takes: dict[str, str], rate: str
):
    player = open_review(owner_page, live_studio, takes[rate])

    for _ in range(20):
        owner_page.keyboard.press("ArrowRight", delay=0)
    owner_page.keyboard.press("Shift+ArrowRight")

    wanted = 20 + round(RATES[rate])
    assert frame_of(player) == wanted
    owner_page.wait_for_function("film => !film.seeking", arg=player.locator("video").element_handle())
    assert number_shown(player.locator("video")) == wanted


def test_the_frame_that_is_saved_is_the_frame_that_is_seen(
    owner_page: Page, live_studio: LiveStudio, takes: dict[str, str], rate: str
):
    player = open_review(owner_page, live_studio, takes[rate])
    seek(player, 31)
    assert number_shown(player.locator("video")) == 31

    player.get_by_label("Use this frame").click()
    with owner_page.expect_download() as downloading:
        owner_page.get_by_role("button", name="Download it as a picture").click()

    saved = np.asarray(Image.open(downloading.value.path()).convert("RGB"))
    assert saved.shape[:2] == (films.HEIGHT, films.WIDTH)
    assert films.number_of_picture(saved) == 31


def watch(player: Locator) -> None:
    """Write down in window.seen every frame that the compositor puts on screen from now on."""
    player.evaluate(
        """player => {
            const film = player.querySelector("video");
            const look = (now, { mediaTime }) => {
                window.seen.push(Math.round(mediaTime * player.fps));
                film.requestVideoFrameCallback(look);
            };
            window.seen = [];
            film.requestVideoFrameCallback(look);
        }"""
    )


@pytest.mark.alone
def test_a_stretch_goes_round_and_shows_no_frame_outside_it(
    owner_page: Page, live_studio: LiveStudio, takes: dict[str, str], rate: str
):
    player = open_review(owner_page, live_studio, takes[rate])
    seek(player, 30)
    owner_page.keyboard.press("i")
    seek(player, 34)
    owner_page.keyboard.press("o")
    expect(owner_page.locator(".review-timeline__range")).to_be_visible()

    # Slowly, so that a pause of the machine between two frames is none of the film's; a busy one pauses for longer.
    player.locator("video").evaluate("film => film.playbackRate = 0.1")
    owner_page.keyboard.press("k")
    owner_page.wait_for_function("() => document.querySelector('review-player').frame === 30")
    watch(player)
    owner_page.wait_for_function("() => window.seen.filter((frame) => frame === 30).length > 2")
    owner_page.keyboard.press("k")

    seen = owner_page.evaluate("window.seen")
    assert (min(seen), max(seen)) == (30, 34)
    owner_page.keyboard.press("x")
    expect(owner_page.locator(".review-timeline__range")).to_be_hidden()


def test_a_stretch_to_the_end_of_the_film_goes_round_too(
    owner_page: Page, live_studio: LiveStudio, takes: dict[str, str]
):
    player = open_review(owner_page, live_studio, takes["25"])
    first = frames_of("25") - 6
    seek(player, first)
    owner_page.keyboard.press("i")
    watch(player)

    owner_page.keyboard.press("k")

    owner_page.wait_for_function(
        "first => window.seen.filter((frame) => frame === first).length > 3", arg=first
    )
    assert min(owner_page.evaluate("window.seen")) == first
    assert player.evaluate("player => player.isPlaying")


def test_dragging_on_the_timeline_scrubs_and_with_shift_selects(
    owner_page: Page, live_studio: LiveStudio, takes: dict[str, str]
):
    player = open_review(owner_page, live_studio, takes["25"])
    track = owner_page.get_by_role("slider", name="Frame")
    box = track.bounding_box()
    assert box

    def at(frame: int) -> tuple[float, float]:
        return box["x"] + (frame + 0.5) / frames_of("25") * box["width"], box["y"] + box["height"] / 2

    owner_page.mouse.move(*at(20))
    owner_page.mouse.down()
    owner_page.mouse.move(*at(50), steps=4)
    owner_page.mouse.up()
    assert number_shown(player.locator("video")) == 50 == frame_of(player)
    expect(track).to_have_attribute("aria-valuetext", f"0:02.00, frame 50 of {frames_of('25')}")

    owner_page.keyboard.down("Shift")
    owner_page.mouse.move(*at(60))
    owner_page.mouse.down()
    owner_page.mouse.move(*at(80), steps=4)
    owner_page.mouse.up()
    owner_page.keyboard.up("Shift")
    assert player.evaluate("player => player.stretch.range") == {"first": 60, "last": 80}


def test_the_address_of_a_frame_opens_on_it(
    owner_page: Page, live_studio: LiveStudio, takes: dict[str, str], rate: str
):
    player = open_review(owner_page, live_studio, takes[rate], "?frame=53")

    assert number_shown(player.locator("video")) == 53 == frame_of(player)


def test_single_keys_follow_the_switch_and_the_list_of_keys_opens(
    owner_page: Page, live_studio: LiveStudio, takes: dict[str, str]
):
    player = open_review(owner_page, live_studio, takes["25"])
    owner_page.keyboard.press("?")
    expect(owner_page.get_by_role("dialog", name="Keys")).to_be_visible()
    owner_page.keyboard.press("Escape")

    owner_page.evaluate("document.body.dataset.singleKeys = 'off'")
    for key in ("k", "l", "i", "?", "f"):
        owner_page.keyboard.press(key)
    expect(owner_page.get_by_role("dialog", name="Keys")).to_be_hidden()
    assert player.evaluate("player => [player.isPlaying, player.stretch.range]") == [False, None]
    owner_page.keyboard.press("ArrowRight")
    assert frame_of(player) == 1


def test_a_look_closer_keeps_the_frame_and_goes_back(
    owner_page: Page, live_studio: LiveStudio, takes: dict[str, str]
):
    player = open_review(owner_page, live_studio, takes["25"])
    seek(player, 33)

    owner_page.keyboard.press("+")
    show_all = owner_page.get_by_role("button", name=re.compile("Show all"))
    expect(show_all).to_contain_text("150%")
    picture = player.locator(".review-player__picture")
    picture.hover()
    owner_page.mouse.down()
    owner_page.mouse.move(100, 100, steps=3)
    owner_page.mouse.up()
    assert player.evaluate("player => [player.frame, player.isPlaying]") == [33, False]

    show_all.click()
    expect(show_all).to_be_hidden()
    assert picture.evaluate("picture => picture.style.transform") == ""


def test_a_note_opens_again_on_its_own_frame(
    owner_page: Page, live_studio: LiveStudio, takes: dict[str, str], rate: str
):
    frames = [1, 37, 48, frames_of(rate) - 1]
    written = write_notes(live_studio, takes[rate], frames)

    for frame, note_id in zip(frames, written, strict=True):
        player = open_review(owner_page, live_studio, takes[rate], f"?note={note_id}")
        assert number_shown(player.locator("video")) == frame == frame_of(player)


def test_the_mark_of_a_note_stands_over_its_frame_and_leads_there(
    owner_page: Page, live_studio: LiveStudio, takes: dict[str, str]
):
    (note_id,) = write_notes(live_studio, takes["30"], [75])
    player = open_review(owner_page, live_studio, takes["30"])
    mark = owner_page.locator(f"#mark-{note_id}")
    box, track = mark.bounding_box(), owner_page.get_by_role("slider", name="Frame").bounding_box()
    assert box
    assert track
    place = track["x"] + 75 / frames_of("30") * track["width"]
    assert abs(box["x"] + box["width"] / 2 - place) < 2

    mark.click()

    assert number_shown(player.locator("video")) == 75


def test_what_comes_by_itself_takes_neither_the_place_nor_the_sound(
    owner_page: Page, live_studio: LiveStudio, takes: dict[str, str]
):
    player = open_review(owner_page, live_studio, takes["24"])
    seek(player, 20)
    owner_page.keyboard.press("i")
    video = player.locator("video")
    video.evaluate("film => { film.volume = 0.3; film.playbackRate = 0.5; film.isTheSame = true; }")
    before = owner_page.locator(".note-marker").count()

    write_notes(live_studio, takes["24"], [50])
    expect(owner_page.locator(".note-marker")).to_have_count(before + 1)

    assert video.evaluate("film => [film.volume, film.playbackRate, film.isTheSame]") == [0.3, 0.5, True]
    assert number_shown(video) == 20 == frame_of(player)
    assert player.evaluate("player => player.stretch.range.first") == 20


def test_a_thumb_steps_scrubs_and_looks_closer(
    open_page: OpenPage, live_studio: LiveStudio, takes: dict[str, str]
):
    page = open_page(**PHONE)
    player = open_review(page, live_studio, takes["25"])
    video = player.locator("video")

    player.get_by_role("button", name="One frame on").tap()
    player.get_by_role("button", name="One frame on").tap()
    assert number_shown(video) == 2
    track = page.get_by_role("slider", name="Frame")
    box = track.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + 50.5 / frames_of("25") * box["width"], box["y"] + 20)
    assert number_shown(video) == 50

    player.get_by_label("Speed").tap()
    player.get_by_role("button", name="Begin at this frame").tap()
    expect(page.locator(".review-timeline__range")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def write_notes(studio: LiveStudio, task_id: str, frames: list[int]) -> list[str]:
    """Notes of the owner on these frames, as their form keeps them; their ids."""
    return studio.python(
        f"""
from studio import notes
from studio.models import GenerationTask, User
task = GenerationTask.objects.select_related("version__shot", "clip", "project").get(task_id="{task_id}")
for frame in {frames}:
    note = notes.write(task, author=User.objects.get(role="owner"), text="Look", first_frame=frame, last_frame=frame)
    print(note.note_id)
"""
    ).split()[-len(frames) :]
