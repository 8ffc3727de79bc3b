"""What every template and script owes to the strict Content Security Policy and to the sheet of icons."""

import re
from pathlib import Path

import pytest

from studio.templatetags import ui

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
FORBIDDEN = {
    "a style attribute": re.compile(r"\sstyle\s*="),
    "an inline style sheet": re.compile(r"<style\b"),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)"),
    "an inline handler": re.compile(r"\son[a-z]+\s*="),
    "hx-on, which needs eval": re.compile(r"\bhx-on\b"),
    "a trigger filter, which needs eval": re.compile(r'hx-trigger="[^"]*\['),
}
ICON = re.compile(r'{% icon "([\w-]+)"')
ICON_KIT = re.compile(r"{% icon_kit (.+?) %}")


def quoted(text: str) -> set[str]:
    return set(re.findall(r'"([\w-]+)"', text))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_needs_no_exception_in_the_policy(template: Path):
    text = template.read_text(encoding="utf-8")

    assert [name for name, pattern in FORBIDDEN.items() if pattern.search(text)] == []


def test_every_icon_named_on_a_page_has_a_drawing():
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES]
    named = {name for text in texts for name in ICON.findall(text)}
    named |= {name for text in texts for kit in ICON_KIT.findall(text) for name in quoted(kit)}

    assert named - ui.drawings().keys() == set()


def test_every_icon_that_a_script_shows_is_kept_for_it_in_a_template():
    texts = [path.read_text(encoding="utf-8") for path in SCRIPTS]
    shown = {name for text in texts if "icon.js" in text for name in quoted(text)} & ui.drawings().keys()
    kept = {
        name
        for path in TEMPLATES
        for kit in ICON_KIT.findall(path.read_text("utf-8"))
        for name in quoted(kit)
    }

    assert {"undo-2", "x", "upload"} <= shown
    assert shown - kept == set()


def test_the_sheet_holds_what_its_list_says():
    listed = (ROOT / "scripts" / "icons.txt").read_text(encoding="utf-8").splitlines()
    names = {line for line in listed if line and not line.startswith("#")}

    assert ui.drawings().keys() == names | {"logo"}
