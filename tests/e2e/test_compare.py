"""Compare in a real browser: one clock for all films, every way of looking, and choosing by keyboard alone."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e import compared, films
from tests.e2e.compared import Planted
from tests.e2e.films import number_shown
from tests.e2e.studio_process import LiveStudio
from tests.waiting import wait_until

pytestmark = pytest.mark.browser
FPS = 30
SECONDS = 2
LOOPS = 3
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# What each film shows and when, from the compositor itself: [slot, loop, media time, display time], in seconds.
WATCH = """async (loops) => {
    const { clock } = document.querySelector("compare-room");
    const seen = [];
    let loop = 0;
    for (const { video } of clock.tracks) {
        const note = (now, frame) => {
            seen.push([video.dataset.slot, loop, frame.mediaTime, frame.expectedDisplayTime / 1000]);
            video.requestVideoFrameCallback(note);
        };
        video.requestVideoFrameCallback(note);
    }
    const over = new Promise((resolve) => clock.addEventListener("loop", () => (loop += 1) === loops && resolve()));
    const late = new Promise((_, fail) => setTimeout(() => fail(new Error(`stands at ${clock.now} s`)), 120_000));
    await Promise.race([clock.play().then(() => over), late]);
    await clock.pause();
    return seen;
}"""


@dataclass(frozen=True, kw_only=True)
class Shot:
    """Ids of takes: one of the first version; three of the second, of 30, 24 and 25 frames a second."""

    studio: LiveStudio
    first: str
    second: list[str]

    def address(self, *takes: str, **more: object) -> str:
        clips = "&".join(f"{slot}={take}" for slot, take in zip("abcd", takes, strict=False))
        return f"{self.studio.base_url}/compare/?{clips}" + "".join(
            f"&{name}={value}" for name, value in more.items()
        )


@pytest.fixture(scope="module")
def shot(live_studio: LiveStudio, tmp_path_factory: pytest.TempPathFactory) -> Shot:
    folder = tmp_path_factory.mktemp("compared")

    def film(name: str, rate: int, frames: int) -> str:
        return str(films.numbered_film(folder / f"{name}.mp4", rate=Fraction(rate), frames=frames))

    same, slower, shorter = film("same", 30, 60), film("slower", 24, 48), film("shorter", 25, 25)
    versions = [
        Planted(prompt="@ stretches quickly at dawn", films=[same]),
        Planted(prompt="@ stretches slowly at dawn", films=[same, slower, shorter], resolution="1080p"),
    ]
    (first,), second = compared.plant_versions(live_studio, "Morning stretch", versions)
    return Shot(studio=live_studio, first=first, second=second)


@pytest.fixture
def four(live_studio: LiveStudio, shot: Shot, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Four takes of a version of their own, nothing decided."""
    film = str(
        films.numbered_film(tmp_path_factory.mktemp("four") / "film.mp4", rate=Fraction(FPS), frames=30)
    )
    return compared.plant_versions(live_studio, "Four ways", [Planted(prompt="@ turns", films=[film] * 4)])[0]


