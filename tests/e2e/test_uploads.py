"""Files on their way in, in a real browser: the server killed in the middle, and repairs from the drawer."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.media_samples import Samples
from tests.e2e.pages import CreatePage
from tests.e2e.studio_process import LiveStudio
from tests.media import making

pytestmark = pytest.mark.browser
UPLOAD = "input[name=files]"
MB = 1024 * 1024
IS_THERE = "() => Boolean(customElements.get('upload-area'))"


def open_files(page: Page, studio: LiveStudio) -> None:
    page.goto(f"{studio.base_url}/library/files/")
    page.wait_for_function(IS_THERE)


def test_an_upload_goes_on_by_itself_after_the_server_was_killed(
    owner_page: Page, live_studio: LiveStudio, tmp_path: Path
):
    film = making.padded_to(making.clip(tmp_path / "Long street.mp4", seconds=2), 40 * MB)
    parts = []

    def kill_after_the_second(route: Route) -> None:
        route.continue_()
        parts.append(route.request.headers["upload-offset"])
        if len(parts) == 3:
            live_studio.kill_web()

    open_files(owner_page, live_studio)
    owner_page.route(
        "**/uploads/*/",
        lambda route: kill_after_the_second(route) if route.request.method == "PATCH" else route.continue_(),
    )
    owner_page.set_input_files(UPLOAD, film)

    tile = owner_page.locator(".file-tile", has_text="Long street")
    expect(tile).to_be_visible(timeout=90_000)
    assert len(parts) > 5
    assert live_studio.rows("SELECT COUNT(*) FROM studio_libraryfile WHERE name = ?", "Long street") == [(1,)]


HAND_OVER = """([event, name, bytes]) => {
  const files = new DataTransfer();
  files.items.add(new File([Uint8Array.from(atob(bytes), (each) => each.charCodeAt(0))], name));
  const [kind, place] = event === "paste" ? [ClipboardEvent, "clipboardData"] : [DragEvent, "dataTransfer"];
  document.body.dispatchEvent(new kind(event, { [place]: files, bubbles: true, cancelable: true }));
}"""


@pytest.mark.parametrize("how", ["choose", "drop", "paste"])
def test_a_file_handed_over_before_the_upload_script_is_there_is_sent_once_it_is(
    owner_page: Page, live_studio: LiveStudio, samples: Samples, how: str
):
    create = CreatePage(owner_page, live_studio).begin()
    owner_page.wait_for_function(IS_THERE)  # or this page's own request would be the one that is held
    held: list[Route] = []
    owner_page.route("**/js/upload.*.js", lambda route: held.append(route))
    with owner_page.expect_request("**/js/upload.*.js"):
        owner_page.reload()
    if how == "choose":
        owner_page.get_by_label("Add reference files").set_input_files(samples.lighthouse)
    else:
        content = b64encode(samples.lighthouse.read_bytes()).decode()
        owner_page.evaluate(HAND_OVER, [how, samples.lighthouse.name, content])
    assert owner_page.evaluate(IS_THERE) is False

    held[0].continue_()

    expect(create.tiles).to_have_count(1, timeout=30_000)


def test_a_long_clip_is_trimmed_from_the_drawer(owner_page: Page, live_studio: LiveStudio, tmp_path: Path):
    making.clip(tmp_path / "Long ride.mp4", seconds=40)
    open_files(owner_page, live_studio)
    owner_page.set_input_files(UPLOAD, tmp_path / "Long ride.mp4")

    owner_page.locator(".file-tile", has_text="Long ride").get_by_role("link").click()
    owner_page.locator("#file-panel").get_by_role("link", name="Fix it for me").click()
    start = owner_page.get_by_role("slider", name="Start of the kept stretch")
    for _ in range(4):
        start.press("Shift+ArrowRight")
    expect(start).to_have_attribute("aria-valuetext", "0:04.0 of 0:40")
    owner_page.get_by_role("button", name="Use the fixed copy").click()

    expect(owner_page.locator(".fix-done")).to_contain_text("0:04 to 0:10", timeout=60_000)
    owner_page.get_by_role("link", name="Done").click()
    expect(owner_page.locator(".file-tile", has_text="Long ride, fixed")).to_contain_text("6 s of 40 s")
