"""The tray in a real browser: order, removal and undo, files that are dropped, where focus goes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.media_samples import Samples
from tests.e2e.pages import CreatePage
from tests.media import making

pytestmark = pytest.mark.browser


def labels(create: CreatePage) -> list[str]:
    return [tile.get_attribute("aria-label") or "" for tile in create.tiles.all()]


def test_space_and_arrows_reorder_the_tray_and_the_prompt_follows(create: CreatePage, samples: Samples):
    create.add(samples.lighthouse, samples.boat).say("Image 1 shines on Image 2")
    create.tiles.first.focus()

    for key in (" ", "ArrowRight", " "):
        create.page.keyboard.press(key)

    expect(create.prompt).to_have_value("Image 2 shines on Image 1")
    expect(create.tiles.first).to_have_attribute("aria-label", re.compile("Image 1, boat"))
    expect(create.page.locator("#tray-voice")).not_to_be_empty()

    create.page.get_by_role("button", name="Undo").click()
    expect(create.prompt).to_have_value("Image 1 shines on Image 2")


def test_escape_puts_a_lifted_reference_back(create: CreatePage, samples: Samples):
    create.add(samples.lighthouse, samples.boat)
    before = labels(create)
    create.tiles.first.focus()

    for key in (" ", "ArrowRight", "Escape"):
        create.page.keyboard.press(key)

    assert labels(create) == before


def test_references_are_reordered_by_dragging(create: CreatePage, samples: Samples):
    create.add(samples.lighthouse, samples.boat).say("Image 1 shines on Image 2")

    create.tiles.nth(1).locator("img").drag_to(create.tiles.first, target_position={"x": 10, "y": 40})

    expect(create.prompt).to_have_value("Image 2 shines on Image 1")


def test_undo_is_about_the_newest_change_alone(create: CreatePage, samples: Samples):
    create.add(samples.lighthouse, samples.boat)
    notes = create.page.locator("#tray-notes")
    create.page.get_by_role("button", name="Remove Image 1").click()
    expect(notes).to_contain_text("Removed Image 1")
    create.add(samples.lighthouse)
    expect(notes).not_to_contain_text("Removed Image 1")

    notes.get_by_role("button", name="Undo").click()

    expect(create.tiles).to_have_count(1)
    expect(create.tiles.first).to_have_attribute("aria-label", re.compile("Image 1, boat"))
    expect(notes.get_by_role("button", name="Undo")).to_have_count(0)


def test_a_file_can_be_dropped_anywhere_over_the_form(create: CreatePage, samples: Samples):
    drop(create.page, "#prompt-part", samples.boat)

    expect(create.tiles).to_have_count(1)
    expect(create.tiles.first).to_have_attribute("aria-label", re.compile("Image 1, boat, ready"))


def test_a_press_in_the_tray_leaves_focus_with_its_reference_or_the_tray(
    create: CreatePage, samples: Samples
):
    create.add(samples.lighthouse, samples.boat)
    tray = create.page.locator("#references")

    create.page.get_by_label("More for Image 2").press("Enter")
    create.page.get_by_role("button", name="Move earlier").press("Enter")
    expect(create.tiles.first).to_have_attribute("aria-label", re.compile("Image 1, boat"))
    expect(create.tiles.first).to_be_focused()

    create.page.get_by_role("button", name="Remove Image 1").press("Enter")
    expect(create.tiles).to_have_count(1)
    expect(tray).to_be_focused()

    create.page.get_by_role("button", name="Undo").press("Enter")
    expect(create.tiles).to_have_count(2)
    expect(tray).to_be_focused()


def test_focus_stays_where_a_file_of_the_library_went(create: CreatePage, samples: Samples):
    create.add(samples.lighthouse, samples.boat)
    create.page.get_by_role("button", name="Remove Image 2").click()
    expect(create.tiles).to_have_count(1)
    create.page.get_by_role("link", name="From the library").press("Enter")
    create.page.get_by_role("button", name="Use boat").first.press("Enter")

    expect(create.tiles).to_have_count(2)
    expect(create.page.locator("#references")).to_be_focused()


def test_focus_stays_in_the_well_that_was_emptied(create: CreatePage, samples: Samples):
    create.page.get_by_label("First frame, a picture").set_input_files(samples.lighthouse)
    create.page.get_by_role("button", name="Remove the first frame").press("Enter")

    expect(create.page.get_by_label("First frame, a picture")).to_be_focused()


def test_files_dropped_on_a_reference_join_it(create: CreatePage, samples: Samples, tmp_path: Path):
    create.add(samples.lighthouse)
    mast, sail = (
        making.picture(tmp_path / name, 700, 500, quality=at)
        for name, at in [("mast.jpg", 70), ("sail.jpg", 90)]
    )

    drop(create.page, "#references .reference-tile", samples.boat)
    expect(create.tiles).to_have_count(2)
    drop(create.page, "#references .reference-tile", mast, sail)
    expect(create.tiles).to_have_count(4)

    assert [re.split(", ", label)[1] for label in labels(create)] == ["lighthouse", "boat", "mast", "sail"]


def test_several_files_dropped_on_the_first_frame_go_to_the_tray(create: CreatePage, samples: Samples):
    drop(create.page, "#first_frame", samples.lighthouse, samples.boat)

    expect(create.tiles).to_have_count(2)
    expect(create.page.locator("#first_frame")).not_to_have_attribute("data-filled", "")


def drop(page: Page, selector: str, *paths: Path) -> None:
    """Drop files as the browser would, from their bytes."""
    transfer = page.evaluate_handle(
        """files => {
            const transfer = new DataTransfer();
            for (const [name, bytes] of files)
                transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "image/jpeg" }));
            return transfer;
        }""",
        [[path.name, list(path.read_bytes())] for path in paths],
    )
    for kind in ("dragover", "drop"):
        page.dispatch_event(selector, kind, {"dataTransfer": transfer})
