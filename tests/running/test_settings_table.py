"""docs/settings.md names every variable that the settings read, and none that nobody reads."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READS = re.compile(r"""(?:\benv\.\w+|environ\.get|environ\.setdefault)\(\s*"([A-Z][A-Z0-9_]+)\"""")
READS_TWO = re.compile(r"""\benv\.account\("[A-Z_]+", "([A-Z_]+)"\)""")
ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]+)` \|", re.MULTILINE)
NOT_FOR_PEOPLE = {"DJANGO_SETTINGS_MODULE", "STUDIO_CRASH_AT"}


def variables_read() -> set[str]:
    sources = [path for folder in ("r2v_site", "studio") for path in (ROOT / folder).rglob("*.py")]
    texts = [path.read_text(encoding="utf-8") for path in sources]
    found = {name for text in texts for pattern in (READS, READS_TWO) for name in pattern.findall(text)}
    return found - NOT_FOR_PEOPLE


def test_the_table_and_the_settings_agree():
    documented = set(ROW.findall((ROOT / "docs" / "settings.md").read_text(encoding="utf-8")))

    assert documented == variables_read()


def test_the_example_file_names_only_what_exists():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    assert set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE)) <= variables_read()
