"""The main job from an empty brief to a playing clip, each time another way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.media_samples import Samples
from tests.e2e.pages import CreatePage
from tests.e2e.studio_process import LiveStudio

pytestmark = pytest.mark.browser


def test_a_picture_and_a_sentence_become_a_clip_that_plays(
    owner_page: Page, live_studio: LiveStudio, samples: Samples
):
    create = CreatePage(owner_page, live_studio.base_url).begin()

    create.add(samples.lighthouse).say("Image 1 turns slowly in the fog").send_draft().watch()

    owner_page.goto(f"{live_studio.base_url}/library/")
    expect(owner_page.locator(".clip-tile").first).to_be_visible()
