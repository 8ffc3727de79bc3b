"""The Create page as a person sees it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

MADE_WITHIN = 120_000


class CreatePage:
    def __init__(self, page: Page, base_url: str) -> None:
        self.page = page
        self.base_url = base_url

    def begin(self) -> CreatePage:
        """A new, empty brief."""
        self.page.goto(f"{self.base_url}/")
        new = self.page.get_by_role("button", name="New clip")
        if new.count():
            new.first.click()
            expect(self.page.locator(".reference-tile")).to_have_count(0)
        return self

    def add(self, *files: Path) -> CreatePage:
        """Choose files for the tray, and wait until each has its place."""
        before = self.tiles.count()
        self.page.get_by_label("Add reference files").set_input_files([str(file) for file in files])
        expect(self.tiles).to_have_count(before + len(files), timeout=30_000)
        return self

    def say(self, prompt: str) -> CreatePage:
        self.prompt.fill(prompt)
        return self

    def send_draft(self) -> CreatePage:
        """Press, and wait until the clip is in the works."""
        self.page.get_by_role("button", name="Free draft").click()
        return self

    def watch(self) -> Locator:
        """Wait for the finished clip, play it, and make sure that time goes on."""
        video = self.page.locator("#works video").first
        expect(video).to_be_visible(timeout=MADE_WITHIN)
        assert_it_plays(self.page, video)
        return video

    @property
    def tiles(self) -> Locator:
        return self.page.locator("#references .reference-tile")

    @property
    def prompt(self) -> Locator:
        return self.page.get_by_role("textbox", name="Prompt")


def assert_it_plays(page: Page, video: Locator) -> None:
    video.evaluate("film => { film.muted = true; return film.play(); }")
    page.wait_for_function("film => film.currentTime > 0.3", arg=video.element_handle(), timeout=15_000)