def open_room(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_function(
        """() => customElements.get("compare-grid")
            && [...document.querySelectorAll("video[data-slot]")].every((film) => film.readyState > 1)"""
    )


def clock(page: Page, name: str) -> Any:
    return page.evaluate("name => document.querySelector('compare-room').clock[name]", name)


def in_address(page: Page, name: str, value: str | None) -> bool:
    """Whether the address has come to say so."""
    return wait_until(
        lambda: parse_qs(urlsplit(page.url).query).get(name, [None])[0] == value or page.wait_for_timeout(50),
        seconds=5,
    )


def shown(page: Page) -> list[int | None]:
    return [number_shown(page.locator(f"video[data-slot={slot}]")) for slot in ("a", "b")]


def states(studio: LiveStudio, takes: list[str]) -> list[tuple[bool, bool]]:
    """(pick, in the bin) of each take, as the database has it."""
    rows = {
        row[0]: (bool(row[1]), row[2] is not None)
        for row in studio.rows("SELECT task_id, is_pick, binned_at FROM studio_generationtask")
    }
    return [rows[take.replace("-", "")] for take in takes]


def drift_in_frames(seen: list[list[Any]]) -> list[int]:
    """How many frames apart two films were, whenever the screen showed a new frame of both at one instant."""
    at_once: dict[tuple[int, int], dict[str, int]] = {}
    for slot, loop, media, display in seen:
        at_once.setdefault((loop, round(display * 1000)), {})[slot] = round(media * FPS)
    return [abs(pair["a"] - pair["b"]) for pair in at_once.values() if len(pair) == 2]


@pytest.mark.alone
def test_two_films_stay_within_a_frame_of_each_other_over_three_loops(owner_page: Page, shot: Shot):
    open_room(owner_page, shot.address(shot.first, shot.second[0]))
    owner_page.get_by_role("button", name="Play").click()
    owner_page.get_by_role("button", name="Pause").click()

    drifts = drift_in_frames(owner_page.evaluate(WATCH, LOOPS))

    assert len(drifts) > LOOPS * SECONDS * FPS / 3
    assert max(drifts) <= 1


def test_films_of_other_rates_and_lengths_run_on_the_same_clock(owner_page: Page, shot: Shot):
    open_room(owner_page, shot.address(shot.first, shot.second[1]))
    owner_page.evaluate("() => document.querySelector('compare-room').clock.seek(45)")
    assert shown(owner_page) == [45, 36]

    open_room(owner_page, shot.address(shot.first, shot.second[2]))
    owner_page.evaluate("() => document.querySelector('compare-room').clock.seek(15)")
    assert shown(owner_page) == [15, 12]
    owner_page.evaluate("() => document.querySelector('compare-room').clock.seek(50)")
    assert shown(owner_page) == [50, 24]  # the shorter one waits on its last frame


def test_keys_step_seek_and_play_all_films(owner_page: Page, shot: Shot):
    open_room(owner_page, shot.address(shot.first, shot.second[0]))

    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Shift+ArrowRight"):
        owner_page.keyboard.press(key)
    expect(owner_page.locator("[data-show=now]")).to_have_text("0:01.02")
    assert shown(owner_page) == [32, 32]

    owner_page.keyboard.press("Space")
    expect(owner_page.get_by_role("button", name="Pause")).to_be_visible()
    owner_page.keyboard.press("k")
    expect(owner_page.get_by_role("button", name="Play")).to_be_visible()
    owner_page.keyboard.press("l")
    expect(owner_page.locator("[data-show=speed]")).to_have_text("1.5")


def test_one_side_can_be_moved_by_frames_and_the_address_says_so(owner_page: Page, shot: Shot):
    open_room(owner_page, shot.address(shot.first, shot.second[0], frame=10))

    owner_page.get_by_text("Playing together").click()
    owner_page.get_by_label("B: frames ahead of the others").fill("5")

    expect(owner_page.get_by_text("Moved by frames")).to_be_visible()
    assert in_address(owner_page, "offset_b", "5")
    open_room(owner_page, owner_page.url)
    assert shown(owner_page) == [10, 15]


def test_the_wipe_is_a_slider_for_keys_and_pointers(owner_page: Page, shot: Shot):
    open_room(owner_page, shot.address(shot.first, shot.second[0]))
    owner_page.get_by_role("link", name="Wipe").click()
    handle = owner_page.get_by_role("slider", name="Where A ends and B begins")

    handle.press("ArrowRight")
    handle.press("Shift+ArrowRight")

    expect(handle).to_have_attribute("aria-valuetext", "61 percent A")
    assert in_address(owner_page, "split", "61")
    assert in_address(owner_page, "view", "wipe")
    box = owner_page.locator("compare-wipe").bounding_box()
    assert box
    owner_page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + 40)
    expect(handle).to_have_attribute("aria-valuenow", "25")


def test_flip_shows_one_or_the_other_by_key(owner_page: Page, shot: Shot):
    open_room(owner_page, shot.address(shot.first, shot.second[0], view="flip", beat="second"))

    owner_page.keyboard.press("2")

    expect(owner_page.locator("[data-show=shown]")).to_have_text("B")
    expect(owner_page.get_by_role("button", name="By hand")).to_have_attribute("aria-pressed", "true")
    assert in_address(owner_page, "beat", None)


def test_the_difference_of_two_equal_films_is_black(owner_page: Page, shot: Shot):
    open_room(owner_page, shot.address(shot.first, shot.second[0], view="overlap", frame=20))

    owner_page.get_by_role("button", name="Difference").click()
    picture = owner_page.locator(".compare-slot[data-slot=b] .compare-slot__picture")

    assert in_address(owner_page, "blend", "difference")
    # Photographs, since a film may say that it has arrived and leave another picture on screen, for good.
    assert wait_until(lambda: brightest(picture.screenshot()) < 40, seconds=5)


