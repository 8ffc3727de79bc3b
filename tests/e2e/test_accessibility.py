"""axe finds nothing serious on any page, in the dark, in the light and as narrow as a phone."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.site import KINDS, TROUBLED, Kind, TroubledStudio, address
from tests.e2e.studio_process import LiveStudio

# All in one process: the studios that have every page are filled once.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("accessibility")]
type Rules = dict[str, Any]
AXE = AXE_FILE_PATH.read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERY_RULE: Rules = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
ABOUT_COLOURS = ["color-contrast", "link-in-text-block"]
RULES_ABOUT_COLOURS: Rules = {
    "runOnly": {"type": "rule", "values": ABOUT_COLOURS},
    "resultTypes": ["violations"],
}
SERIOUS = {"serious", "critical"}
DESKTOP = {"width": 1440, "height": 900}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_page_has_nothing_serious(filled_studio: LiveStudio, open_page: OpenPage, kind: Kind):
    look_at = partial(open_page, is_signed_in=kind.is_signed_in)

    found = problems_in_every_look(look_at, address(filled_studio, kind))

    assert not found, "\n".join(found)


@pytest.mark.parametrize("kind", TROUBLED, ids=lambda kind: kind.name)
def test_a_page_with_troubles_has_nothing_serious(
    troubled_studio: TroubledStudio, open_page: OpenPage, kind: Kind
):
    look_at = partial(open_page, is_signed_in=False, storage_state=troubled_studio.cookies)

    found = problems_in_every_look(look_at, troubled_studio.address(kind))

    assert not found, "\n".join(found)


def problems_in_every_look(look_at: OpenPage, url: str) -> list[str]:
    """In the dark; in the light, where nothing but the colours is another; and narrow, in the light still."""
    page = look_at(reduced_motion="reduce", color_scheme="dark", viewport=DESKTOP)
    page.goto(url)
    page.wait_for_load_state("load")
    found = [f"dark: {problem}" for problem in serious_problems(page)]
    page.emulate_media(color_scheme="light")
    found += [f"light: {problem}" for problem in serious_problems(page, RULES_ABOUT_COLOURS)]
    page.set_viewport_size(PHONE["viewport"])
    return found + [f"phone: {problem}" for problem in serious_problems(page)]


def serious_problems(page: Page, rules: Rules = EVERY_RULE) -> list[str]:
    """One line for each thing that axe calls serious or critical."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", rules)
    return [
        f"{violation['id']}: {node['html'][:160]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for violation in result["violations"]
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]
