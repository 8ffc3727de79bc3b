"""The Create page as a person sees it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.studio_process import LiveStudio
from tests.waiting import wait_until

MADE_WITHIN = 120_000


class CreatePage:
    def __init__(self, page: Page, studio: LiveStudio) -> None:
        self.page = page
        self.studio = studio
        self._clips_before = 0

    def begin(self) -> CreatePage:
        """A new brief. One without words and files has no button for it, but may hold an earlier test's settings."""
        self.page.goto(f"{self.studio.base_url}/")
        with self.page.expect_navigation(url="**/create/*/"):
            self.page.locator("#new-brief").evaluate("form => form.requestSubmit()")
        self.count_clips()
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
        """Press once."""
        self.count_clips()
        self.page.get_by_role("button", name="Free draft").click()
        return self

    def watch(self) -> Locator:
        """Wait for the clip that was sent to become a player, play it, and make sure that time goes on."""
        assert wait_until(lambda: len(self.studio.task_ids()) > self._clips_before, seconds=30), (
            f"nothing was sent; {self._what_it_says()}"
        )
        video = self.page.locator(f'#works video[src*="{self.studio.task_ids()[-1]}"]')
        expect(video).to_be_visible(timeout=MADE_WITHIN)
        assert_it_plays(self.page, video)
        return video

    def _what_it_says(self) -> str:
        words = self.page.locator("#brief-saved, #send-held, #brief-problems").all_text_contents()
        return f"the page says {words} and the studio\n{self.studio.log[-2000:]}"

    def count_clips(self) -> None:
        """What is made from now on is what `watch` waits for."""
        self._clips_before = len(self.studio.task_ids())

    @property
    def tiles(self) -> Locator:
        return self.page.locator('#references .reference-tile:has(button[value^="remove"])')

    @property
    def prompt(self) -> Locator:
        return self.page.get_by_role("textbox", name="Prompt")


def assert_it_plays(page: Page, video: Locator) -> None:
    video.evaluate("film => { film.muted = true; return film.play(); }")
    page.wait_for_function("film => film.currentTime > 0.3", arg=video.element_handle(), timeout=15_000)
