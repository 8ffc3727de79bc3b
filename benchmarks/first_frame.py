"""From "our copy is stored" to the first frame in an open page: the page's own interval and no more.

python -m benchmarks.first_frame
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import statistics
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from benchmarks.rows import Row, show
from benchmarks.studio_server import Running, studio

RUNS = 3
PAGE_INTERVAL_SECONDS = 2.0
WATCH = """
window.firstFrames = {};
const seen = new WeakSet();
setInterval(() => document.querySelectorAll('video').forEach(video => {
  if (seen.has(video)) return;
  seen.add(video);
  video.requestVideoFrameCallback(() => { window.firstFrames[video.currentSrc] = Date.now(); });
}), 20);
"""


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        studio("web", "worker") as running,
        sync_playwright() as playwright,
    ):
        picture = Path(folder) / "picture.png"
        Image.radial_gradient("L").resize((1280, 720)).convert("RGB").save(picture)
        path = os.environ.get("STUDIO_TEST_BROWSER") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        # Waiting for a JavaScript condition needs eval, which the page itself forbids.
        context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
        context.add_cookies([{"name": "sessionid", "value": running.session, "url": running.url}])
        page = context.new_page()
        page.add_init_script(WATCH)
        waits = [_one(page, running, picture, index) for index in range(RUNS)]
        browser.close()
    limit = PAGE_INTERVAL_SECONDS + 0.5
    note = f"median of {RUNS}: {statistics.median(waits):.2f} s"
    show(
        Row(name="stored to first frame, worst", value=round(max(waits), 2), unit="s", limit=limit, note=note)
    )


def _one(page: Page, running: Running, picture: Path, index: int) -> float:
    """Make a draft in the page and return the seconds between its row and its first frame."""
    page.goto(running.url)
    if index == 0:
        with page.expect_file_chooser() as chooser:
            page.get_by_text("Add or drop").first.click()
        chooser.value.set_files([picture])
        page.locator('.reference-tile[data-state="ready"]').wait_for()
    page.locator("textarea").first.fill(f"Image 1 turns slowly, try {index + 1}.")
    before = len(page.evaluate("window.firstFrames"))
    page.get_by_role("button", name="Free draft (animatic)").click()
    page.wait_for_function(f"Object.keys(window.firstFrames).length > {before}", timeout=120_000)
    shown = max(page.evaluate("Object.values(window.firstFrames)")) / 1000
    return float(shown - _stored_at(running))


def _stored_at(running: Running) -> float:
    database = Path(running.environment["STUDIO_DATA_DIR"]) / "studio.sqlite3"
    with sqlite3.connect(database) as rows:
        (text,) = rows.execute("SELECT max(finished_at) FROM studio_generationtask").fetchone()
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


if __name__ == "__main__":
    main()
