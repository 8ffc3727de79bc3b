"""The browser's rules for names are Python's rules: the same examples through both."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.conftest import OpenPage
from tests.e2e.studio_process import LiveStudio

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
EXAMPLES = json.loads((ROOT / "tests/create/mention_vectors.json").read_text())


def test_the_shared_examples_hold_in_the_browser(open_page: OpenPage, live_studio: LiveStudio):
    page = open_page(bypass_csp=True, is_signed_in=False)
    page.goto(f"{live_studio.base_url}/healthz")
    script = (ROOT / "static/js/mentions.js").read_text().replace("export ", "")
    page.add_script_tag(
        content=f"window.mentions = (() => {{ {script}; return {{ toStored, relabel }}; }})();"
    )

    found = page.evaluate(
        """examples => examples.map(({ text, before, after, gone }) => {
            const named = (pairs) => pairs.map(([key, kind]) => ({ key, kind }));
            return [
                mentions.toStored(text, named(before), named(gone)),
                mentions.relabel(text, named(before), named(after), named(gone)),
            ];
        })""",
        EXAMPLES,
    )

    assert found == [[example["stored"], example["relabelled"]] for example in EXAMPLES]
