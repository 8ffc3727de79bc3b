"""What every template and script owes to the strict Content Security Policy and to the icon sprite."""

import re
from pathlib import Path

import pytest

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
ICON_CALL = re.compile(r'\bicon\("([\w-]+)"\)')


def sprite_ids() -> set[str]:
    sprite = (ROOT / "static" / "icons.svg").read_text(encoding="utf-8")
    return set(re.findall(r'<symbol id="([\w-]+)"', sprite))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_needs_no_exception_in_the_policy(template: Path):
    text = template.read_text(encoding="utf-8")

    assert [name for name, pattern in FORBIDDEN.items() if pattern.search(text)] == []


def test_every_icon_named_on_a_page_is_in_the_sprite():
    named = {name for path in TEMPLATES for name in ICON.findall(path.read_text(encoding="utf-8"))}
    named |= {name for path in SCRIPTS for name in ICON_CALL.findall(path.read_text(encoding="utf-8"))}

    assert named - sprite_ids() == set()


def test_the_sprite_holds_what_its_list_says():
    listed = (ROOT / "scripts" / "icons.txt").read_text(encoding="utf-8").splitlines()
    names = {line for line in listed if line and not line.startswith("#")}

    assert sprite_ids() == names | {"logo"}
