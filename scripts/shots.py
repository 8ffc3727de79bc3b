"""Take the screenshots in docs/images, of a real studio with sample pictures: `python -m scripts.shots`.

The pictures come with scikit-image, a development dependency; the product ships none of them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.studio_server import ROOT, Running, studio

IMAGES = ROOT / "docs" / "images"
SAMPLES = ("astronaut", "chelsea", "coffee", "rocket")
CLIPS = (
    ("Night launch", "16:9", ["rocket", "astronaut"], "Image 1 waits in the dawn while Image 2 counts down."),
    ("The cat at noon", "1:1", ["chelsea"], "Image 1 opens one eye, slowly, and closes it again."),
    (
        "Steam over the counter",
        "4:3",
        ["coffee", "chelsea"],
        "Image 1 steams. Image 2 would rather have milk.",
    ),
    ("Portrait, slow turn", "3:4", ["astronaut"], "Image 1 turns towards the window and smiles."),
)
DRAFT_SECONDS = 90


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        studio("web", "worker") as running,
        sync_playwright() as playwright,
    ):
        pictures = _pictures(Path(folder))
        path = os.environ.get("STUDIO_TEST_BROWSER") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = _page(browser, running, 1440, 900, "dark")
        for clip in CLIPS:
            _make(page, running, pictures, *clip)
        _shoot(browser, running)
        browser.close()


def _make(
    page: Page,
    running: Running,
    pictures: dict[str, Path],
    title: str,
    ratio: str,
    names: list[str],
    prompt: str,
) -> None:
    """Fill in the form as a person does and wait until the draft plays."""
    page.goto(running.url)
    if page.get_by_role("button", name="New clip").count():
        page.get_by_role("button", name="New clip").click()
        expect(page.locator(".reference-tile[data-state=ready]")).to_have_count(0)
    with page.expect_file_chooser() as chooser:
        page.get_by_text("Add or drop").first.click()
    chooser.value.set_files([pictures[name] for name in names])
    expect(page.locator(".reference-tile[data-state=ready]")).to_have_count(len(names))
    page.get_by_label("Name of the shot").fill(title)
    page.locator("textarea").first.fill(prompt)
    page.locator("label", has_text=ratio).first.click()
    page.get_by_role("button", name="Free draft (animatic)").click()
    page.goto(f"{running.url}/works/")
    card = page.locator(".task-card[data-status=succeeded]", has_text=title)
    expect(card).to_be_visible(timeout=DRAFT_SECONDS * 1000)


def _shoot(browser: Browser, running: Running) -> None:
    for name, address, width, height, theme in (
        ("create-dark", "/", 1440, 900, "dark"),
        ("create-light", "/", 1440, 900, "light"),
        ("history-dark", "/library/", 1440, 900, "dark"),
        ("create-phone", "/", 390, 844, "dark"),
    ):
        page = _page(browser, running, width, height, theme)
        page.goto(running.url + address, wait_until="networkidle")
        page.screenshot(path=IMAGES / f"{name}.png")
        page.context.close()


def _page(browser: Browser, running: Running, width: int, height: int, theme: str) -> Page:
    context = browser.new_context(viewport={"width": width, "height": height})
    context.add_cookies(
        [
            {"name": "sessionid", "value": running.session, "url": running.url},
            {"name": "theme", "value": theme, "url": running.url},
        ]
    )
    return context.new_page()


def _pictures(folder: Path) -> dict[str, Path]:
    from skimage import data

    paths = {}
    for name in SAMPLES:
        paths[name] = folder / f"{name}.png"
        picture = Image.fromarray(getattr(data, name)())
        picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.LANCZOS).save(paths[name])
    return paths


if __name__ == "__main__":
    main()
