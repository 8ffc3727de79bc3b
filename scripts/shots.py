"""Take the screenshots in docs/images, of a real studio with the demo in it: `python -m scripts.shots`."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.studio_server import ROOT, Running, manage, studio

IMAGES = ROOT / "docs" / "images"
DESKTOP, PHONE = (1440, 900), (390, 844)
SHOT, DRAWN_FRAME = "Morning stretch", 74


def main() -> None:
    with studio("web") as running, sync_playwright() as playwright:
        told = manage(running.environment, "demo")
        share = told.rpartition("clients: ")[2].strip()
        path = os.environ.get("STUDIO_TEST_BROWSER") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        _shoot(browser, running, share)
        browser.close()


def _shoot(browser: Browser, running: Running, share: str) -> None:
    page = _page(browser, running, DESKTOP, "dark")
    page.goto(f"{running.url}/projects/", wait_until="networkidle")
    page.locator("form[action*=switch] button").last.click()  # the demo's project, for every page below
    _keep(page, f"{running.url}/board/", "board-dark")
    _keep(page, f"{running.url}/library/", "history-dark")
    review = _review_of(page, running)
    _keep(page, f"{review}?frame={DRAWN_FRAME}", "review-dark")
    page.get_by_role("button", name="Remix").first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / "create-dark.png")
    for name, size, theme in (("create-light", DESKTOP, "light"), ("create-phone", PHONE, "dark")):
        _keep(_page(browser, running, size, theme), page.url, name)
    _keep(_page(browser, running, PHONE, "light", is_guest=True), share, "share-phone")


def _review_of(page: Page, running: Running) -> str:
    """The address of the newest version's first take."""
    page.goto(f"{running.url}/library/?q={SHOT}", wait_until="networkidle")
    link = page.locator("a[href^='/clips/']", has_text="take 1").first.get_attribute("href") or ""
    return f"{running.url}{link.replace('/clips/', '/review/')}"


def _keep(page: Page, address: str, name: str) -> None:
    page.goto(address, wait_until="networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")


def _page(
    browser: Browser, running: Running, size: tuple[int, int], theme: str, *, is_guest: bool = False
) -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    cookies = [{"name": "theme", "value": theme, "url": running.url}]
    if not is_guest:
        cookies.append({"name": "sessionid", "value": running.session, "url": running.url})
    context.add_cookies(cookies)  # type: ignore[arg-type]
    return context.new_page()


if __name__ == "__main__":
    main()