def brightest(photo: bytes) -> int:
    """Of the middle of a picture: its corners carry words."""
    picture = Image.open(io.BytesIO(photo)).convert("L")
    width, height = picture.size
    _, most = picture.crop((width // 4, height // 2, 3 * width // 4, height - 20)).getextrema()
    return int(most)


def test_four_takes_are_judged_with_three_presses(owner_page: Page, shot: Shot, four: list[str]):
    open_room(owner_page, shot.address(*four, view="grid"))

    owner_page.keyboard.press("2")
    owner_page.keyboard.press("p")
    expect(owner_page.locator("#takes [role=status]")).to_have_text("Take 2 is the pick.")
    owner_page.keyboard.press("b")
    expect(owner_page.locator("#takes [role=status]")).to_contain_text("Takes 1, 3 and 4 are in the bin")

    assert states(shot.studio, four) == [(False, True), (True, False), (False, True), (False, True)]
    expect(owner_page.locator(".take-mark__bin")).to_have_count(3)
    expect(owner_page.get_by_role("link", name="Go on with take 2")).to_be_visible()


def test_the_keys_are_taken_back_one_by_one_and_the_films_play_on(
    owner_page: Page, shot: Shot, four: list[str]
):
    open_room(owner_page, shot.address(*four, view="grid"))
    owner_page.evaluate("() => (document.querySelector('video[data-slot=a]').isTheSame = true)")
    said = owner_page.locator("#takes [role=status]")
    for key, words in (("3", ""), ("x", "Take 3 is in the bin"), ("1", ""), ("p", "Take 1 is the pick.")):
        owner_page.keyboard.press(key)
        if words:
            expect(said).to_contain_text(words)

    owner_page.keyboard.press("u")
    expect(owner_page.locator("#mark-a")).to_have_attribute("data-state", "kept")
    owner_page.keyboard.press("u")
    expect(owner_page.locator("#mark-c")).to_have_attribute("data-state", "kept")

    assert states(shot.studio, four) == [(False, False)] * 4
    assert owner_page.evaluate("() => document.querySelector('video[data-slot=a]').isTheSame")


def test_a_second_key_of_the_page_puts_nothing_in_the_bin(owner_page: Page, shot: Shot, four: list[str]):
    open_room(owner_page, shot.address(*four, view="grid"))
    owner_page.keyboard.press("p")
    expect(owner_page.locator("#takes [role=status]")).to_have_text("Take 2 is the pick.")

    owner_page.keyboard.press("g")
    owner_page.keyboard.press("b")
    owner_page.keyboard.press("Enter")

    expect(owner_page.locator("compare-room[data-large]")).to_be_visible()
    assert not any(is_binned for _, is_binned in states(shot.studio, four))


def test_undo_on_the_picture_brings_a_take_back(owner_page: Page, shot: Shot, four: list[str]):
    open_room(owner_page, shot.address(*four, view="grid"))
    owner_page.get_by_role("button", name="Put take 4 in the bin").click(force=True)

    owner_page.get_by_role("button", name="Undo, bring take 4 back").click()

    expect(owner_page.locator("#mark-d")).to_have_attribute("data-state", "kept")
    assert states(shot.studio, four)[3] == (False, False)


def test_another_clip_is_chosen_and_the_way_of_looking_stays(owner_page: Page, shot: Shot):
    open_room(owner_page, shot.address(shot.first, shot.second[0]))
    owner_page.get_by_role("link", name="Wipe").click()

    owner_page.locator("summary", has_text="v2, take 1").click()
    owner_page.get_by_role("link", name=re.compile("v2, take 2")).click()

    expect(owner_page.locator(".compare-slot[data-slot=b] summary")).to_contain_text("v2, take 2")
    assert parse_qs(urlsplit(owner_page.url).query)["view"] == ["wipe"]


def test_the_library_compares_two_to_four_ready_clips(owner_page: Page, shot: Shot, four: list[str]):
    owner_page.goto(f"{shot.studio.base_url}/library/")
    owner_page.evaluate("() => customElements.whenDefined('clip-grid').then(() => true)")
    link = owner_page.locator("[data-compare]")
    for take in four[:2]:
        owner_page.locator(f"#clip-{take} input[name=clip]").check(force=True)
        if take == four[0]:
            expect(link).to_have_text("Compare takes 2 to 4")
            expect(link).to_have_attribute("aria-disabled", "true")

    link.click()

    asked = parse_qs(urlsplit(owner_page.url).query)
    assert (asked["a"], asked["b"]) == ([four[0]], [four[1]])


def test_without_scripts_there_are_two_players_and_the_differences(
    open_page: Callable[..., Page], shot: Shot
):
    page = open_page(java_script_enabled=False)

    page.goto(shot.address(shot.first, shot.second[0], view="wipe"))

    expect(page.locator("video[controls]")).to_have_count(2)
    expect(page.locator("compare-transport")).to_be_hidden()
    expect(page.locator("del", has_text="quickly")).to_be_visible()


@pytest.mark.parametrize("view", ["side", "wipe", "overlap", "flip", "grid"])
def test_every_way_of_looking_fits_a_phone(open_page: Callable[..., Page], shot: Shot, view: str):
    page = open_page(**PHONE)

    open_room(page, shot.address(shot.first, *shot.second, view=view))

    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
