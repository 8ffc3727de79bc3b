"""The main job from an empty brief to a playing clip, each time another way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.media_samples import Samples
from tests.e2e.pages import MADE_WITHIN, CreatePage, assert_it_plays
from tests.e2e.studio_process import LiveStudio
from tests.waiting import wait_until

pytestmark = pytest.mark.browser


def find_in_history(page: Page, studio: LiveStudio, words: str) -> None:
    page.goto(f"{studio.base_url}/library/?q={words}")
    expect(page.locator(".clip-tile").first).to_be_visible()
    expect(page.locator(".clip-tile").first).to_contain_text(re.compile(words, re.IGNORECASE))


def test_a_picture_and_a_sentence_become_a_clip_that_plays(
    owner_page: Page, live_studio: LiveStudio, samples: Samples
):
    create = CreatePage(owner_page, live_studio).begin()

    create.add(samples.lighthouse).say("Image 1 turns slowly in the fog").send_draft().watch()

    expect(
        owner_page.locator(".toast").filter(has_text="turns slowly in the fog, take 1 is ready")
    ).to_be_visible()
    find_in_history(owner_page, live_studio, "fog")


def test_a_clip_and_a_voice_are_seen_and_heard(owner_page: Page, live_studio: LiveStudio, samples: Samples):
    create = CreatePage(owner_page, live_studio).begin()

    create.add(samples.lighthouse, samples.clip)
    owner_page.get_by_label("Voice of Image 1, a sound").set_input_files(str(samples.voice))
    expect(owner_page.get_by_role("button", name="Remove the voice of Image 1")).to_be_visible()
    owner_page.get_by_label("First frame, a picture").set_input_files(str(samples.boat))
    expect(owner_page.get_by_role("button", name="Remove the first frame")).to_be_visible()
    create.say("Image 1 answers Video 1 across the harbour").send_draft()
    video = create.watch()

    owner_page.wait_for_function("film => film.webkitAudioDecodedByteCount > 0", arg=video.element_handle())
    find_in_history(owner_page, live_studio, "harbour")


def test_every_setting_arrives_in_the_clip(owner_page: Page, live_studio: LiveStudio, samples: Samples):
    create = CreatePage(owner_page, live_studio).begin()

    create.add(samples.lighthouse, samples.boat)
    owner_page.get_by_label("Name of the shot").fill("Evening crossing")
    create.say("Shot 1 [0-1s] Image 1 glows. Shot 2 [1-3s] Image 2 passes")
    owner_page.get_by_label("Keep out").fill("people")
    owner_page.get_by_label("Length").fill("3")
    owner_page.locator("label", has_text="9:16").click()
    owner_page.locator("label", has_text="1080P").click()
    owner_page.locator("label", has_text="Fixed").click()
    owner_page.get_by_label("The fixed number").fill("4711")
    create.send_draft()
    video = create.watch()

    assert video.evaluate("film => [film.videoWidth, film.videoHeight]") == [1080, 1920]
    assert video.evaluate("film => Math.round(film.duration)") == 3
    row = live_studio.rows(
        "SELECT s.title, v.negative_prompt, t.seed FROM studio_generationtask t"
        " JOIN studio_version v ON v.id = t.version_id JOIN studio_shot s ON s.id = v.shot_id ORDER BY t.id DESC"
    )[0]
    assert row == ("Evening crossing", "people", 4711)


def test_the_keyboard_alone_is_enough(owner_page: Page, live_studio: LiveStudio, samples: Samples):
    create = CreatePage(owner_page, live_studio).begin()
    create.add(samples.lighthouse)  # the file dialog is the browser's own

    create.prompt.focus()
    owner_page.keyboard.type("@")
    owner_page.keyboard.press("Enter")
    expect(create.prompt).to_have_value(re.compile("^Image 1 ?$"))
    owner_page.keyboard.type(" waits for the tide")
    send = owner_page.get_by_role("button", name="Free draft")
    for _ in range(80):
        owner_page.keyboard.press("Tab")
        if send.evaluate("button => button === document.activeElement"):
            break
    expect(send).to_be_focused()
    owner_page.keyboard.press("Enter")
    create.watch()

    assert (
        "waits for the tide"
        in live_studio.rows("SELECT prompt FROM studio_version ORDER BY created_at DESC")[0][0]
    )
    find_in_history(owner_page, live_studio, "tide")


def test_it_works_without_javascript(open_page: OpenPage, live_studio: LiveStudio, samples: Samples):
    page = open_page(java_script_enabled=False)
    page.goto(f"{live_studio.base_url}/")
    if page.get_by_role("button", name="New clip").count():
        page.get_by_role("button", name="New clip").first.click()

    page.get_by_label("Add reference files").set_input_files(str(samples.lighthouse))
    page.get_by_role("button", name="Add the chosen files").click()
    expect(page.get_by_role("button", name="Remove Image 1")).to_be_visible()
    page.get_by_role("textbox", name="Prompt").fill("Image 1 drifts without a script")
    page.get_by_role("button", name="Free draft").click()
    before = live_studio.task_statuses()
    assert wait_until(lambda: live_studio.task_statuses()[-1] == "succeeded", seconds=90), before

    page.goto(f"{live_studio.base_url}/library/")
    page.locator(".clip-tile a").first.click()
    expect(page.locator("video")).to_have_attribute("src", re.compile("/media/clips/"))
    expect(page.locator("main")).to_contain_text("drifts without a script")


def test_a_phone_is_wide_enough(open_page: OpenPage, live_studio: LiveStudio, samples: Samples):
    page = open_page(**PHONE)
    create = CreatePage(page, live_studio).begin()

    create.add(samples.lighthouse).say("Image 1 on a small screen").send_draft().watch()

    told = page.locator(".toast").filter(has_text="take 1 is ready")
    expect(told).to_be_visible()
    page.locator("#send-draft").click(trial=True, timeout=1_000)  # it does not lie over what comes next
    expect(told).to_be_visible()
    for path in ["/", "/library/", "/works/", "/library/files/", "/projects/", "/you/"]:
        page.goto(f"{live_studio.base_url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_a_reload_in_the_middle_loses_nothing(owner_page: Page, live_studio: LiveStudio, samples: Samples):
    create = CreatePage(owner_page, live_studio).begin()
    create.add(samples.lighthouse).say("Image 1 survives a reload")
    expect(owner_page.locator("#brief-saved")).to_contain_text("Saved")

    owner_page.reload()
    expect(create.prompt).to_have_value("Image 1 survives a reload")
    expect(create.tiles).to_have_count(1)
    create.send_draft()
    expect(owner_page.locator("#works .task-row, #works .task-card").first).to_be_visible()
    owner_page.reload()
    create.watch()


def test_a_worker_killed_in_the_middle_delays_the_clip_and_nothing_else(
    owner_page: Page, live_studio: LiveStudio, samples: Samples
):
    create = CreatePage(owner_page, live_studio).begin()
    create.add(samples.lighthouse).say("Image 1 outlives its worker")
    before = len(live_studio.task_statuses())
    create.send_draft()
    assert wait_until(
        lambda: live_studio.task_statuses()[before:] in (["running"], ["submitting"]), seconds=30
    )

    live_studio.kill_worker()

    assert wait_until(lambda: live_studio.task_statuses()[before:] == ["succeeded"], seconds=120)
    create.watch()
    assert live_studio.rows("SELECT count(*) FROM studio_attempt GROUP BY task_id ORDER BY task_id DESC")[
        0
    ] == (1,)
    assert "broken" not in live_studio.manage("check_invariants")


def test_a_double_press_makes_one_clip(owner_page: Page, live_studio: LiveStudio, samples: Samples):
    create = CreatePage(owner_page, live_studio).begin()
    create.add(samples.lighthouse).say("Image 1 is asked for twice")
    before = len(live_studio.task_ids())
    create.count_clips()

    owner_page.get_by_role("button", name="Free draft").dblclick()
    create.watch()

    assert len(live_studio.task_ids()) == before + 1


def test_the_first_minutes_end_with_a_sample_that_plays(fresh_studio: LiveStudio, open_page: OpenPage):
    page = open_page(is_signed_in=False, viewport={"width": 1440, "height": 900})
    page.goto(fresh_studio.owner_link)
    page.get_by_label("Name of the studio").fill("Kestrel & Wren")
    page.get_by_label("Your name").fill("Mara Lindqvist")
    page.get_by_label("E-mail").fill("mara@kestrel.example")
    page.get_by_label("Password", exact=True).fill("slow dandelion breakfast")
    expect(page.get_by_text("Strong: 24 characters, three words")).to_be_visible()

    page.get_by_role("button", name="Create the studio").click()
    page.get_by_role("button", name="Make the sample draft").click()

    video = page.locator("#works video").first
    expect(video).to_be_visible(timeout=MADE_WITHIN)
    assert_it_plays(page, video)
