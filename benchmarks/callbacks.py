"""From a provider's callback to the changed card in an open page, with a simulated Apiframe.

python -m benchmarks.callbacks
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
from tests.simulators.process import SimulatorProcess

RUNS = 3
PAGE_INTERVAL_SECONDS = 2.0
CARDS = """
window.readyAt = [];
setInterval(() => {
  const ready = document.querySelectorAll('.task-card[data-status=succeeded]').length;
  while (window.readyAt.length < ready) window.readyAt.push(Date.now());
}, 20);
"""


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        SimulatorProcess("apiframe", Path(folder), speed=8) as provider,
    ):
        os.environ |= {
            "APIFRAME_API_KEY": provider.key,
            "APIFRAME_BASE_URL": provider.base_url,
            "STUDIO_ALLOW_PRIVATE_ADDRESSES": "1",
        }
        with studio("web", "worker") as running, sync_playwright() as playwright:
            path = os.environ.get("STUDIO_TEST_BROWSER") or shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
            context.add_cookies([{"name": "sessionid", "value": running.session, "url": running.url}])
            found = [_one(context.new_page(), running, Path(folder), index) for index in range(RUNS)]
            browser.close()
    stored, shown = [one[0] for one in found], [one[1] for one in found]
    show(
        Row(
            name="callback to our own copy, worst",
            value=round(max(stored), 2),
            unit="s",
            note="fetched, checked, stored",
        )
    )
    show(
        Row(
            name="our copy stored to card changed, worst",
            value=round(max(shown), 2),
            unit="s",
            limit=PAGE_INTERVAL_SECONDS + 0.5,
            note=f"median {statistics.median(shown):.2f} s; from the callback {max(map(sum, found)):.2f} s",
        )
    )


def _one(page: Page, running: Running, folder: Path, index: int) -> tuple[float, float]:
    """Seconds from the callback to the stored copy, and from there to the player in the page."""
    page.goto(running.url)
    if index == 0:
        picture = folder / "picture.png"
        Image.radial_gradient("L").resize((1280, 720)).convert("RGB").save(picture)
        with page.expect_file_chooser() as chooser:
            page.get_by_text("Add or drop").first.click()
        chooser.value.set_files([picture])
        page.locator('.reference-tile[data-state="ready"]').wait_for()
    page.locator("textarea").first.fill(f"Image 1 turns slowly, try {index + 1}.")
    page.get_by_role("radio", name="Apiframe").check(force=True)
    with page.expect_response("**/send/"):
        page.locator("button.button--spend:not([aria-disabled=true])").last.click()
    page.goto(f"{running.url}/works/")
    page.evaluate(CARDS)
    page.wait_for_function(f"window.readyAt.length > {index}", timeout=180_000)
    shown = float(page.evaluate("window.readyAt.at(-1)")) / 1000
    called_back, stored = _moments(running)
    page.close()
    return stored - called_back, shown - stored


def _moments(running: Running) -> tuple[float, float]:
    database = Path(running.environment["STUDIO_DATA_DIR"]) / "studio.sqlite3"
    with sqlite3.connect(database) as rows:
        called_back = rows.execute("SELECT max(callback_at) FROM studio_attempt").fetchone()[0]
        stored = rows.execute("SELECT max(finished_at) FROM studio_generationtask").fetchone()[0]
    return _seconds(called_back), _seconds(stored)


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


if __name__ == "__main__":
    main()
